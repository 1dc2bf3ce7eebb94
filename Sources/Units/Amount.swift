/// A sum of money in US dollars, exact to a billionth.
///
/// Unit: nanodollars (1e-9 USD), the unit in which Hugging Face settles. `Int64` holds ±9.2 billion
/// dollars; arithmetic that leaves the range traps, and every door that takes numbers from outside
/// keeps far below it.
package struct Amount: Hashable, Comparable, Sendable {
  package let nanos: Int64

  @inlinable package init(nanos: Int64) { self.nanos = nanos }

  package static let zero = Amount(nanos: 0)

  @inlinable package static func < (a: Amount, b: Amount) -> Bool { a.nanos < b.nanos }
  @inlinable package static func + (a: Amount, b: Amount) -> Amount {
    Amount(nanos: a.nanos + b.nanos)
  }
  @inlinable package static func - (a: Amount, b: Amount) -> Amount {
    Amount(nanos: a.nanos - b.nanos)
  }
  @inlinable package static prefix func - (a: Amount) -> Amount { Amount(nanos: -a.nanos) }
  @inlinable package static func += (a: inout Amount, b: Amount) { a = a + b }
}

extension Amount: CustomStringConvertible {
  /// `0.007200000`: nine decimals always, so that columns line up and checkers see every nano.
  package var description: String { DecimalText.fixed(Int128(nanos), decimals: 9) }

  /// Reads plain decimal dollars, such as `0.0072` or `-3`, of at most nine decimals.
  ///
  /// - Throws: ``DecimalFault`` when the text is no plain decimal, too fine, or out of range.
  package init(dollars text: String) throws(DecimalFault) {
    let value = try DecimalText.scaled(text, decimals: 9)
    guard let nanos = Int64(exactly: value) else { throw .outOfRange(text) }
    self.init(nanos: nanos)
  }
}
