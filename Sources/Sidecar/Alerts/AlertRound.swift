import Store
import Units
import Watch

/// One look at what a receiver is due, and what came of it: the sender's work without its thread or clock.
struct AlertRound {
  /// Rows that are read at once.
  static let rowsMax = 32

  let receiver: Receiver
  /// Makes an attempt.
  let send: (OutboxRow, Timestamp) -> DeliveryAnswer
  /// Notes what became of it.
  let settle: (Settlement) throws(StoreFault) -> Void
  /// The receiver said that it is gone: nothing more is sent.
  private(set) var isGone = false

  init(
    receiver: Receiver, send: @escaping (OutboxRow, Timestamp) -> DeliveryAnswer,
    settle: @escaping (Settlement) throws(StoreFault) -> Void
  ) {
    self.receiver = receiver
    self.send = send
    self.settle = settle
  }

  /// What became of a row.
  struct Settlement: Sendable {
    let row: OutboxRow
    let receiver: Receiver
    let answer: DeliveryAnswer
    let step: DeliveryPlan.Step
    let at: Timestamp

    /// What is told elsewhere when it was given up; nil for nothing.
    ///
    /// Not of what was given up as a part of something else, nor of a notice of this kind: no fault goes round.
    var undelivered: Notice? {
      guard case .dead(let reason) = step, reason != .superseded, row.kind != .undelivered else { return nil }
      return Notice(
        id: Notice.id(incident: row.notice + "_" + receiver.name, kind: .undelivered),
        incident: "undelivered_\(receiver.name)", fingerprint: "undelivered_\(receiver.name)",
        kind: .undelivered, severity: .critical, rule: "undelivered",
        labels: [Notice.Label("receiver", receiver.name), Notice.Label("kind", receiver.kind.rawValue)],
        since: row.madeAt, at: at,
        summary: "An alert could not be delivered to \(receiver.name): \(answer.name), \(reason.words).",
        evidence: ["It is the notice \(row.notice).", "`tollbook alerts outbox` lists what was given up."])
    }
  }

  /// Sends what is due, one row of each incident; how many rows it was.
  ///
  /// No attempt is begun once it is stopping.
  mutating func turn(
    _ reader: LedgerReader, now: () -> Timestamp, isStopping: () -> Bool = { false }
  ) throws(StoreFault) -> Int {
    let rows = try reader.dueRows(of: receiver.name, at: now(), most: Self.rowsMax)
    for row in rows where !isStopping() { try deliver(row, now: now) }
    return rows.count
  }

  private mutating func deliver(_ row: OutboxRow, now: () -> Timestamp) throws(StoreFault) {
    let answer = isGone ? DeliveryAnswer(.status(410)) : send(row, now())
    let after = now()
    let step = DeliveryPlan.step(
      answer, from: receiver.kind, of: row.kind, attempts: row.attempts + 1, doubts: row.doubts,
      settledAt: row.madeAt, now: after, seed: Digest64.of(row.notice + " " + receiver.name))
    if case .dead(.gone) = step { isGone = true }
    try settle(Settlement(row: row, receiver: receiver, answer: answer, step: step, at: after))
  }
}

extension DeliveryPlan.Reason {
  /// For a sentence.
  var words: String {
    switch self {
    case .refused: "which it will not take"
    case .gone: "so that nothing more is sent there until the next start"
    case .exhausted: "after every attempt"
    case .inDoubt: "and it may have arrived twice"
    case .superseded: "with the notice that it adds to"
    case .unknown: "as no receiver of that name is configured"
    }
  }
}
