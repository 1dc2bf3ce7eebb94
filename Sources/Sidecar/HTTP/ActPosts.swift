import CSystem
import Store
import Units
import Watch

/// Acts that were posted over HTTP, on their way to the writing thread and back when they are on disk.
final class ActPosts: Sendable {
  private let queue: CommitQueue
  /// Tells the watch that an act waits for it.
  private let wakeWatch: @Sendable () -> Void
  private let settled = Gate<[(connection: UInt64, answer: HTTPAnswer)]>([])
  /// Raised with each act that is settled, for the HTTP thread's epoll.
  let event: Int32

  init(queue: CommitQueue, wakeWatch: @escaping @Sendable () -> Void) {
    self.queue = queue
    self.wakeWatch = wakeWatch
    event = tb_event_new()
  }

  /// Has an act kept; whoever posted it is answered when it is on disk.
  ///
  /// - Throws: ``HTTPRefusal`` of status 400 for what is no act, 503 where too much is to be written.
  func take(_ post: ActPost, from connection: UInt64) throws(HTTPRefusal) {
    let act: Act
    do throws(ActFault) {
      act = try Act(post: post.text, at: Timestamp(microseconds: tb_wall_us()))
    } catch { throw HTTPRefusal(400, "bad_act", error.description) }
    let id = Gate<Int64?>(nil)
    do throws(StoreFault) {
      try queue.put(
        LedgerOrder(
          { (writer) throws(StoreFault) in
            // Two ledgers on one host: an act is not said of the other's incidents.
            if let ledger = post.ledger, ledger != writer.ledgerID {
              id.change { $0 = -1 }
              return
            }
            let kept = try writer.add(act)
            id.change { $0 = kept }
          },
          then: { [self] fault in settle(connection, id.change { $0 }, fault) }))
    } catch { throw .notWritten(error) }
  }

  private func settle(_ connection: UInt64, _ id: Int64?, _ fault: StoreFault?) {
    let answer: HTTPAnswer =
      switch (fault, id) {
      case (let fault?, _): HTTPRefusal.notWritten(fault).answer
      case (nil, -1): HTTPRefusal.otherLedger.answer
      case (nil, let id?): HTTPAnswer(200, JSONText.object([("act", "\(id)")]) + "\n")
      case (nil, nil): HTTPRefusal.tooManyActs.answer
      }
    settled.change { $0.append((connection, answer)) }
    tb_event_raise(event)
    if answer.status == 200 { wakeWatch() }
  }

  func takeSettled() -> [(connection: UInt64, answer: HTTPAnswer)] {
    tb_event_clear(event)
    return settled.change { settled in
      defer { settled = [] }
      return settled
    }
  }
}

extension HTTPRefusal {
  static let actTooLarge = HTTPRefusal(
    413, "body_too_large",
    "The act is larger than \(HTTPLimits.actBytes >> 10) KiB. Name fewer matchers, or a shorter reason.")
  fileprivate static let otherLedger = HTTPRefusal(
    409, "other_ledger",
    "This daemon keeps another ledger. Name its socket with --http-socket, or its folder with --data.")
  fileprivate static let tooManyActs = HTTPRefusal.busy(
    "too_many_acts", "Too many acts wait for the watch. Say it again when it has answered some.",
    retryAfterSeconds: 60)
  fileprivate static func notWritten(_ fault: StoreFault) -> HTTPRefusal {
    if case .closed = fault { return .stopping }
    return .busy(
      "not_writable", "The act is not on disk: \(fault.description) Post it again later.", retryAfterSeconds: 5)
  }
}
