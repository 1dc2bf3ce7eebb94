import CSystem

/// Posts on their way from the HTTP thread to the reading one, and back when they are on disk.
///
/// Bounded by ``HTTPLimits/posts``, which the HTTP thread counts from the first byte of a body to its answer.
final class PostExchange: Sendable {
  private struct State {
    var coming: [LinePost] = []
    var settled: [LinePost] = []
    /// The reading thread takes no further post.
    var isClosed = false
  }

  private let state = Gate(State())
  /// Raised with each post that is settled, for the HTTP thread's epoll.
  let event: Int32

  init() { event = tb_event_new() }

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
    state.change { $0.settled.append(post) }
    tb_event_raise(event)
  }

  func takeSettled() -> [LinePost] {
    tb_event_clear(event)
    return state.change { state in
      defer { state.settled.removeAll() }
      return state.settled
    }
  }
}
