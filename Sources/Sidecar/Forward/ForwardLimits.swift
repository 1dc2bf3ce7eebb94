/// Limits of the door for Fluent Forward, with their units.
enum ForwardLimits {
  /// Connections at once.
  static let connections = 256
  /// A message, as it came and unpacked.
  static let messageBytes = 8 << 20
  /// Records of one message.
  static let records = 100_000
  /// Values within one record, however short they are.
  static let recordValues = 1 << 17
  /// What a message says behind its records, as it came.
  static let optionBytes = 64 << 10
  /// The name of a chunk, as it came.
  static let chunkBytes = 256
  /// Bytes that such a name has at least where it is a chunk's own for good: shorter ones are counters that begin anew.
  static let ownChunkBytes = 16
  /// Bytes of messages whose end has not come, over all connections.
  static let partialBytes = 32 << 20
  /// Milliseconds that a sender may send nothing while all others with long messages wait for it.
  static let aloneMilliseconds: Int64 = 1_000
  /// Bytes of such a message that a connection may always keep.
  static let partialBytesShare = 128 << 10
  /// Bytes of lines that wait for the disk, after which no further message is read.
  static let heldBytes = 32 << 20
  /// Further bytes of them, for senders that have none there and no long message.
  static let smallBytes = 32 << 20
  /// Bytes of lines that go to the reading thread at once; the message that passes it still goes with them.
  static let postBytes = 1 << 20
  /// Posts of one connection that wait for the disk.
  static let postsOfConnection = 4
  /// Bytes of acknowledgements kept for a sender that does not read them; then it is cut off.
  static let unsentBytes = 1 << 20
  /// Bytes read from one connection before the next has its turn.
  static let readBytes = 128 << 10
  /// Bytes of messages, or of what is unpacked of one, that are gone on with in one turn of the thread's loop.
  static let sliceBytes = 64 << 10
  /// Messages that are made lines of at once, of those of which more than so many bytes are done; further ones wait.
  static let largeMessages = 4
  static let largeBytes = 512 << 10
  /// Milliseconds given to bytes that are on their way when the daemon is told to stop.
  static let drainMilliseconds: Int64 = 2_000
}
