import CSystem

/// One connection that speaks HTTP: what has come, and what has yet to be said.
final class HTTPConnection {
  let descriptor: Int32
  /// Names this connection as long as the daemon runs; descriptors come again.
  let token: UInt64
  /// It came over the port, not over the Unix socket.
  let isInet: Bool
  /// Its other end is on this host.
  let isLocal: Bool
  /// The user at the other end; -1 when unknown.
  let uid: Int64
  var state = State.head
  /// When it is given up, by the steady clock.
  var deadline: Int64
  /// When something came last, by the steady clock.
  var heardAt: Int64
  /// Bytes that have come and belong to nothing yet.
  var input: ContiguousArray<UInt8> = []
  /// Waits in the door's queue for its turn, and where its next piece of work is due.
  var isQueued = false
  var due = 0
  /// The kernel was told that nothing of it is read for now.
  var isUnheard = false
  var keepsAlive = true
  var isHeadOnly = false
  /// How what was asked last wants its answer, where it is an exporter of OpenTelemetry.
  var export: ExportForm?
  private var unsent: ArraySlice<UInt8> = []

  enum State {
    /// Waits for what will be asked, or reads it.
    case head
    case body(Coming)
    /// Its lines are with the reading thread.
    case waiting
    case answering
    /// Has its answer, and sends on what was refused.
    case lingering
  }

  /// A post whose body is on its way.
  final class Coming {
    let purpose: Purpose
    var framing: HTTPFraming
    let body: PostedBody

    init(_ purpose: Purpose, _ framing: HTTPFraming) {
      self.purpose = purpose
      self.framing = framing
      if case .lines(let post) = purpose {
        body = PostedBody(isPacked: post.isPacked)
      } else {
        body = PostedBody(isPacked: false)
      }
    }
  }

  /// What a body is for.
  enum Purpose {
    case lines(UsagePost)
    /// Something that is said of incidents; with the ledger it is meant for, where that is named.
    case act(ledger: String?)
  }

  init(descriptor: Int32, token: UInt64, isInet: Bool) {
    self.descriptor = descriptor
    self.token = token
    self.isInet = isInet
    isLocal = !isInet || tb_peer_is_local(descriptor) == 1
    uid = isInet ? -1 : tb_peer_uid(descriptor)
    heardAt = tb_steady_us()
    deadline = heardAt + HTTPLimits.headMilliseconds * 1000
  }

  /// Bytes of a body that is on its way in; nil when none is.
  var comingBytes: Int? {
    if case .body(let coming) = state { return coming.body.bytes.count }
    return nil
  }

  /// What has come of its body is not unpacked to its end.
  var isUnpacking: Bool {
    if case .body(let coming) = state { return coming.body.isUnpacking }
    return false
  }

  /// Something can be done for it before more of it comes.
  var hasWork: Bool { isUnpacking || reads && !input.isEmpty }

  /// Its answer comes when a post of it has been settled.
  var isWaiting: Bool {
    if case .waiting = state { return true }
    return false
  }

  /// Whether bytes that come are read now.
  var reads: Bool {
    switch state {
    case .head, .body, .lingering: true
    default: false
    }
  }

  /// Whether it could be closed for another that wants in: nobody is owed an answer.
  var isIdle: Bool {
    if case .head = state { return true }
    if case .lingering = state { return true }
    return false
  }

  var wantsOutput: Bool { !unsent.isEmpty }

  func add(_ bytes: [UInt8]) { unsent.append(contentsOf: bytes) }

  /// Sends what is unsent, as far as the kernel takes it; false when the connection is of no more use.
  func flush() -> Bool {
    while !unsent.isEmpty {
      let sent = unsent.withUnsafeBytes { tb_send(descriptor, $0.baseAddress, $0.count) }
      guard sent > 0 else { return sent == -11 }
      unsent.removeFirst(sent)
    }
    unsent = []
    return true
  }
}
