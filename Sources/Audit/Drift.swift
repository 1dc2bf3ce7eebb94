import Calls
import Rates
import Units

/// What providers said calls cost, against what was booked: two facts, side by side.
///
/// A drift is a card that is out of date, usage that the line leaves out, or a statement in other money than it
/// seems. Only calls whose line states a cost are in it.
package struct Drift: Sendable {
  package let span: Span
  package let zone: String
  /// The largest difference first.
  package let rows: [Row]
  package let total: Sums

  /// What one issuer said of one model of one provider.
  package struct Row: Sendable {
    package let issuer: String
    package let provider: String
    package let model: String
    package let sums: Sums
  }

  package struct Sums: Sendable {
    /// Calls that were priced and stated.
    package fileprivate(set) var calls: Int64 = 0
    /// Of those, calls where both are the same nanodollar.
    package fileprivate(set) var agreeing: Int64 = 0
    /// Nanodollars.
    package fileprivate(set) var booked: Int128 = 0
    /// 1e-15 USD.
    package fileprivate(set) var stated: Int128 = 0
    /// Calls that have no price here, and what was stated of them, in 1e-15 USD.
    package fileprivate(set) var unpricedCalls: Int64 = 0
    package fileprivate(set) var unpricedStated: Int128 = 0
    /// Calls whose statement is no number of dollars that can be held: counted, and in no sum.
    package fileprivate(set) var unreadable: Int64 = 0

    /// Booked less stated, in 1e-15 USD.
    package var difference: Int128 { booked * RateTable.femtosPerNano - stated }

    /// ``difference`` in percent of what was stated, two decimals, half to even; nil where that is nought.
    package var percent: String? {
      guard stated > 0 else { return nil }
      return DecimalText.fixed(Rounding.halfEven.divide(difference * 10_000, by: stated), decimals: 2)
    }
  }
}

/// Gathers a ``Drift`` call by call.
package struct DriftTally {
  private struct Key: Hashable {
    let issuer: String
    let provider: String
    let model: String
  }

  private var sums: [Key: Drift.Sums] = [:]

  /// A statement beyond it is no price of a call: a million dollars, in 1e-15 USD.
  private static let statementMax: Int128 = 1_000_000 * DecimalText.powerOfTen(15)

  package init() {}

  /// Adds one row of the ledger.
  ///
  /// `cost` is nil for a call without a price. A stream's later row gives what was stated `before` and what its
  /// earlier rows had booked, so that the call is in the sums once and whole.
  package mutating func add(
    _ subject: Subject, cost: Int64?, stated: String, before: String?, bookedBefore: Int64?
  ) {
    let key = Key(issuer: subject.issuer, provider: subject.provider, model: subject.model)
    var row = sums[key] ?? Drift.Sums()
    defer { sums[key] = row }
    guard let whole = Self.femtos(stated) else {
      row.unreadable += 1
      return
    }
    let earlier = before.flatMap(Self.femtos)
    guard let cost else {
      row.unpricedCalls += earlier == nil ? 1 : 0
      row.unpricedStated += whole - (earlier ?? 0)
      return
    }
    let before = Int128(bookedBefore ?? 0)
    let booked = before + Int128(cost)
    row.calls += earlier == nil ? 1 : 0
    row.booked += earlier == nil ? booked : Int128(cost)
    row.stated += whole - (earlier ?? 0)
    row.agreeing += Self.agrees(booked, whole) - (earlier.map { Self.agrees(before, $0) } ?? 0)
  }

  /// 1 where an amount in nanodollars and one in 1e-15 USD differ by less than a nanodollar, else 0.
  private static func agrees(_ booked: Int128, _ stated: Int128) -> Int64 {
    abs(booked * RateTable.femtosPerNano - stated) < RateTable.femtosPerNano ? 1 : 0
  }

  /// A statement in 1e-15 USD, finer digits rounded half to even; nil when it cannot be held.
  private static func femtos(_ text: String) -> Int128? {
    guard let number = DecimalLiteral(text) else { return nil }
    let rounded = number.rounded(digits: DecimalLiteral.digitsMax, decimals: 15)
    guard let femtos = rounded.scaled(decimals: 15), femtos >= 0, femtos <= statementMax else { return nil }
    return femtos
  }

  package func drift(span: Span, zone: String) -> Drift {
    let rows = sums.map { key, sums in
      Drift.Row(issuer: key.issuer, provider: key.provider, model: key.model, sums: sums)
    }
    .sorted { a, b in
      let (one, other) = (abs(a.sums.difference), abs(b.sums.difference))
      return one != other ? one > other : (a.issuer, a.provider, a.model) < (b.issuer, b.provider, b.model)
    }
    var total = Drift.Sums()
    for row in rows {
      total.calls += row.sums.calls
      total.agreeing += row.sums.agreeing
      total.booked += row.sums.booked
      total.stated += row.sums.stated
      total.unpricedCalls += row.sums.unpricedCalls
      total.unpricedStated += row.sums.unpricedStated
      total.unreadable += row.sums.unreadable
    }
    return Drift(span: span, zone: zone, rows: rows, total: total)
  }
}

extension Drift {
  /// The drift as `drift --json` promises it; docs/cli.md names each member.
  package func json(from: String, to: String) -> String {
    JSONText.object([
      ("from", JSONText.quoted(from)), ("to", JSONText.quoted(to)), ("zone", JSONText.quoted(zone)),
      ("currency", JSONText.quoted("USD")),
      (
        "rows",
        JSONText.array(
          rows.map { row in
            JSONText.object(
              [
                ("issuer", JSONText.quoted(row.issuer)), ("provider", JSONText.quoted(row.provider)),
                ("model", JSONText.quoted(row.model)),
              ] + row.sums.members)
          })
      ), ("total", JSONText.object(total.members)),
    ])
  }
}

extension Drift.Sums {
  fileprivate var members: [(name: String, json: String)] {
    [
      ("calls", "\(calls)"), ("agreeing", "\(agreeing)"), ("booked", JSONText.quoted(bookedText)),
      ("stated", JSONText.quoted(statedText)), ("difference", JSONText.quoted(differenceText)),
      ("difference_percent", JSONText.optional(percent)), ("unpriced", "\(unpricedCalls)"),
      ("unpriced_stated", JSONText.quoted(ExactMoney(unpricedStated, over: 1).text)),
      ("unreadable", "\(unreadable)"),
    ]
  }

  package var bookedText: String { DecimalText.fixed(booked, decimals: 9) }
  package var statedText: String { ExactMoney(stated, over: 1).text }
  package var differenceText: String { ExactMoney(difference, over: 1).text }
}
