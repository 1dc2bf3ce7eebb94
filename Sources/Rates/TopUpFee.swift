import Units

/// What an issuer charges for buying credit: a share of the credit, and at least a minimum.
///
/// It comes on top of the credit: 100 dollars of credit at 5.5 % cost 105.50.
package struct TopUpFee: Hashable, Sendable, DatedTerm {
  /// Who charges it: canonical in a ``RateBook``.
  package internal(set) var issuer: String
  /// As its file states it: `0.055`.
  package let times: String
  /// The share of the credit in millionths.
  let millionths: Int64
  /// The least that is charged, where anything is bought.
  package let minimum: Amount
  package let from: Day
  package internal(set) var until: Day?
  package let source: String
  package let readOn: Day
  package let file: String
  let line: Int

  /// What is charged for: there is no other occasion yet.
  enum Occasion: String, CaseIterable { case topUp = "top_up" }

  package func holds(on day: Day) -> Bool { from <= day && until.map { day < $0 } ?? true }

  /// The fee on a purchase of `credit`.
  ///
  /// Rounds half up to the cent, once, because a card is charged whole cents; the sources state no
  /// rule. Credit is nought or more.
  package func of(_ credit: Amount) -> Amount {
    precondition(credit >= .zero, "credit that is bought is nought or more")
    let share = Int128(credit.nanos) * Int128(millionths)
    let cents = Rounding.halfUp.divide(share, by: 1_000_000 * Int128(Self.nanosPerCent))
    // The share is at most the credit, and half a cent more at the most.
    let fee = Amount(nanos: Int64(clamping: cents * Int128(Self.nanosPerCent)))
    return max(fee, minimum)
  }

  private static let nanosPerCent: Int64 = 10_000_000
}

extension RateBook {
  /// The fee that an issuer charges on buying credit on a day; nil when none is known.
  package func topUpFee(of issuer: String, on day: Day) -> TopUpFee? {
    let name = canonical(issuer)
    return fees.first { $0.issuer == name && $0.holds(on: day) }
  }
}
