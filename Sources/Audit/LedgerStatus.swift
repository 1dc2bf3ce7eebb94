import Units

/// What a ledger holds, at a glance.
package struct LedgerStatus: Sendable {
  /// Calls as reports count them; a stream's later lines are rows, and no further calls.
  package let calls: Int64
  package let rows: Int64
  package let entries: Int64
  package let batches: Int64
  package let accounts: Int64
  package let dimensions: Int64
  package let cards: Int64
  package let deadLetters: Int64
  /// Words of further observers of calls that are booked once.
  package let observations: Int64
  /// Lines refused, ever, by reason; the most frequent first.
  package let refusals: [(reason: String, lines: Int64)]
  package let unpriced: Int64
  package let cost: Amount
  /// When the first and last calls began, to the hour; nil in an empty ledger.
  package let span: Span?
  package let lastCommit: Timestamp?
  /// The chain's head, in hexadecimal; nil before the first batch.
  package let head: String?
  package let marks: [MarkRecord]
  /// What stands with each issuer, and what it is owed.
  package let issuers: [IssuerBalance]
  /// The end of the last five minutes that the watch has closed; nil where it has closed none.
  package let watchedTo: Timestamp?

  package init(
    calls: Int64, rows: Int64, entries: Int64, batches: Int64, accounts: Int64, dimensions: Int64,
    cards: Int64, deadLetters: Int64, observations: Int64, refusals: [(reason: String, lines: Int64)],
    unpriced: Int64, cost: Amount,
    span: Span?, lastCommit: Timestamp?, head: String?, marks: [MarkRecord],
    issuers: [IssuerBalance], watchedTo: Timestamp?
  ) {
    self.calls = calls
    self.rows = rows
    self.entries = entries
    self.batches = batches
    self.accounts = accounts
    self.dimensions = dimensions
    self.cards = cards
    self.deadLetters = deadLetters
    self.observations = observations
    self.refusals = refusals
    self.unpriced = unpriced
    self.cost = cost
    self.span = span
    self.lastCommit = lastCommit
    self.head = head
    self.marks = marks
    self.issuers = issuers
    self.watchedTo = watchedTo
  }
}

/// How far one sender's numbered lines are booked.
package struct MarkRecord: Hashable, Sendable {
  package let client: String
  package let epoch: Int64
  package let number: Int64
  package let gaps: Int64
  package let replays: Int64
  package let seen: Timestamp

  package init(
    client: String, epoch: Int64, number: Int64, gaps: Int64, replays: Int64, seen: Timestamp
  ) {
    self.client = client
    self.epoch = epoch
    self.number = number
    self.gaps = gaps
    self.replays = replays
    self.seen = seen
  }
}

/// A line that became no call, as the ledger keeps it.
package struct DeadLetterRecord: Hashable, Sendable {
  package let id: Int64
  package let received: Timestamp
  /// Empty in plain mode.
  package let client: String
  package let number: Int64?
  package let reason: String
  package let length: Int64
  /// In hexadecimal.
  package let sha256: String
  package let facts: String?

  package init(
    id: Int64, received: Timestamp, client: String, number: Int64?, reason: String, length: Int64,
    sha256: String, facts: String?
  ) {
    self.id = id
    self.received = received
    self.client = client
    self.number = number
    self.reason = reason
    self.length = length
    self.sha256 = sha256
    self.facts = facts
  }
}
