import Audit
import Books
import Calls
import Rates
import Units

extension LedgerReader {
  /// Hands the calls that decide over a month's free units to `units`, by their instants.
  ///
  /// Each at its price in effect. A day's calls are held in memory at a time, as far as an allowance is for
  /// them. `isBilled` tells by an issuer's name whether the allowances are its.
  package func take(
    into units: inout FreeUnits, where isBilled: (String) -> Bool
  ) throws(StoreFault) {
    try snapshot { () throws(StoreFault) in
      var cards: [Int64: StoredCard] = [:]
      for record in try self.cards() { cards[record.id] = record.card }
      let calls = try WholeCalls(database)
      for day in units.days.lowerBound.number..<units.days.upperBound.number {
        calls.begin(from: Day(number: day).start, to: Day(number: day + 1).start)
        var found: [FreeUnits.UnitCall] = []
        while let first = try calls.next() {
          guard isBilled(try dimension(Int(first.dimension)).subject.issuer) else { continue }
          let rows = try calls.whole(first)
          if let call = try unitCall(rows, cards, units) { found.append(call) }
        }
        calls.end()
        for call in found.sorted(by: { ($0.at, $0.seq) < ($1.at, $1.seq) }) { units.take(call) }
      }
    }
  }

  /// A call by its rows: what it used in all, under the card of its last row.
  private func unitCall(
    _ rows: [WholeCalls.Row], _ cards: [Int64: StoredCard], _ units: FreeUnits
  ) throws(StoreFault) -> FreeUnits.UnitCall? {
    guard let first = rows.first, let last = rows.last else { return nil }
    let record = try dimension(Int(last.dimension))
    let card = last.priced.price.state == .unpriced ? nil : record.card.flatMap { cards[$0] }
    var usage = Usage()
    for row in rows {
      for (meter, quantity) in row.priced.usage.stated { usage[meter] += quantity }
    }
    if usage.isEmpty, rows.count == 1, first.priced.statedNoughts { usage[.input] = 0 }
    if last.priced.flags.contains(.fromParameters), let billed = card?.tariff.billed(ofParameters: usage) {
      usage = billed
    }
    return units.call(
      first.priced, seq: first.seq, usage: usage, subject: record.subject, product: card?.model,
      tariff: card?.tariff)
  }
}
