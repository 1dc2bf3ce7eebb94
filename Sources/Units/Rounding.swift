/// How an exact quotient becomes a whole number of nanodollars.
package enum Rounding: String, Hashable, Sendable, CaseIterable {
  /// To the nearest, ties to the even neighbour. Ours, where an issuer states no rule.
  case halfEven = "half_even"
  /// Away from zero on any remainder. Hugging Face's rule for fractions of a nanodollar
  /// (hub-docs, "Register as an Inference Provider", read 2026-08-22).
  case up
  /// To the nearest, ties away from zero.
  case halfUp = "half_up"

  /// `value / divisor`, rounded by this rule.
  ///
  /// `divisor` is positive.
  package func divide(_ value: Int128, by divisor: Int128) -> Int128 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    guard remainder != 0 else { return quotient }
    let away: Int128 = value < 0 ? -1 : 1
    let twice = 2 * remainder.magnitude
    let half = divisor.magnitude
    let goesAway =
      switch self {
      case .up: true
      case .halfUp: twice >= half
      case .halfEven: twice > half || (twice == half && quotient % 2 != 0)
      }
    return goesAway ? quotient + away : quotient
  }
}
