/// The natural logarithm, the same to the last bit on every machine.
///
/// A C library picks its logarithm by the processor it finds, and the last bit with it; a replay elsewhere could
/// then open another incident. This one uses only +, -, × and ÷, which IEEE 754 fixes.
/// Right to about 1e-15 of the result, or of 1 where that is more.
enum Logarithm {
  private static let ln2High = 0x1.62e42fefa3800p-1
  private static let ln2Low = 0x1.ef35793c76730p-45

  /// ln x, of a finite x above nought.
  @inline(__always) static func natural(_ x: Double) -> Double {
    guard x >= .leastNormalMagnitude else { return natural(x * 0x1p54) - 54 * (ln2High + ln2Low) }
    var exponent = Int64(bitPattern: x.bitPattern >> 52) - 1023
    var fraction = Double(bitPattern: x.bitPattern & 0x000f_ffff_ffff_ffff | 0x3ff0_0000_0000_0000)
    if fraction > 1.414_213_562_373_095_1 {
      fraction *= 0.5
      exponent += 1
    }
    let power = Double(exponent)
    return power * ln2High + (doubleArtanh((fraction - 1) / (fraction + 1)) + power * ln2Low)
  }

  /// ln(1 + x), of a finite x from nought on; does not lose a small x beside the 1.
  @inline(__always) static func onePlus(_ x: Double) -> Double {
    x < 0.4 ? doubleArtanh(x / (2 + x)) : natural(1 + x)
  }

  /// 2·artanh f = ln((1 + f)/(1 - f)), of |f| ≤ 0.172 by eleven terms of its series.
  @inline(__always) private static func doubleArtanh(_ f: Double) -> Double {
    let s = f * f
    var sum = 1.0 / 21
    sum = sum * s + 1.0 / 19
    sum = sum * s + 1.0 / 17
    sum = sum * s + 1.0 / 15
    sum = sum * s + 1.0 / 13
    sum = sum * s + 1.0 / 11
    sum = sum * s + 1.0 / 9
    sum = sum * s + 1.0 / 7
    sum = sum * s + 1.0 / 5
    sum = sum * s + 1.0 / 3
    return 2 * f * (sum * s + 1)
  }
}
