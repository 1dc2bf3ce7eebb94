/// What one sender may take of a batch, so that another's line always finds room in the batch that goes
/// to the disk next.
///
/// A sender that floods fills a batch but for a tenth. Then it waits for the next one; who sends less is read
/// on, and is told of its lines with this batch, not with the one behind all that the other had ready.
struct BatchShare {
  /// Of so many lines of a batch, one is kept for senders that have few in it.
  static let keptPart = 10

  /// The batch that ``lines`` counts in, by its number since the start.
  private var batch = -1
  /// Lines of the sender in that batch.
  private var lines = 0

  /// Whether the sender may add a line to a batch that has `filled` of `most` lines.
  ///
  /// For one that `isAlone` nothing is kept back.
  mutating func mayAdd(toBatch number: Int, filled: Int, most: Int, isAlone: Bool) -> Bool {
    if batch != number {
      batch = number
      lines = 0
    }
    let kept = isAlone ? 0 : most / Self.keptPart
    return filled < (lines < kept ? most : most - kept)
  }

  /// Notes that the sender has added one.
  mutating func add() { lines += 1 }
}
