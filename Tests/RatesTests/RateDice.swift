import Calls
import TestSupport
import Units

/// Seeded cards and calls, so that a property is asked of many.
struct RateDice {
  private var numbers: Seeded

  /// Seeds beside each other give sequences that have nothing to do with each other.
  init(seed: UInt64) { numbers = Seeded((seed &* 0xD134_2543_DE82_EF95) ^ (seed << 40)) }

  mutating func next() -> UInt64 { numbers.next() }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var elements = elements
    for place in elements.indices.dropFirst() { elements.swapAt(place, below(place + 1)) }
    return elements
  }

  static let meters: [Meter] = [
    .input, .cacheRead, .cacheWrite5m, .cacheWrite1h, .output, .reasoning, .inputAudio, .images, .audioSeconds,
  ]

  /// A price of 0.0001 to 100 dollars, with up to five places.
  mutating func dollars() -> String {
    DecimalText.plain(Int128(max(10, 1 + below(9_999))), decimals: 2 + below(4))
  }

  /// `"rates":{…}` of all meters, by the million tokens, the image and the hour.
  mutating func rates() -> String {
    let tokens = Self.meters.filter { $0.unit == .token }.map { "\"\($0.name)\":\"\(dollars())\"" }
    let others = [
      #""images":{"usd":"\#(dollars())","per":"1 image"}"#,
      #""audio_seconds":{"usd":"\#(dollars())","per":"1 hour"}"#,
    ]
    return #""rates":{\#((tokens + others).joined(separator: ","))}"#
  }

  /// A card from that day, with a band when asked for.
  mutating func card(from day: Day, over: Int? = nil, tier: String? = nil) -> String {
    let when = tier.map { #""when":{"tier":"\#($0)"},"# } ?? ""
    let bands = over.map { #","bands":[{"over":\#($0),\#(rates())}]"# } ?? ""
    return #"{"from":"\#(day)",\#(when)"per":"1M tokens",\#(rates())\#(bands)}"#
  }

  /// Quantities of some meters: tokens below `bound`, images and seconds so few that no call costs too much.
  mutating func usage(below bound: Int) -> Usage {
    var usage = Usage()
    for meter in Self.meters where below(3) > 0 {
      usage[meter] = meter.unit == .token ? Int64(below(bound)) : Int64(below(50)) * meter.unit.parts
    }
    return usage
  }
}
