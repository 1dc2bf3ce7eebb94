import Books
import CSystem
import Store

/// Batches on their way from the reading thread to the writing one, and their results back.
///
/// Bounded: when the disk is slower than the senders, the reading thread stops reading them. No batch waits behind
/// the one being written: the next one is filled as long as that lasts, so that a line goes with the very next
/// batch, and every batch that waited would be a wait for every sender while one of them floods.
final class CommitQueue: Sendable {
  struct State {
    var waiting: [BookBatch] = []
    fileprivate var settled: [Settled] = []
    var orders: [LedgerOrder] = []
    /// The last that was handed out was an order: a batch has its turn.
    fileprivate var wasOrder = false
    /// Those who are about to order something.
    var staying = 0
    /// The ledger is closed, or about to be.
    var isOver = false
    /// A batch is being written, an order carried out, or the log moved.
    var isWriting = false
    /// No batch will follow.
    var isClosed = false
  }

  /// A batch that is on disk.
  struct Settled {
    let batch: BookBatch
    let report: CommitReport
    /// How long it took to write.
    let microseconds: Int64
  }

  let state = Gate(State())
  /// Raised whenever a batch has been settled or the next could be written, for the reading thread's epoll.
  let event: Int32

  init() { event = tb_event_new() }

  /// Whether a batch would be written at once.
  var hasRoom: Bool { state.look { $0.waiting.isEmpty && !$0.isWriting } }

  /// Whether something has been settled since the last time.
  var hasSettled: Bool { state.look { !$0.settled.isEmpty } }

  /// Hands over a batch; ask ``hasRoom`` first.
  func put(_ batch: BookBatch) { state.change { $0.waiting.append(batch) } }

  /// No batch will follow: the writing thread ends when it has written those that wait.
  func close() { state.change { $0.isClosed = true } }

  /// What the writing thread does next.
  enum Work {
    case batch(BookBatch)
    case order(LedgerOrder)
  }

  /// The next batch or order; nil when there will be none.
  ///
  /// Waits for it.
  func next() -> Work? {
    var end: Int64?
    while true {
      let left = end.map { max(0, $0 - tb_steady_us() / 1_000) }
      let step: Step? = state.wait(upTo: left.map { Int32(clamping: $0) } ?? -1) { Self.step(&$0, end != nil) }
      switch step {
      case .work(let work): return work
      case .closing: end = tb_steady_us() / 1_000 + Self.partingMilliseconds
      case .ended, nil: return nil
      }
    }
  }

  private enum Step {
    case work(Work)
    /// No batch will follow, but somebody is about to order something.
    case closing
    case ended
  }

  private static func step(_ state: inout State, _ isClosing: Bool) -> Step? {
    if !state.orders.isEmpty, state.waiting.isEmpty || !state.wasOrder {
      state.wasOrder = true
      state.isWriting = true
      return .work(.order(state.orders.removeFirst()))
    }
    if !state.waiting.isEmpty {
      state.wasOrder = false
      state.isWriting = true
      return .work(.batch(state.waiting.removeFirst()))
    }
    guard state.isClosed else { return nil }
    if state.staying == 0 { return .ended }
    return isClosing ? nil : .closing
  }

  /// Notes that the batch is on disk; ``rest()`` follows.
  func settle(_ batch: BookBatch, _ report: CommitReport, microseconds: Int64) {
    state.change { $0.settled.append(Settled(batch: batch, report: report, microseconds: microseconds)) }
    tb_event_raise(event)
  }

  /// Notes that the next batch would be written at once.
  func rest() {
    state.change { $0.isWriting = false }
    tb_event_raise(event)
  }

  /// What has been settled since the last time.
  func takeSettled() -> [Settled] {
    tb_event_clear(event)
    return state.change { state in
      defer { state.settled.removeAll() }
      return state.settled
    }
  }

  /// Waits until all that was handed over is on disk, or the time is up.
  func drain(upTo milliseconds: Int32) -> Bool {
    state.wait(upTo: milliseconds) { $0.waiting.isEmpty && !$0.isWriting ? true : nil } ?? false
  }
}
