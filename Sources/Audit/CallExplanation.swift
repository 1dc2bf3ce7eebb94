import Books
import Calls
import Rates
import Units

/// Why a call cost what it cost: every row of it, and every step of each.
package struct CallExplanation: Sendable {
  /// The call's rows in the order of booking; later ones of a stream add to the first.
  package let rows: [Row]
  /// Who else told of it.
  package let observations: [CallObservation]

  /// One row of the call.
  package struct Row: Sendable {
    package let record: CallRecord
    /// The card that the amount comes from; nil for an unpriced call.
    package let card: CardRecord?
    /// The usage so far, this row included, × the card's rates; nil without a card.
    package let reckoning: Reckoning?
    package let recomputation: Recomputation
    /// The provider's own card, for a routed call.
    package let directCard: CardRecord?
    /// The same usage at the provider's own rates.
    package let direct: Reckoning?
    package let batch: BatchRecord?
    /// The batch's entries that this row is part of, and its own share of each.
    package let shares: [Share]
    /// Why there is no amount, or why there is only a part of one; empty otherwise.
    package let reasons: [String]
    /// What the row was booked at, and what each re-pricing run made of it; empty when none did.
    package let history: [Step]
  }

  /// A price that a row has or had.
  package struct Step: Sendable {
    /// The run; nil for the booking itself.
    package let run: String?
    package let recorded: Timestamp
    package let batch: Int64
    package let price: CallCharge
    package let card: CardRecord?
  }

  /// A row's part of an entry that sums up a batch.
  package struct Share: Sendable {
    package let entry: EntryRecord
    /// Negative where the row goes against its entry's direction.
    package let amount: Int64
  }

  /// Rows that are explained together at most: sums over more might not be held.
  ///
  /// A stream has up to 1,024; further ones bear an id that came again.
  package static let rowsMax = 10_000

  /// - Parameters:
  ///   - records: the call's rows in the order of booking.
  ///   - cards: the cards they point to, by id.
  ///   - batches: their batches, by id.
  ///   - observations: who else told of the call.
  package init(
    _ records: [CallRecord], cards: [Int64: CardRecord], batches: [Int64: BatchRecord],
    observations: [CallObservation] = []
  ) {
    precondition(records.count <= Self.rowsMax, "more rows are explained than sums can hold")
    var rows: [Row] = []
    for record in records {
      let chain = Self.chain(endingWith: record, in: records)
      var usage = Usage()
      for row in chain { for (meter, quantity) in row.usage.stated { usage[meter] += quantity } }
      let card = record.dimension.card.flatMap { cards[$0] }
      usage = card?.card.billed(usage, of: record) ?? usage
      let direct = record.dimension.directCard.flatMap { cards[$0] }
      let reckoning = card.map { Reckoning(usage, outcome: record.outcome, card: $0.card) }
      let batch = batches[record.batch]
      rows.append(
        Row(
          record: record, card: card, reckoning: reckoning,
          recomputation: Recomputation.of(chain) { row in
            row.dimension.card.flatMap { cards[$0]?.card }
          },
          directCard: direct,
          direct: direct.map { Reckoning(usage, outcome: record.outcome, card: $0.card) },
          batch: batch, shares: Self.shares(of: chain, in: batch?.entries ?? []),
          reasons: Self.reasons(record, reckoning), history: Self.history(of: record, cards, batch)))
    }
    self.rows = rows
    self.observations = observations
  }

  private static func history(
    of record: CallRecord, _ cards: [Int64: CardRecord], _ batch: BatchRecord?
  ) -> [Step] {
    guard !record.recharges.isEmpty else { return [] }
    let booking = Step(
      run: nil, recorded: batch?.committed ?? record.at, batch: record.batch, price: record.booked,
      card: record.booked.dimension.card.flatMap { cards[$0] })
    return [booking]
      + record.recharges.map { recharge in
        Step(
          run: recharge.run, recorded: recharge.recorded, batch: recharge.batch, price: recharge.price,
          card: recharge.price.dimension.card.flatMap { cards[$0] })
      }
  }

  /// The rows that led to `record`: what it adds to, what that adds to, and itself.
  private static func chain(endingWith record: CallRecord, in records: [CallRecord]) -> [CallRecord] {
    var chain = [record]
    while let prior = chain.first?.details.prior,
      let earlier = records.first(where: { $0.seq == prior }), earlier.seq < chain[0].seq
    {
      chain.insert(earlier, at: 0)
    }
    return chain
  }

  /// What the last of a call's rows moves, as parts of its batch's entries.
  private static func shares(of chain: [CallRecord], in entries: [EntryRecord]) -> [Share] {
    guard let record = chain.last else { return [] }
    let wasUnpriced = chain.dropLast().last?.price(before: record.batch).state == .unpriced
    let booked = record.booked
    let rules = EntryRules(
      for: Dimension(
        subject: booked.dimension.subject, providerInferred: booked.dimension.providerInferred,
        card: nil, direct: nil, reason: booked.dimension.reason, band: booked.dimension.band))
    let own = try? rules.entries(
      day: record.at.day, cost: booked.cost?.nanos ?? 0, margin: booked.margin?.nanos ?? 0,
      unpriced: (booked.state == .unpriced ? 1 : 0) - (wasUnpriced ? 1 : 0))
    return (own ?? []).compactMap { part in
      let among = entries.filter { $0.day == part.day && $0.kind == part.kind.name }
      if let entry = among.first(where: { $0.debit == part.debit && $0.credit == part.credit }) {
        return Share(entry: entry, amount: part.amount)
      }
      return among.first { $0.debit == part.credit && $0.credit == part.debit }
        .map { Share(entry: $0, amount: -part.amount) }
    }
  }

  private static func reasons(_ record: CallRecord, _ reckoning: Reckoning?) -> [String] {
    let details = record.details
    switch record.state {
    case .exact: return []
    case .partial:
      // What the line's booking told of rates holds no longer by another card.
      let missing = record.recharges.isEmpty ? details.missing : (reckoning?.missing ?? []).map(\.name)
      var reasons = missing.map {
        "The card has no rate for \($0). Add one, then re-price."
      }
      if !details.unknown.isEmpty {
        reasons.append("No meter holds \(details.unknown.joined(separator: ", ")) of the usage.")
      }
      if details.flags.contains("cache_lifetime_unknown") {
        reasons.append("The usage has cache writes without their lifetime.")
      }
      return reasons.isEmpty ? ["The amount covers a part of the usage."] : reasons
    case .unpriced:
      let told = UnpricedReason.allCases.first { $0.name == details.unpriced }
      // A dimension of a run that lacks a card says why itself.
      if let reason = record.recharges.last?.price.dimension.reason, told != .contradictoryUsage {
        return [reason.explanation]
      }
      return [(told ?? record.dimension.reason)?.explanation].compactMap { $0 }
    }
  }

  /// What the call cost with all its rows; nil when none of them has a price.
  package var cost: Amount? { Self.sum(rows.map(\.record.cost)) }

  /// What its route added; nil when that is unknown.
  package var margin: Amount? { Self.sum(rows.map(\.record.margin)) }

  private static func sum(_ amounts: [Amount?]) -> Amount? {
    let known = amounts.compactMap { $0 }
    return known.isEmpty ? nil : known.reduce(.zero, +)
  }
}

extension StoredCard {
  /// What of a usage the card bills, where the line left that to the card.
  func billed(_ usage: Usage, of record: CallRecord) -> Usage {
    guard record.details.flags.contains("from_parameters") else { return usage }
    return tariff.billed(ofParameters: usage) ?? usage
  }
}
