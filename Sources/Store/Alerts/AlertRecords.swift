import Units
import Watch

/// What a receiver is to be sent of a notice: rendered once, and frozen.
package struct OutboxLetter: Hashable, Sendable {
  package let receiver: String
  package let body: [UInt8]

  package init(receiver: String, body: [UInt8]) {
    self.receiver = receiver
    self.body = body
  }
}

/// What putting a notice into the outbox did.
package struct AlertReceipt: Hashable, Sendable {
  /// Rows that are new in the outbox: one for each receiver.
  package var rows = 0
  /// Why there is no row, or not one for each.
  package var hindrance: Hindrance?

  package init() {}

  package enum Hindrance: Hashable, Sendable {
    /// Another incident of the same fingerprint is open: nothing was written.
    case anotherIsOpen(String)
    /// Too much waits already: only ends are still put in.
    case full
  }
}

/// A row of the outbox that a receiver is to be sent now.
package struct OutboxRow: Hashable, Sendable {
  package let id: Int64
  package let notice: String
  package let incident: String
  package let kind: Notice.Kind
  package let body: [UInt8]
  package let madeAt: Timestamp
  /// Attempts that failed, and those of them that may have arrived.
  package let attempts: Int
  package let doubts: Int
  /// It was delivered, and is told again.
  package let isRepeated: Bool

  package init(
    id: Int64, notice: String, incident: String, kind: Notice.Kind, body: [UInt8], madeAt: Timestamp,
    attempts: Int, doubts: Int, isRepeated: Bool
  ) {
    self.id = id
    self.notice = notice
    self.incident = incident
    self.kind = kind
    self.body = body
    self.madeAt = madeAt
    self.attempts = attempts
    self.doubts = doubts
    self.isRepeated = isRepeated
  }
}

/// A row of the outbox as people look at it.
package struct OutboxRecord: Hashable, Sendable {
  package let id: Int64
  package let notice: String
  package let incident: String
  package let receiver: String
  package let kind: String
  package let madeAt: Timestamp
  package let state: String
  package let attempts: Int64
  package let nextAt: Timestamp
  package let deliveredAt: Timestamp?
  package let lastStatus: String?
}

/// An incident as it is kept.
package struct IncidentRecord: Hashable, Sendable {
  package let id: String
  package let fingerprint: String
  package let rule: String
  /// An object of texts, as JSON.
  package let labels: String
  package let state: String
  package let severity: String
  package let openedAt: Timestamp
  package let lastAt: Timestamp
  package let closedAt: Timestamp?
  package let excess: Amount
  /// The last notice, as JSON.
  package let body: String
  package let ackedBy: String?
}

/// What somebody said of incidents, as it is kept.
package struct ActRecord: Hashable, Sendable {
  package let id: Int64
  package let at: Timestamp
  package let author: String
  package let kind: String
  package let incident: String?
  /// As ``Act/body``.
  package let body: String
  /// What became of it: `done`, or why not; nil while it waits for the watch.
  package let answer: String?

  /// What was said.
  ///
  /// - Throws: ``ActFault`` for a row that no act of this version could have written.
  package func act() throws(ActFault) -> Act {
    try Act(kind: kind, incident: incident, body: body, author: author, at: at)
  }
}
