import Foundation

/// Seeded chance: the same seed gives the same series.
struct SeededDice {
  private var state: UInt64
  private var spare: Double?

  /// Neighbouring seeds and streams have nothing to do with each other.
  init(seed: UInt64, stream: UInt64) {
    state = seed &* 0xD134_2543_DE82_EF95 ^ (stream &+ 1) &* 0x2545_F491_4F6C_DD1D
    _ = word()
    _ = word()
  }

  /// SplitMix64.
  private mutating func word() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// From 0 up to, and without, 1.
  mutating func part() -> Double { Double(word() >> 11) * 0x1p-53 }

  mutating func uniform(_ from: Double, _ to: Double) -> Double { from + (to - from) * part() }

  mutating func below(_ from: Int, _ to: Int) -> Int { from + Int(word() % UInt64(to - from)) }

  /// Standard normal, by Box and Muller.
  mutating func normal() -> Double {
    if let number = spare {
      spare = nil
      return number
    }
    let radius = (-2 * log(1 - part())).squareRoot()
    let angle = 2 * Double.pi * part()
    spare = radius * sin(angle)
    return radius * cos(angle)
  }

  /// Poisson of a mean; beyond 60 by the normal that it is near to.
  mutating func poisson(_ mean: Double) -> Int {
    guard mean > 0 else { return 0 }
    guard mean < 60 else { return max(0, Int((mean + mean.squareRoot() * normal()).rounded())) }
    let least = exp(-mean)
    var product = part()
    var count = 0
    while product > least {
      product *= part()
      count += 1
    }
    return count
  }
}
