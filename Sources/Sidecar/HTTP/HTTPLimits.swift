/// Limits of the HTTP doors, with their units.
package enum HTTPLimits {
  /// Connections at once, over both doors.
  package static let connections = 256
  /// Posts at once: on their way in, or waiting for the disk.
  package static let posts = 64
  /// A post's body, packed and unpacked.
  package static let bodyBytes = 16 << 20
  /// The body of an act on an alert.
  package static let actBytes = 32 << 10
  /// All bodies that are held at once.
  package static let heldBytes = 48 << 20
  /// Lines of one body.
  package static let lines = 100_000
  /// First line and headers of what is asked.
  package static let headBytes = 16 << 10
  package static let headers = 64
  /// Refused lines that an answer names; all of them are counted.
  package static let refusedLines = 100
  /// Milliseconds for a connection to say what it asks; the next time it may take longer to begin.
  static let headMilliseconds: Int64 = 10_000
  static let idleMilliseconds: Int64 = 60_000
  /// Milliseconds for a body to come.
  static let bodyMilliseconds: Int64 = 30_000
  /// Milliseconds after which a body that still comes makes room for another, where there is none left; of which
  /// nothing comes, the second.
  static let yieldMilliseconds: Int64 = 1_000
  static let silenceMilliseconds: Int64 = 250
  /// Milliseconds for lines to be on disk, before their poster is told to try again.
  static let settleMilliseconds: Int64 = 30_000
  /// Milliseconds for an answer to be read.
  static let answerMilliseconds: Int64 = 10_000
  /// Milliseconds, and bytes, of a body that was refused and still comes: its sender reads the answer only then.
  static let lingerMilliseconds: Int64 = 2_000
  /// Bytes of a packed body that are unpacked in one turn of the thread's loop.
  static let sliceBytes = 256 << 10
  /// Bytes of a body that is made lines of on the thread itself, in one turn.
  static let promptBytes = 64 << 10
  /// Bytes of a body beyond which it is made lines of beside others like it, and not among smaller ones.
  static let lightBytes = 1 << 20
  /// Bytes of a body that count as as much work as one page.
  static let pageBytes = 64 << 10
  /// Bytes read from one connection before the next has its turn.
  static let readBytes = 64 << 10
  /// Connections that wait to be accepted.
  static let backlog: Int32 = 128
}
