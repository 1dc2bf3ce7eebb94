import Books
import CSystem
import Glibc

/// A file that is followed, under whatever name it bears by now.
final class FollowedFile {
  let lines: LineFile
  private let place: Place
  /// Nil while the first line is not whole: the identity would change with it.
  private(set) var identity: Int64?
  /// Set when its first line is known and what is booked of it is passed over.
  var sender: Sender?
  /// Taken up from beside the path, and never followed before: it may be a copy.
  var isNew = false
  /// Bytes it had when it last was looked at, and when it last had more, by the steady clock.
  private var sizeSeen: Int64 = -1
  private(set) var grewAt: Int64 = 0
  /// The file's first bytes, by which a copy of it is known.
  private(set) var beginning: [UInt8] = []

  /// Bytes of a first line that tell a file from another under the same name.
  private static let firstLineBytes = 512
  /// Bytes of a file's beginning that tell a copy of it.
  static let beginningBytes = 4096

  /// Which file it is on this machine, while somebody holds it open.
  struct Place: Hashable {
    let device: UInt64
    let inode: UInt64

    init(_ facts: stat) {
      device = UInt64(facts.st_dev)
      inode = UInt64(facts.st_ino)
    }
  }

  /// What has become of a file and of its path.
  enum Rotation {
    case none
    /// The path names another file; this one may still be written to.
    case renamed
    /// This one was emptied in place: what it held is gone.
    case truncated
  }

  /// - Throws: ``LineFileFault`` when the file cannot be opened.
  init(path: String) throws(LineFileFault) {
    lines = try LineFile(path: path)
    place = Place(Self.facts(lines.descriptor))
    identify()
  }

  private static func facts(_ descriptor: Int32) -> stat {
    var facts = stat()
    return fstat(descriptor, &facts) == 0 ? facts : stat()
  }

  func isSame(as other: FollowedFile) -> Bool { place == other.place }

  /// Bytes that the file has now.
  var size: Int64 { Int64(Self.facts(lines.descriptor).st_size) }

  /// When it was last written to, in nanoseconds since 1970 by the file system's clock.
  var writtenAt: Int64 {
    let time = Self.facts(lines.descriptor).st_mtim
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Finds the identity, once the first line is whole, or with `isLast` of what there is.
  func identify(isLast: Bool = false) {
    if identity == nil { identity = currentIdentity(isLast: isLast) }
  }

  /// Device, inode and first line of the file, as one number: another file has another.
  private func currentIdentity(isLast: Bool) -> Int64? {
    let line = bytes(Self.firstLineBytes)
    let first = line.prefix { $0 != 10 }
    guard first.count < line.count || line.count == Self.firstLineBytes || isLast && !line.isEmpty
    else { return nil }
    var mixed: UInt64 = place.device &* 0x9e37_79b9_7f4a_7c15 ^ place.inode
    for byte in first { mixed = (mixed ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int64(mixed >> 1)
  }

  private func bytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let read = pread(lines.descriptor, &bytes, count, 0)
    return Array(bytes.prefix(max(read, 0)))
  }

  /// Whether the file has other bytes than when it was last looked at.
  func look(at now: Int64) {
    let size = size
    guard size != sizeSeen else { return }
    sizeSeen = size
    grewAt = now
    if beginning.count < Self.beginningBytes { beginning = bytes(Self.beginningBytes) }
  }

  /// Its time of grace begins.
  func wasRenamed(at now: Int64) { grewAt = now }

  /// Whether its bytes and those of the other begin alike, as far as both go.
  func isCopy(of other: [UInt8]) -> Bool {
    let own = bytes(Self.beginningBytes)
    let common = min(own.count, other.count)
    return common > 0 && own.prefix(common).elementsEqual(other.prefix(common))
  }

  /// What has become of the file, which the path once named.
  var rotation: Rotation {
    let held = Self.facts(lines.descriptor)
    if Int64(held.st_size) < lines.reached { return .truncated }
    if let identity, currentIdentity(isLast: false) != identity, held.st_size > 0 {
      // Emptied, and grown again beyond where we stand.
      return .truncated
    }
    var named = stat()
    guard stat(lines.path, &named) == 0 else { return .none }
    return Place(named) == place ? .none : .renamed
  }
}
