/// What one sender may take of a batch, so that another's line always finds room in the batch that goes
/// to the disk next.
///
/// A sender's lines may be nine times those that still have room: one that floods stops at nine tenths. Those for
/// whom the batch before had too little room share these nine tenths equally. So however many flood, a tenth is left
/// for who sends little, whose lines are on disk with this batch and not with the one behind all that others had
/// ready. Only where several begin to flood within one batch do they take that tenth of it too.
/// The first rule is that of dynamic thresholds for queues that share a buffer (Choudhury and Hahne, 1998).
struct BatchShare {
  /// How many times the lines that still have room a sender may have: among others, and while none is connected.
  static let timesFree = 9
  static let timesFreeAlone = 99

  /// How many lines a batch takes.
  struct Room {
    /// Lines that it has.
    var filled: Int
    /// Lines that it is meant to have.
    var aim: Int
    /// Lines that it may have, where those above the aim come from senders that have few in it.
    var most: Int
    /// Senders for whom the batch before had too little room.
    var floods: Int
    /// No other sender is connected.
    var isAlone: Bool
  }

  enum Answer: Equatable {
    case added(isFirst: Bool)
    case refused(isFirst: Bool)
  }

  /// The batch that ``lines`` counts in, by its number since the start.
  private var batch = -1
  /// Lines of the sender in that batch.
  private var lines = 0
  /// That batch has too little room for the sender; the one before had.
  private var isRefused = false
  private var floods = false

  /// Counts a line of the sender in that batch, where it may have one more.
  mutating func add(toBatch number: Int, _ room: Room) -> Answer {
    if batch != number {
      floods = isRefused && batch == number - 1
      isRefused = false
      batch = number
      lines = 0
    }
    guard fits(room) else {
      defer { isRefused = true }
      return .refused(isFirst: !isRefused)
    }
    lines += 1
    return .added(isFirst: lines == 1)
  }

  private func fits(_ room: Room) -> Bool {
    guard room.filled < room.most else { return false }
    let times = room.isAlone ? Self.timesFreeAlone : Self.timesFree
    // The batch has grown beyond its aim, as when it was begun by one that was alone.
    if room.filled >= room.aim { return lines * (times + 1) < room.most - room.filled }
    if floods, room.floods > 1 { return lines < max(1, room.aim * times / (times + 1) / room.floods) }
    return lines < (room.aim - room.filled) * times
  }
}
