import CSystem
import Store
import Units
import Watch

/// Where alerts leave the house: takes notices, puts them into the outbox, and has them sent.
package final class AlertDesk: Sendable {
  private let receivers: [Receiver]
  private let queue: CommitQueue
  private let counters: Counters
  private let log: EventLog
  private let senders = Gate<[AlertSender]>([])

  init(receivers: [Receiver], queue: CommitQueue, counters: Counters, log: EventLog) {
    self.receivers = receivers
    self.queue = queue
    self.counters = counters
    self.log = log
  }

  /// Starts a thread for each receiver.
  func start(folder: String, accesses: [ReceiverAccess]) {
    let known = Set(receivers.map(\.name))
    let log = log
    do throws(StoreFault) {
      try queue.order { (writer) throws(StoreFault) in
        for (receiver, rows) in try writer.dropReceivers(notIn: known) {
          log.tell(
            Event(.warning, "receiver_unknown", [("receiver", receiver), ("given_up", "\(rows)")], about: receiver))
        }
        try writer.forgetAlerts(at: Timestamp(microseconds: tb_wall_us()))
      }
    } catch {
      log.tell(Event(.warning, "outbox_waits", [("fault", error.description)]))
    }
    let made = zip(receivers, accesses).map { AlertSender($0, access: $1, folder: folder, desk: self) }
    senders.change { $0 = made }
    for sender in made { sender.start() }
    for receiver in receivers {
      log.tell(Event(.info, "receiver_ready", [("receiver", receiver.name), ("kind", receiver.kind.rawValue)]))
    }
  }

  /// Begins to end: no attempt is begun any more.
  func stop() { for sender in senders.change({ $0 }) { sender.stop() } }

  /// Keeps a round of the watch, and puts what it tells into the outbox, in one transaction; returns when it is on
  /// disk.
  func post(_ outcome: WatchRound.Outcome) throws(StoreFault) {
    let posts = outcome.told.map { AlertPost($0.notice, to: $0.isQuiet ? [] : Self.letters($0.notice, receivers)) }
    let receipts = Gate<[AlertReceipt]>([])
    try queue.order { (writer) throws(StoreFault) in
      let found = try writer.post(posts, outcome.record, at: Timestamp(microseconds: tb_wall_us()))
      receipts.change { $0 = found }
    }
    if !posts.isEmpty { for sender in senders.change({ $0 }) { sender.wake() } }
    for (post, receipt) in zip(posts, receipts.change({ $0 })) where receipt.hindrance == .full {
      log.tell(Event(.error, "outbox_full", [("notice", post.notice.id)], about: post.notice.id))
    }
  }

  /// What each receiver that wants to know is to be sent.
  ///
  /// A digest is for reading: where alerts have a state it would be one that nobody ends.
  package static func letters(_ notice: Notice, _ receivers: [Receiver]) -> [OutboxLetter] {
    receivers.filter { notice.kind != .digest || ![.alertmanager, .pagerduty].contains($0.kind) }
      .filter { notice.kind == .resolved || notice.kind == .test || $0.severity <= notice.severity }
      .map { OutboxLetter(receiver: $0.name, body: Delivery.body(notice, for: $0)) }
  }

  // MARK: - For the senders

  /// One more, or one less, is about to note something: the ledger is not closed meanwhile, for a while.
  func stay(_ count: Int) { queue.stay(count) }

  /// Notes what became of an attempt; of one that was given up, another receiver is told.
  func settle(_ settlement: AlertRound.Settlement) throws(StoreFault) {
    let notice = settlement.undelivered
    let other = receivers.first { $0.name != settlement.receiver.name }
    let letters =
      if let notice, let other { [OutboxLetter(receiver: other.name, body: Delivery.body(notice, for: other))] } else {
        [OutboxLetter]()
      }
    try queue.order { (writer) throws(StoreFault) in
      try writer.settle(
        settlement.row, of: settlement.receiver.name, settlement.step, status: settlement.answer.name,
        at: settlement.at, telling: notice, to: letters)
    }
    tell(of: settlement)
    if notice != nil, let other {
      senders.change { $0 }.first { $0.receiver.name == other.name }?.wake()
    }
  }

  private func tell(of settlement: AlertRound.Settlement) {
    let name = settlement.receiver.name
    var facts = [("receiver", name), ("notice", settlement.row.notice), ("answer", settlement.answer.name)]
    if !settlement.answer.words.isEmpty { facts.append(("words", settlement.answer.words)) }
    switch settlement.step {
    case .sent, .again:
      counters.alertsSent.add(1)
      if !settlement.row.isRepeated { log.tell(Event(.info, "alert_sent", facts)) }
    case .retry(let at, _):
      counters.alertsRetried.add(1)
      log.tell(Event(.warning, "alert_waits", facts + [("until", "\(at)")], about: name))
    case .dead(let reason):
      counters.alertsDead.add(1)
      log.tell(Event(.error, "alert_dead", facts + [("reason", reason.rawValue)], about: settlement.row.notice))
    }
  }

  func tell(of fault: StoreFault, _ receiver: Receiver) {
    log.tell(
      Event(
        .warning, "outbox_waits", [("receiver", receiver.name), ("fault", fault.description)],
        about: receiver.name))
  }
}
