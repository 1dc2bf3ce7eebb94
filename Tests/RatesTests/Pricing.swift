import Calls
import Rates
import Testing
import Units

/// Prices a line by cards written beside it, so that a test reads like a bill.
struct Pricing {
  let book: RateBook

  /// Reads price files, given by name and text.
  init(_ files: [(name: String, text: String)]) throws {
    var reader = RateFileReader(digest: { "digest of \($0.utf8.count) bytes" })
    for file in files { reader.read(file.text, file: file.name) }
    book = try reader.book(origin: "test")
  }

  /// One issuer's direct cards: `models` is the JSON of its models.
  init(acme models: String, heading: String = "") throws {
    try self.init([
      (
        "acme.json",
        #"{"issuer":"acme",\#(heading)"source":"acme.example/pricing","read_on":"2026-03-01","models":[\#(models)]}"#
      )
    ])
  }

  /// `exact 0.007200000` of a line: state and amount, or the reason why there is none.
  func of(_ line: String) -> String {
    let (charge, _) = charge(line)
    guard let charge else { return "no call" }
    switch charge.state {
    case .exact: return "exact \(charge.amount)"
    case .partial(let missing):
      let names = Meter.allCases.filter { missing & (1 << UInt32($0.rawValue)) != 0 }.map(\.name)
      return "partial \(charge.amount) without \(names.joined(separator: ","))"
    case .unpriced(let reason): return "unpriced \(reason.name)"
    }
  }

  /// The charge of a line, and that of the provider's direct card where it was routed.
  func charge(_ line: String) -> (billed: Charge?, direct: Charge?) {
    var decoder = CallDecoder()
    let bytes = Array(line.utf8) + [UInt8](repeating: 0, count: 32)
    let decoded = bytes.withUnsafeBufferPointer {
      decoder.decode(
        UnsafeBufferPointer(rebasing: $0[..<(bytes.count - 32)]),
        arrival: Timestamp(microseconds: 1_790_848_800_000_000), defaults: .none)
    }
    guard case .call(var call) = decoded else { return (nil, nil) }
    let subject = book.completed(decoder.subjects.subjects[Int(call.subject)]).subject
    let found = book.resolve(subject, at: call.at)
    guard let card = found.card else { return (.unpriced(found.reason ?? .noCardInForce), nil) }
    if let usage = card.billedUsage(of: call) { call.usage = usage }
    return (card.charge(call), found.direct?.charge(call))
  }
}
