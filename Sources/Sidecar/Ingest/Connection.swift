import CSystem
import Calls

/// One sender's connection: what it has said so far, and what it has yet to be told.
final class Connection {
  let descriptor: Int32
  /// The user at the other end; -1 when unknown.
  let uid: Int64
  var source = LinePump.Source()
  /// Nothing but white space has come yet: the next line may be a hello.
  var isFresh = true
  /// Bytes of a line whose end has not come, or lines that wait for room in the queue.
  var partial: ContiguousArray<UInt8> = []
  /// A line too long to keep is passing: its length and digest so far, and the number before it.
  var overlong: (length: Int, digest: OpaquePointer, number: Int64?)?
  /// The other end has closed its side.
  var hasEnded = false
  /// Waits for a batch with room for it before it is read on; the batch that had none.
  var isStalled = false
  var stalledIn = -1
  /// What it has of the batch.
  var share = BatchShare()

  /// Its user has sent more than the limit allows.
  var isThrottled = false

  /// Answers the kernel would not take yet.
  private var unsent: [UInt8] = []
  private(set) var wantsOutput = false
  /// The mark that was last sent.
  var acknowledged: Int64 = -1

  /// Bytes of answers kept for a sender that does not read them; then it is cut off.
  static let unsentBytesMax = 1 << 20

  /// Has more answers unread than are kept for it.
  var isDeaf: Bool { unsent.count > Self.unsentBytesMax }

  init(descriptor: Int32) {
    self.descriptor = descriptor
    uid = tb_peer_uid(descriptor)
  }

  deinit {
    if let overlong { tb_sha256_free(overlong.digest) }
  }

  /// Sends a line, or keeps it until the kernel takes it; false when the sender must be cut off.
  func send(_ line: String) -> Bool {
    unsent.append(contentsOf: line.utf8)
    return flush()
  }

  /// Sends what is unsent; false when the connection is of no more use.
  func flush() -> Bool {
    while !unsent.isEmpty {
      let sent = unsent.withUnsafeBytes { tb_send(descriptor, $0.baseAddress, $0.count) }
      if sent > 0 {
        unsent.removeFirst(sent)
      } else {
        wantsOutput = true
        return sent == -11 && !isDeaf
      }
    }
    wantsOutput = false
    return true
  }
}
