/// How many lines a batch is meant to have while several senders wait for it.
///
/// As many as the disk takes in ``writeMicroseconds``: a line waits for the batch that is being written and for its
/// own. A sender that is alone waits for nobody else's lines, and fills batches to the brim, which is cheaper.
struct BatchPace {
  /// Microseconds that writing a batch is meant to take at most.
  static let writeMicroseconds: Int64 = 15_000
  /// Lines below which a batch is not made smaller: what a commit costs by itself would cost more than it spares.
  static let linesMin = 500
  /// Lines of the first batches: nobody knows yet what theirs cost.
  static let linesFirst = 1_000

  /// Lines of a batch at most.
  let linesMax: Int
  /// Lines that a batch is meant to have.
  private(set) var lines: Int
  /// Senders that had lines in the batch before, and those that have in the current one.
  private var senders = (before: 0, now: 0)
  /// Of those, senders for whom it had too little room.
  private(set) var floods = (before: 0, now: 0)

  init(linesMax: Int) {
    self.linesMax = linesMax
    lines = min(Self.linesFirst, linesMax)
  }

  /// Whether more than one sender has had lines lately.
  var isShared: Bool { max(senders.before, senders.now) > 1 }

  /// What a batch is meant to have now.
  var aim: Int { isShared ? lines : linesMax }

  /// Notes that another sender has a line in the current batch.
  mutating func addSender() { senders.now += 1 }

  /// Notes that the current batch has too little room for another sender.
  mutating func addFlood() { floods.now += 1 }

  /// Notes that the current batch was handed on.
  mutating func turn() {
    senders = (senders.now, 0)
    floods = (floods.now, 0)
  }

  /// Learns how long a batch took to write.
  ///
  /// A batch that took too long makes the next ones as small as it should have been; one that did not lets them grow by
  /// a sixteenth: what a line costs may be ten times more from one batch to the next, where a sender means harm, and
  /// others wait for every batch that is too large. Small batches tell only what a commit costs by itself.
  mutating func note(lines written: Int, microseconds: Int64) {
    let least = min(Self.linesMin, linesMax)
    guard written >= min(lines / 2, least), microseconds > 0 else { return }
    let wanted = Int(clamping: Int64(written) * Self.writeMicroseconds / microseconds)
    if wanted < lines {
      lines = max(least, wanted)
    } else if written * 2 >= lines {
      lines = min(wanted, lines + lines / 16, linesMax)
    }
  }
}
