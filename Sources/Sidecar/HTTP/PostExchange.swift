import CSystem

/// Posts on their way from the doors' threads to the reading one, and back when they are on disk.
///
/// Bounded by ``HTTPLimits/posts``, which the HTTP thread counts from the first byte of a body to its answer, and by
/// ``ForwardLimits/heldBytes``.
final class PostExchange: Sendable {
  /// Whose posts they are, each with a thread of its own.
  enum Door: Int, CaseIterable { case http, forward }

  private struct State {
    var coming: [LinePost] = []
    var settled: [[LinePost]] = Door.allCases.map { _ in [] }
    /// The reading thread takes no further post.
    var isClosed = false
  }

  private let state = Gate(State())
  private let events: [Int32]

  init() { events = Door.allCases.map { _ in tb_event_new() } }

  /// Raised with each post of the door's that is settled, for its thread's epoll.
  func event(of door: Door) -> Int32 { events[door.rawValue] }

  /// Hands a post over; false when the daemon is stopping, and nothing of the post will be booked.
  func put(_ post: LinePost) -> Bool {
    state.change { state in
      if !state.isClosed { state.coming.append(post) }
      return !state.isClosed
    }
  }

  /// The posts that came since the last time.
  func take() -> [LinePost] {
    state.change { state in
      defer { state.coming.removeAll() }
      return state.coming
    }
  }

  /// No post will be taken after those that have come.
  func close() { state.change { $0.isClosed = true } }

  func settle(_ post: LinePost) {
    state.change { $0.settled[post.door.rawValue].append(post) }
    tb_event_raise(event(of: post.door))
  }

  func takeSettled(by door: Door) -> [LinePost] {
    tb_event_clear(event(of: door))
    return state.change { state in
      defer { state.settled[door.rawValue].removeAll() }
      return state.settled[door.rawValue]
    }
  }
}
