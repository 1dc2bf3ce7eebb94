/// How many lines a batch is meant to have while several senders wait for it.
///
/// As many as the disk takes in ``writeMicroseconds``: a line waits for the batch that is being written and for its
/// own. A sender that is alone waits for nobody else's lines, and fills batches to the brim, which is cheaper.
struct BatchPace {
  /// Microseconds that writing a batch is meant to take at most.
  static let writeMicroseconds: Int64 = 15_000
  /// Lines below which a batch is not made smaller: what a commit costs by itself would cost more than it spares.
  static let linesMin = 2_000

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
    lines = linesMax
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
  /// One batch moves the measure by a half down or a quarter up, so that one stall of the disk is no rule. Small
  /// batches tell only what a commit costs by itself.
  mutating func note(lines written: Int, microseconds: Int64) {
    guard written * 2 >= lines, microseconds > 0 else { return }
    let wanted = Int(clamping: Int64(written) * Self.writeMicroseconds / microseconds)
    let near = max(lines / 2, min(wanted, lines + lines / 4))
    lines = max(min(Self.linesMin, linesMax), min(near, linesMax))
  }
}
