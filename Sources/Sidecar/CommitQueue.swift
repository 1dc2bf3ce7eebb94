import Books
import CSystem
import Store

/// Batches on their way from the reading thread to the writing one, and their results back.
///
/// Bounded: when the disk is slower than the senders, the reading thread stops reading them.
final class CommitQueue: Sendable {
  /// Batches that may wait, beside the one being written and the one being filled: each more is a wait for
  /// every sender while one of them floods.
  static let batchesMax = 1

  private struct State {
    var waiting: [BookBatch] = []
    var settled: [Settled] = []
    /// A batch is being written.
    var isWriting = false
    /// No batch will follow.
    var isClosed = false
  }

  /// A batch that is on disk.
  struct Settled {
    let batch: BookBatch
    let report: CommitReport
  }

  private let state = Gate(State())
  /// Raised whenever a batch has been settled or taken to be written, for the reading thread's epoll.
  let event: Int32

  init() { event = tb_event_new() }

  /// Whether another batch would be taken now.
  var hasRoom: Bool { state.change { $0.waiting.count < Self.batchesMax } }

  /// Whether every batch handed over is on disk: the next would be written at once.
  var isIdle: Bool { state.change { $0.waiting.isEmpty && !$0.isWriting } }

  /// Hands over a batch; ask ``hasRoom`` first.
  func put(_ batch: BookBatch) { state.change { $0.waiting.append(batch) } }

  /// No batch will follow: the writing thread ends when it has written those that wait.
  func close() { state.change { $0.isClosed = true } }

  /// The next batch to write; nil when there will be none.
  ///
  /// Waits for it.
  func next() -> BookBatch? {
    let next = state.wait { state -> BookBatch?? in
      if !state.waiting.isEmpty {
        state.isWriting = true
        return .some(state.waiting.removeFirst())
      }
      return state.isClosed ? .some(nil) : nil
    }
    // There is room for another now.
    tb_event_raise(event)
    return next ?? nil
  }

  /// Notes that the batch is on disk.
  func settle(_ batch: BookBatch, _ report: CommitReport) {
    state.change {
      $0.isWriting = false
      $0.settled.append(Settled(batch: batch, report: report))
    }
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
