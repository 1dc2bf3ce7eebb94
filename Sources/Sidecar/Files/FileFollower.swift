import Books
import CSystem
import Calls

/// Reads a file as it grows, and the next ones after its rotations, until told to stop.
///
/// A file that was renamed is read beside the new one until it has not grown for a while: the
/// program that writes it opens the new one later, whenever it hears of it.
package final class FileFollower {
  /// Microseconds between two looks at files that have not grown.
  package static let pauseMicroseconds: UInt32 = 200_000
  /// Microseconds that a line waits for others before its commit.
  package static let flushMicroseconds: Int64 = 50_000
  /// Microseconds for which a renamed file must not have grown before it is left.
  package static let graceMicroseconds: Int64 = 5_000_000
  /// Renamed files that are read at once; the oldest is left for one more.
  package static let renamedMax = 8
  /// Microseconds given to what is there to be read, when told to stop.
  package static let stopMicroseconds: Int64 = 10_000_000
  /// Files whose beginnings are kept, to know copies of them.
  private static let beginningsMax = 16

  private let path: String
  private let feed: any FileFeed
  private let stop: StopSignal
  private var current: FollowedFile
  /// Files that the path named once, in the order in which that was noticed.
  private var renamed: [FollowedFile] = []
  /// How far the files beside the path that are not read now were read, by identity: to the byte.
  private var left: [Int64: Int64] = [:]
  private var beginnings: [[UInt8]] = []
  private var committedAt: Int64 = 0

  /// - Throws: ``LineFileFault`` when the file cannot be opened.
  package init(path: String, feed: any FileFeed, stop: StopSignal) throws(LineFileFault) {
    self.path = path
    self.feed = feed
    self.stop = stop
    current = try FollowedFile(path: path)
  }

  /// Follows until SIGTERM or SIGINT; what the files held then is on disk when this returns.
  ///
  /// - Throws: ``StoreFault``, or ``SenderFault``.
  package func run() throws {
    stop.start()
    try lookBeside(isStart: true)
    while !stop.isRaised {
      // First, because a file that was emptied and has grown again must not be read from where we stood.
      var hadMore = try followRotation()
      for file in renamed + [current] where !stop.isRaised {
        if try read(file, until: { self.stop.isRaised }) { hadMore = true }
      }
      try feed.commit()
      try leaveStill()
      if !hadMore, !stop.isRaised { tb_pause(Self.pauseMicroseconds) }
    }
    try readRest()
  }

  /// Reads what is there by now, also under a new name; a line without its end waits for the next run.
  private func readRest() throws {
    let deadline = tb_steady_us() + Self.stopMicroseconds
    while try followRotation(), tb_steady_us() < deadline {}
    for file in renamed + [current] {
      let size = file.size
      _ = try read(file, until: { file.lines.offset >= size || tb_steady_us() > deadline })
    }
    try feed.settle()
  }

  // MARK: - One file

  /// Takes the file's lines until there are no more; whether there was one.
  ///
  /// A line's number is the byte behind its end: it rises, and says where to go on.
  private func read(
    _ file: FollowedFile, isLast: Bool = false, until isEnough: () -> Bool
  ) throws -> Bool {
    file.look(at: tb_steady_us())
    guard let sender = try begin(file, isLast: isLast) else { return false }
    var hadMore = false
    while try file.lines.next(
      isLast: isLast,
      { (line) throws(any Error) in
        try feed.take(line, of: sender, number: file.lines.offset)
      })
    {
      hadMore = true
      if tb_steady_us() - committedAt > Self.flushMicroseconds {
        try feed.commit()
        committedAt = tb_steady_us()
      }
      if isEnough() { break }
    }
    return hadMore
  }

  /// The sender that the file is, once its first line is whole; what is booked of it is passed over.
  private func begin(_ file: FollowedFile, isLast: Bool) throws -> Sender? {
    if let sender = file.sender { return sender }
    file.identify(isLast: isLast)
    guard let identity = file.identity else { return nil }
    if file.isNew, isCopy(file) { return nil }
    let (sender, booked) = try resume(identity, size: file.size)
    file.lines.skip(to: booked)
    file.sender = sender
    return sender
  }

  /// The sender that a file is, and the byte up to which it is booked.
  ///
  /// A file with more booked than it holds was emptied, and begins with the same line again: it goes
  /// on under the identity that follows. The last one that is booked is the one in use.
  private func resume(_ identity: Int64, size: Int64) throws -> (Sender, booked: Int64) {
    var sender = Sender(following: path, identity: identity)
    var booked = try feed.booked(sender)
    while booked > 0 {
      let next = Sender(following: path, identity: sender.epoch == .max ? 1 : sender.epoch + 1)
      let nextBooked = try feed.booked(next)
      guard nextBooked > 0 || booked > size else {
        try feed.leave(next)
        break
      }
      try feed.leave(sender)
      (sender, booked) = (next, nextBooked)
    }
    return (sender, booked)
  }

  // MARK: - Rotations

  /// Goes on with the file that the path names now; false when it is the one that is read already.
  private func followRotation() throws -> Bool {
    let rotation = current.rotation
    if case .none = rotation { return false }
    guard let next = try? FollowedFile(path: path) else { return false }
    let before = current
    current = next
    if case .renamed = rotation {
      try keep(before)
      try lookBeside(isStart: false)
    } else {
      remember(before)
      if let sender = before.sender { try feed.leave(sender) }
    }
    return true
  }

  /// Takes up files that were renamed while nobody looked.
  ///
  /// At the start these are the ones that were followed before and have more, and those that took their
  /// places since and were renamed in turn. Later they are those that were not there before: two
  /// rotations may fall into one pause. A copy of what was read, which a rotation by copying leaves, is
  /// none of them.
  private func lookBeside(isStart: Bool) throws {
    var seen: [Int64: Int64] = [:]
    let files = RotatedFiles.beside(path).compactMap { try? FollowedFile(path: $0) }
      .filter { file in !file.isSame(as: current) && !renamed.contains(where: file.isSame(as:)) }
    if isStart { left = try followedBefore(files) }
    for file in files {
      let isRotation = RotatedFiles.isRotation(file.lines.path, of: path)
      guard let identity = file.identity else {
        file.isNew = true
        if !isStart, isRotation { try keep(file) }
        continue
      }
      if let reached = left[identity] {
        seen[identity] = reached
        guard file.size > reached else { continue }
      } else if !isRotation || isCopy(file) {
        seen[identity] = .max
        continue
      }
      file.isNew = left[identity] == nil
      try keep(file)
    }
    left = seen
  }

  /// How far the files were read by earlier runs, as ``left`` has it.
  ///
  /// A file that none of them read was there before the first of them, and is not ours, unless it was
  /// written to after the last one that they did read: then it came and went between two runs.
  private func followedBefore(_ files: [FollowedFile]) throws -> [Int64: Int64] {
    var reached: [Int64: Int64] = [:]
    var lastWrite: Int64?
    for file in files + [current] {
      guard let identity = file.identity else { continue }
      reached[identity] = try booked(identity)
      guard reached[identity] != .max else { continue }
      lastWrite = max(lastWrite ?? .min, file.writtenAt)
      file.look(at: tb_steady_us())
      remember(file)
    }
    guard let lastWrite else { return reached }
    for file in files where file.writtenAt > lastWrite {
      if let identity = file.identity, reached[identity] == .max { reached[identity] = nil }
    }
    return reached
  }

  /// The byte up to which a file is booked; beyond any when it was never followed, and is not ours.
  private func booked(_ identity: Int64) throws -> Int64 {
    let (sender, booked) = try resume(identity, size: .max)
    try feed.leave(sender)
    return booked > 0 ? booked : .max
  }

  private func keep(_ file: FollowedFile) throws {
    file.wasRenamed(at: tb_steady_us())
    renamed.append(file)
    if renamed.count > Self.renamedMax { try leave(renamed.removeFirst()) }
  }

  private func remember(_ file: FollowedFile) {
    beginnings.append(file.beginning)
    if beginnings.count > Self.beginningsMax { beginnings.removeFirst() }
  }

  /// Whether the file begins as one that was read: a rotation by copying has left it, or a person.
  private func isCopy(_ file: FollowedFile) -> Bool {
    let read = (renamed + [current]).filter { $0 !== file }.map(\.beginning)
    return (beginnings + read).contains(where: file.isCopy(of:))
  }

  /// Leaves the renamed files that have not grown for a while.
  private func leaveStill() throws {
    let now = tb_steady_us()
    let still = renamed.filter { now - $0.grewAt >= Self.graceMicroseconds }
    renamed.removeAll { now - $0.grewAt >= Self.graceMicroseconds }
    for file in still { try leave(file) }
  }

  /// Reads the file to its end, where bytes without a newline are a line too, and closes it.
  private func leave(_ file: FollowedFile) throws {
    _ = try read(file, isLast: true, until: { false })
    if let identity = file.identity { left[identity] = file.sender == nil ? .max : file.lines.offset }
    guard let sender = file.sender else { return }
    remember(file)
    try feed.leave(sender)
  }
}
