import Books
import Calls
import Rates
import Units

/// One row of the ledger's calls, with the dimensions it points to.
package struct CallRecord: Sendable {
  package let seq: Int64
  package let at: Timestamp
  package let outcome: Outcome
  package let stream: Bool
  package let input: Int64
  package let cacheRead: Int64
  package let output: Int64
  package let latencyMilliseconds: Int64?
  package let details: CallDetails
  package let batch: Int64
  /// What it was booked at.
  package let booked: CallCharge
  /// What it costs since each re-pricing run that moved it, in their order.
  package let recharges: [Recharge]

  /// What a re-pricing run made of the row.
  package struct Recharge: Sendable {
    package let run: String
    package let recorded: Timestamp
    package let batch: Int64
    package let price: CallCharge

    package init(run: String, recorded: Timestamp, batch: Int64, price: CallCharge) {
      self.run = run
      self.recorded = recorded
      self.batch = batch
      self.price = price
    }
  }

  /// Nil when the row has a number that no call can have, and that cannot be reckoned with.
  package init?(
    seq: Int64, at: Timestamp, outcome: Outcome, stream: Bool, input: Int64, cacheRead: Int64,
    output: Int64, latencyMilliseconds: Int64?, details: CallDetails, batch: Int64, booked: CallCharge,
    recharges: [Recharge]
  ) {
    self.seq = seq
    self.at = at
    self.outcome = outcome
    self.stream = stream
    self.input = input
    self.cacheRead = cacheRead
    self.output = output
    self.latencyMilliseconds = latencyMilliseconds
    self.details = details
    self.batch = batch
    self.booked = booked
    self.recharges = recharges
    for price in [booked] + recharges.map(\.price) {
      guard Self.canBe(usage, cost: price.cost?.nanos, margin: price.margin?.nanos) else { return nil }
    }
  }

  /// The price in effect: that of the latest run, else what was booked.
  package var price: CallCharge { recharges.last?.price ?? booked }
  package var dimension: DimensionRecord { price.dimension }
  package var state: BookedCall.State { price.state }
  package var cost: Amount? { price.cost }
  package var margin: Amount? { price.margin }

  /// The price that was in effect when a batch was booked.
  func price(before batch: Int64) -> CallCharge {
    recharges.last { $0.batch < batch }?.price ?? booked
  }

  /// Whether a row of a call can have these numbers; amounts in nanodollars.
  ///
  /// A row adds at most what a call may cost and use, and takes back as much where a stream is
  /// priced anew.
  package static func canBe(_ usage: Usage, cost: Int64?, margin: Int64?) -> Bool {
    let amounts = -2 * Charge.amountMax.nanos...2 * Charge.amountMax.nanos
    return amounts.contains(cost ?? 0) && amounts.contains(margin ?? 0)
      && usage.stated.allSatisfy { (0...Usage.quantityMax).contains($0.quantity) }
  }

  /// What the row adds to its call's usage: all of it, or what a stream's later line added.
  package var usage: Usage {
    var usage = details.usage
    if input != 0 { usage[.input] = input }
    if cacheRead != 0 { usage[.cacheRead] = cacheRead }
    if output != 0 { usage[.output] = output }
    return usage
  }
}

/// What a row of a call comes to, under one dimension's cards.
package struct CallCharge: Sendable {
  package let dimension: DimensionRecord
  package let state: BookedCall.State
  /// Nil for a call without a price, which is not nought.
  package let cost: Amount?
  /// What the route added; nil when that is unknown.
  package let margin: Amount?

  package init(dimension: DimensionRecord, state: BookedCall.State, cost: Amount?, margin: Amount?) {
    self.dimension = dimension
    self.state = state
    self.cost = cost
    self.margin = margin
  }
}

/// One row of the ledger's dimensions.
package struct DimensionRecord: Sendable {
  package let id: Int
  package let subject: Subject
  package let providerInferred: Bool
  /// Ids of the card that the issuer bills by and of the provider's direct card; nil for none.
  package let card: Int64?
  package let directCard: Int64?
  package let band: Int
  /// Why there is no card; nil when there is one.
  package let reason: UnpricedReason?
  package let routing: Routing

  package init(
    id: Int, subject: Subject, providerInferred: Bool, card: Int64?, directCard: Int64?, band: Int,
    reason: UnpricedReason?, routing: Routing
  ) {
    self.id = id
    self.subject = subject
    self.providerInferred = providerInferred
    self.card = card
    self.directCard = directCard
    self.band = band
    self.reason = reason
    self.routing = routing
  }
}

/// A card as the ledger keeps it.
package struct CardRecord: Sendable {
  package let id: Int64
  /// SHA-256 of the card's text, in hexadecimal.
  package let digest: String
  package let file: String
  package let card: StoredCard

  package init(id: Int64, digest: String, file: String, card: StoredCard) {
    self.id = id
    self.digest = digest
    self.file = file
    self.card = card
  }
}

/// A batch as the ledger keeps it, with the entries it made.
package struct BatchRecord: Sendable {
  package let id: Int64
  package let committed: Timestamp
  /// The batch's seal, in hexadecimal.
  package let hash: String
  package let entries: [EntryRecord]

  package init(id: Int64, committed: Timestamp, hash: String, entries: [EntryRecord]) {
    self.id = id
    self.committed = committed
    self.hash = hash
    self.entries = entries
  }
}

/// An entry as the ledger keeps it.
package struct EntryRecord: Sendable {
  package let id: Int64
  package let batch: Int64
  package let day: Day
  /// The kind's name; a number for a kind of a later version.
  package let kind: String
  package let debit: Account
  package let credit: Account
  package let amount: Int64

  package init(
    id: Int64, batch: Int64, day: Day, kind: String, debit: Account, credit: Account, amount: Int64
  ) {
    self.id = id
    self.batch = batch
    self.day = day
    self.kind = kind
    self.debit = debit
    self.credit = credit
    self.amount = amount
  }
}
