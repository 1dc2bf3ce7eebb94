import CSystem
import Calls
import Units

/// One sender of Fluent Forward: what has come of its messages, and what it has yet to be told.
final class ForwardConnection {
  let descriptor: Int32
  /// Names this connection as long as the daemon runs; descriptors come again.
  let token: UInt64
  /// The user at the other end; -1 when unknown.
  let uid: Int64
  /// Bytes that have come and are in no post yet.
  private(set) var input: ContiguousArray<UInt8> = []
  private var framing = MessageFraming()
  /// Bytes of the input that are lines already, and the message behind them that is being read.
  private var used = 0
  private var records = ForwardRecords()
  private var reading: (message: ForwardReading, length: Int)?
  /// Bytes of that message that are done.
  private var done = 0
  var isReading: Bool { reading != nil }
  var isLarge: Bool { isReading && done > ForwardLimits.largeBytes }
  /// It has one of the places for large messages.
  var hasPlace = false
  /// When bytes of it came last, by the steady clock.
  var lastRead: Int64 = 0
  /// Waits in the door's queue for its turn, and where its next piece of work is due.
  var isQueued = false
  var due = 0
  /// Posts that the reading thread has.
  var posts = 0
  /// Posts that its user may not send yet, and when it may, by the steady clock; and one that was begun before that.
  var held: (posts: [LinePost], until: Int64)?
  var behindHeld: LinePost?
  /// The other end has closed its side.
  var hasEnded = false
  /// Nothing is listened for on it.
  var isAside = false
  private var unsent: ArraySlice<UInt8> = []

  /// Why a sender is cut off.
  enum Fault: Error {
    /// No further message can be found in the bytes.
    case malformed
    /// A message has more records, or more bytes once unpacked, than are taken at once.
    case tooLarge

    var reason: String {
      switch self {
      case .malformed: "no message of Forward can be found in what it sent"
      case .tooLarge:
        "a message has more than \(ForwardLimits.records) records, or more than "
          + "\(ForwardLimits.messageBytes >> 20) MiB unpacked: let it send smaller chunks"
      }
    }
  }

  init(descriptor: Int32, token: UInt64) {
    self.descriptor = descriptor
    self.token = token
    uid = tb_peer_uid(descriptor)
  }

  /// Whether further bytes of it are wanted.
  var reads: Bool { !hasEnded && !isQueued && mayBegin }
  /// Whether a further message may be begun: nothing is held, and not too many posts are on their way.
  var mayBegin: Bool { held == nil && posts < ForwardLimits.postsOfConnection }
  /// More of it has come, and is in no post yet, than any sender may keep.
  var isLong: Bool { input.count > ForwardLimits.partialBytesShare }
  /// Nothing of it is on its way to the disk, nor waits for its turn.
  var isQuiet: Bool { posts == 0 && held == nil && behindHeld == nil && !isQueued }
  var wantsOutput: Bool { !unsent.isEmpty }

  func add(_ bytes: UnsafeBufferPointer<UInt8>) { input.append(contentsOf: bytes) }

  /// Keeps a post until then, behind those that are held already.
  func hold(_ post: LinePost, until: Int64) {
    held = ((held?.posts ?? []) + [post], max(held?.until ?? until, until))
  }

  /// What a turn came to.
  enum Progress {
    /// Nothing can be done before more has come.
    case waits
    case goesOn
    case post(LinePost)
  }

  /// Goes on by a slice with what has come: whole messages come to lines, and these to a post.
  ///
  /// - Throws: ``Fault`` for bytes after which nothing more of the connection can be taken.
  func goOn() throws(Fault) -> Progress {
    var fault: Fault?
    var slice = ForwardLimits.sliceBytes
    var isAtEnd = false
    input.withUnsafeBufferPointer { bytes in
      do throws(Fault) {
        while slice > 0, !isAtEnd, reading != nil || !records.isFull {
          isAtEnd = try !goOn(with: MessagePack.Bytes(rebasing: bytes[used...]), &slice)
        }
      } catch { fault = error }
    }
    // What came whole before it is booked; the fault is met again.
    if let fault, records.isEmpty { throw fault }
    let isDone = isAtEnd || fault != nil || reading == nil && records.isFull
    guard isDone else { return .goesOn }
    input.removeFirst(used)
    used = 0
    guard !records.isEmpty else { return .waits }
    defer { records = ForwardRecords() }
    return .post(records.post(of: self))
  }

  /// Goes on with the message at the beginning of `bytes`; false where its end has not come.
  private func goOn(with bytes: MessagePack.Bytes, _ slice: inout Int) throws(Fault) -> Bool {
    if reading == nil {
      let seen = framing.seen
      do throws(MessagePack.Fault) {
        guard !bytes.isEmpty, let length = try framing.length(in: bytes, sliceBytes: slice) else {
          slice -= framing.seen - seen
          return framing.isCut && !bytes.isEmpty
        }
        // Looking for its end is work too, but what has come of it before is not done again.
        slice -= length - seen
        let message = MessagePack.Bytes(rebasing: bytes[..<length])
        reading = (ForwardReading(message, parts: framing.parts, into: &records), length)
        done = 0
      } catch { throw .malformed }
    }
    guard case (var message, let length)? = reading else { return false }
    var isDone = false
    let before = slice
    do throws(Fault) {
      isDone = try message.goOn(with: MessagePack.Bytes(rebasing: bytes[..<length]), into: &records, slice: &slice)
    } catch {
      reading = nil
      throw error
    }
    done += before - slice
    if isDone {
      reading = nil
      used += length
    } else {
      reading = (message, length)
    }
    return true
  }

  /// Sends bytes, or keeps them until the kernel takes them; false when the sender must be cut off.
  func send(_ bytes: [UInt8]) -> Bool {
    unsent.append(contentsOf: bytes)
    return flush()
  }

  /// Sends what is unsent; false when the connection is of no more use.
  func flush() -> Bool {
    while !unsent.isEmpty {
      let sent = unsent.withUnsafeBytes { tb_send(descriptor, $0.baseAddress, $0.count) }
      guard sent > 0 else { return sent == -11 && unsent.count <= ForwardLimits.unsentBytes }
      unsent.removeFirst(sent)
    }
    unsent = []
    return true
  }
}
