import Audit
import Books
import Calls
import Rates
import Units

/// Which call is meant.
package enum CallName: Hashable, Sendable {
  /// The number it was booked under.
  case seq(Int64)
  /// The caller's id for it, or the provider's.
  case id(String)

  /// `#12` is a number of the ledger, anything else an id.
  package init(_ text: String) {
    if text.hasPrefix("#"), let seq = Int64(text.dropFirst()), seq > 0 {
      self = .seq(seq)
    } else {
      self = .id(text)
    }
  }
}

extension LedgerReader {
  /// Every row of a call, with all that explains its amount; no rows when there is no such call.
  ///
  /// By id this reads all calls: ids have no index, which is what makes booking quick.
  package func explanation(of name: CallName) throws(StoreFault) -> CallExplanation {
    try snapshot { () throws(StoreFault) in
      let records = try self.records(of: name)
      guard records.count <= CallExplanation.rowsMax else {
        throw .corrupt(
          path: database.path, what: "a call has more than \(CallExplanation.rowsMax) rows")
      }
      var cards: [Int64: CardRecord] = [:]
      let prices = records.flatMap { [$0.booked] + $0.recharges.map(\.price) }
      let wanted = Set(prices.flatMap { [$0.dimension.card, $0.dimension.directCard] })
      if wanted.contains(where: { $0 != nil }) {
        for card in try self.cards() where wanted.contains(card.id) { cards[card.id] = card }
      }
      var batches: [Int64: BatchRecord] = [:]
      for id in Set(records.map(\.batch)) { batches[id] = try batch(id) }
      var observations: [CallObservation] = []
      for record in records where record.details.prior == nil {
        observations += try self.observations(of: record.seq)
      }
      return CallExplanation(records, cards: cards, batches: batches, observations: observations)
    }
  }

  /// The last `count` calls, the latest first.
  package func lastCalls(_ count: Int) throws(StoreFault) -> [CallRecord] {
    try snapshot { () throws(StoreFault) in
      let query = try query("calls-last")
      query.bind(":count", Int64(count))
      return try records(query)
    }
  }

  private func records(of name: CallName) throws(StoreFault) -> [CallRecord] {
    switch name {
    case .id(let id):
      let digest = Digest64.of(id)
      let key = (0..<8).map { UInt8(truncatingIfNeeded: digest >> UInt64(56 - 8 * $0)) }
      let query = try query("calls-by-key")
      query.bind(":key", blob: key)
      let found = try records(query)
      // Another observer's name for a call.
      if found.isEmpty, let seq = try call(observedAs: key) { return try records(of: .seq(seq)) }
      return found
    case .seq(let seq):
      var chain = try record(seq)
      while let prior = chain.first?.details.prior, prior < chain[0].seq {
        guard let earlier = try record(prior).first else {
          throw .corrupt(
            path: database.path,
            what: "call \(chain[0].seq) adds to call \(prior), which is not there")
        }
        chain.insert(earlier, at: 0)
      }
      guard let first = chain.first else { return chain }
      if !first.stream, try !observations(of: first.seq).contains(where: { $0.kind == .more }) { return chain }
      let query = try query("calls-adding-to")
      query.bind(":seq", first.seq)
      return try [first] + records(query)
    }
  }

  private func record(_ seq: Int64) throws(StoreFault) -> [CallRecord] {
    let query = try query("call")
    query.bind(":seq", seq)
    return try records(query)
  }

  private func records(_ query: Statement) throws(StoreFault) -> [CallRecord] {
    var records: [CallRecord] = []
    while try query.step() {
      guard let outcome = UInt8(exactly: query.int64(4)).flatMap(Outcome.init(rawValue:)),
        let state = UInt8(exactly: query.int64(5)).flatMap(BookedCall.State.init(rawValue:))
      else {
        throw .corrupt(path: database.path, what: "call \(query.int64(0)) has an unknown state")
      }
      let seq = query.int64(0)
      let booked = CallCharge(
        dimension: try dimension(Int(query.int64(2))), state: state,
        cost: query.optionalInt64(9).map(Amount.init(nanos:)),
        margin: query.optionalInt64(10).map(Amount.init(nanos:)))
      guard
        let record = CallRecord(
          seq: seq, at: query.timestamp(1), outcome: outcome, stream: query.int64(3) != 0,
          input: query.int64(6), cacheRead: query.int64(7), output: query.int64(8),
          latencyMilliseconds: query.optionalInt64(11),
          details: CallDetails(query.optionalText(12) ?? ""), batch: query.int64(13), booked: booked,
          recharges: try recharges(of: seq))
      else {
        throw .corrupt(
          path: database.path, what: "call \(query.int64(0)) has a number that no call can have")
      }
      records.append(record)
    }
    return records
  }

  /// What a call's row costs since each re-pricing run that moved it.
  private func recharges(of seq: Int64) throws(StoreFault) -> [CallRecord.Recharge] {
    let query = try query("recharges")
    query.bind(":seq", seq)
    var recharges: [CallRecord.Recharge] = []
    while try query.step() {
      guard let state = UInt8(exactly: query.int64(7)).flatMap(BookedCall.State.init(rawValue:)) else {
        throw .corrupt(path: database.path, what: "the recharge of call \(seq) has an unknown state")
      }
      recharges.append(
        CallRecord.Recharge(
          run: query.text(1), recorded: query.timestamp(2), batch: query.int64(3),
          price: CallCharge(
            dimension: try dimension(Int(query.int64(4))), state: state,
            cost: query.optionalInt64(5).map(Amount.init(nanos:)),
            margin: query.optionalInt64(6).map(Amount.init(nanos:)))))
    }
    return recharges
  }

  /// Every card that calls were priced by, or compared with.
  package func cards() throws(StoreFault) -> [CardRecord] {
    let query = try query("cards")
    var cards: [CardRecord] = []
    while try query.step() {
      do throws(StoredCardFault) {
        cards.append(
          CardRecord(
            id: query.int64(0), digest: query.text(1), file: query.text(2),
            card: try StoredCard(text: query.text(3))))
      } catch {
        throw .corrupt(path: database.path, what: "rate card \(query.int64(0)): \(error)")
      }
    }
    return cards
  }

  private func batch(_ id: Int64) throws(StoreFault) -> BatchRecord? {
    let seal = try query("batch")
    seal.bind(":id", id)
    guard try seal.step() else { return nil }
    defer { seal.reset() }
    return BatchRecord(
      id: id, committed: seal.timestamp(1), hash: seal.text(6), entries: try entries(of: id))
  }
}
