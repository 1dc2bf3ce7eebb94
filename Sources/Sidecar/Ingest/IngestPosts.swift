import Books
import CSystem
import Calls
import Units

/// Lines that came by HTTP or Fluent Forward: they go to the pump among those of the sockets, a piece at a time.
extension IngestLoop {
  /// Bytes taken of one post before connections, and the next post, have their turn.
  static let postBytes = 256 << 10

  /// Takes up what the doors' threads have handed over.
  func receivePosts() {
    for post in exchange.take() {
      if let refusal = begin(post) {
        post.refusal = refusal
        exchange.settle(post)
      } else if post.isQuestion {
        post.resumeAfter = post.numbering.map { pump.reached(by: $0.sender).marked }
        exchange.settle(post)
      } else if followers[post.origin] != nil {
        followers[post.origin]?.append(post)
      } else {
        followers[post.origin] = []
        wait(post)
      }
    }
  }

  /// Joins the post's sender; why it cannot be taken, else.
  private func begin(_ post: LinePost) -> HTTPRefusal? {
    if post.isQuestion { return nil }
    let wait = stopDeadline == nil ? limit.wait(for: post.uid, at: tb_steady_us()) : 0
    if wait > 0 {
      var refusal = HTTPRefusal(
        429, "too_many_lines_a_second",
        "User \(post.uid) has sent more than \(limit.linesPerSecond ?? 0) lines a second. Post it again later.")
      refusal.retryAfterSeconds = Int((wait + 999_999) / 1_000_000)
      return refusal
    }
    if let team = teams[post.uid] { post.source.defaults = post.source.defaults.over(team) }
    guard let (sender, first) = post.numbering else { return accept(post) }
    guard pump.hasRoom(for: sender) else {
      return HTTPRefusal(
        503, "too_many_senders",
        "The ledger knows \(LinePump.sendersMax) clients and epochs. Give each client one name for good.")
    }
    let reached = pump.reached(by: sender)
    guard first - 1 <= reached.taken else {
      var refusal = HTTPRefusal(
        409, "gap",
        "Lines up to \(reached.taken) have come, and first_n is \(first): those between would never be taken. "
          + "Send what comes after resume_after first, one post after the other.")
      refusal.resumeAfter = reached.marked
      return refusal
    }
    post.source.sender = pump.join(sender).number
    return accept(post)
  }

  private func accept(_ post: LinePost) -> HTTPRefusal? {
    limit.charge(post.lines.count, to: post.uid, at: tb_steady_us())
    return nil
  }

  /// Takes a piece of the first post that the batch has room for; a small post goes before the pieces of large ones.
  func takePosts() {
    postsWait = !posts.isEmpty
    for (place, post) in posts.owners.enumerated() where takePiece(of: post) {
      _ = posts.take(at: place)
      if post.next < post.lines.count {
        wait(post)
      } else {
        unsettled.append(post)
        follow(post)
      }
      postsWait = false
      break
    }
    settlePosts()
  }

  /// Puts a post among those whose next piece is due.
  private func wait(_ post: LinePost) {
    let start = post.next < post.lines.count ? Int(post.lines[post.next].lowerBound) : 0
    post.due = posts.add(post, bytes: min(Self.postBytes, post.body.count - start), behind: post.due)
  }

  /// Has its sender's next post wait where this one did: what one sender sends is taken in its order.
  private func follow(_ post: LinePost) {
    guard let waiting = followers[post.origin], let next = waiting.first else {
      followers[post.origin] = nil
      return
    }
    followers[post.origin]?.removeFirst()
    next.due = post.due
    wait(next)
  }

  /// Takes lines of the post; false when the batch has room for none.
  private func takePiece(of post: LinePost) -> Bool {
    let now = Timestamp(microseconds: tb_wall_us())
    let first = post.next
    var bytes = 0
    post.body.withUnsafeBufferPointer { body in
      while post.next < post.lines.count, bytes < Self.postBytes, makeRoom(for: &post.share, isAlone: false) {
        let range = post.lines[post.next]
        let line = UnsafeBufferPointer(rebasing: body[Int(range.lowerBound)..<Int(range.upperBound)])
        bytes += line.count + 1
        take(line, of: post, now)
      }
    }
    counters.bytesRead.add(bytes)
    return post.next > first || post.lines.isEmpty
  }

  private func take(_ line: UnsafeBufferPointer<UInt8>, of post: LinePost, _ now: Timestamp) {
    let number = post.numbering.map { $0.first + Int64(post.next) }
    let places = pump.places
    let outcome =
      line.count > Limits.lineBytes
      ? pump.refuse(line, .tooLong, post.source, at: now, number: number)
      : pump.take(line, from: post.sourceOfNext, at: now, number: number)
    if post.source.sender >= 0 { post.source.lastNumber = pump.lastNumber }
    post.note(outcome, batch: batchesHandedOn, from: places, calls: pump.places.calls - places.calls)
    switch outcome {
    case .taken: counters.linesTaken.add(1)
    case .replayed: counters.linesReplayed.add(1)
    case .refused(let reason): counters.countRefusal(reason)
    case .ignored(let reason):
      counters.linesPassedOver.add(1)
      counters.count(reason)
    case .passedOver, .hello: counters.linesPassedOver.add(1)
    }
    guard !pump.isEmpty else { return }
    post.lastBatch = batchesHandedOn
    if batchSince == nil { batchSince = tb_steady_us() }
  }

  /// Hands back the posts whose lines are all on disk.
  func settlePosts() {
    unsettled.removeAll { post in
      guard post.lastBatch < batchesSettled else { return false }
      if let (sender, _) = post.numbering { post.resumeAfter = pump.reached(by: sender).marked }
      exchange.settle(post)
      return true
    }
  }

  /// Tells the posters of lines that were not taken when the time to stop was up.
  func dropPosts() {
    for post in posts.owners + followers.values.joined() {
      post.refusal = .stopping
      exchange.settle(post)
    }
    posts.removeAll()
    followers.removeAll()
  }
}

extension LinePump {
  /// Calls, and dead letters, of the batch so far: where the next line's will stand.
  var places: (calls: Int, deadLetters: Int) { (batch.calls.count, batch.deadLetters.count) }

  /// The sender's last line that was taken, and the last that is on disk; noughts for one that is not known.
  func reached(by sender: Sender) -> (taken: Int64, marked: Int64) {
    guard let number = senderNumbers[sender] else { return (0, 0) }
    return (senders[Int(number)].taken, senders[Int(number)].marked)
  }
}

extension HTTPRefusal {
  static let stopping = HTTPRefusal.busy(
    "stopping", "The daemon is stopping. Post it again when it is back; what it books has the same numbers and ids.")
}
