import CSystem
import Calls
import Units

/// What is asked over HTTP, and what is answered.
extension HTTPDoor {
  /// Where lines are posted.
  ///
  /// A body of another kind has its own path here, and its own way of becoming lines.
  static let usagePath = "/v1/usage"
  static let resumePath = "/v1/usage/resume"
  /// Where people say what they make of incidents.
  static let actsPath = "/v1/alerts/acts"

  /// Answers with the refusal; where that leaves bytes unread, the connection ends.
  func refuse(_ connection: HTTPConnection, _ refusal: HTTPRefusal) {
    counters.postsRefused.add(1)
    connection.keepsAlive = false
    answer(connection, connection.export?.answer(refusal) ?? refusal.answer)
  }

  func answer(_ connection: HTTPConnection, _ answer: HTTPAnswer) {
    if health.isStopping { connection.keepsAlive = false }
    connection.add(answer.bytes(closes: !connection.keepsAlive, isHeadOnly: connection.isHeadOnly))
    connection.state = .answering
    connection.deadline = tb_steady_us() + HTTPLimits.answerMilliseconds * 1000
    send(connection)
  }

  /// Tells the posters whose lines are on disk.
  func answerSettled() {
    for post in exchange.takeSettled(by: .http) {
      outstanding.posts -= 1
      outstanding.bytes -= post.body.count
      guard let connection = connections[post.connection], connection.isWaiting else { continue }
      if post.refusal != nil { counters.postsRefused.add(1) }
      answer(connection, connection.export?.answer(post) ?? post.answer)
      queue(connection)
    }
  }

  /// Tells those who posted acts that are on disk.
  func answerActs() {
    for (token, answer) in acts.takeSettled() {
      guard let connection = connections[token], connection.isWaiting else { continue }
      if answer.status != 200 { counters.postsRefused.add(1) }
      self.answer(connection, answer)
      queue(connection)
    }
  }

  // MARK: - Heads

  func begin(_ connection: HTTPConnection) throws(HTTPRefusal) {
    // A line end before a head is passed over, as RFC 9112 asks.
    connection.input.removeFirst(connection.input.prefix { $0 == 10 || $0 == 13 }.count)
    guard let length = HTTPHead.length(in: ArraySlice(connection.input)), length <= HTTPLimits.headBytes else {
      if connection.input.count > HTTPLimits.headBytes {
        throw HTTPRefusal(
          431, "head_too_large", "The head is larger than \(HTTPLimits.headBytes >> 10) KiB. Shorten it.")
      }
      let soonest = tb_steady_us() + HTTPLimits.headMilliseconds * 1000
      if !connection.input.isEmpty { connection.deadline = min(connection.deadline, soonest) }
      return
    }
    connection.isHeadOnly = false
    connection.export = nil
    let head = try HTTPHead(parsing: ArraySlice(connection.input[..<length]))
    connection.input.removeFirst(length)
    connection.keepsAlive = head.keepsAlive
    connection.isHeadOnly = head.method == "HEAD"
    let framing = try HTTPFraming(head)
    switch head.path {
    case Self.usagePath:
      try guardAgainstOthers(head, connection)
      try expect("POST", head)
      try beginPost(.lines(UsagePost(head)), framing, head, connection)
    case Self.resumePath:
      try guardAgainstOthers(head, connection)
      try expect("GET", head)
      try ask(head, framing, connection)
    case Self.actsPath:
      try guardAgainstOthers(head, connection)
      try expect("POST", head)
      try ActPost.check(head, connection, socket: actsSocket)
      try beginPost(.act(ledger: head.query.first?.value), framing, head, connection)
    default:
      guard let signal = ExportForm.signal(of: head.path) else { return try page(head, framing, connection) }
      let form = ExportForm(signal, head)
      connection.export = form
      try guardAgainstOthers(head, connection)
      try expect("POST", head)
      try beginPost(.lines(UsagePost(head, export: form)), framing, head, connection)
    }
  }

  private func expect(_ method: String, _ head: HTTPHead) throws(HTTPRefusal) {
    guard head.method != method else { return }
    var refusal = HTTPRefusal(405, "wrong_method", "\(head.path) is asked with \(method).")
    refusal.allow = method
    throw refusal
  }

  /// Refuses what comes from another host, and what a page of another site could make a browser send.
  private func guardAgainstOthers(_ head: HTTPHead, _ connection: HTTPConnection) throws(HTTPRefusal) {
    guard head["origin"] == nil, head["sec-fetch-site"].map({ $0 == "none" }) ?? true else {
      throw HTTPRefusal(403, "from_a_browser", "A web page sent this. Lines are posted by programs, without an Origin.")
    }
    guard connection.isLocal else {
      throw HTTPRefusal(403, "not_local", "This came from another host. Lines are posted by programs of this one.")
    }
    guard !connection.isInet || HTTPAddress.isNumeric(host: head["host"]) else {
      throw HTTPRefusal(
        421, "wrong_host", "Host is neither an address nor localhost. Post to 127.0.0.1, or over the Unix socket.")
    }
  }

  private func page(
    _ head: HTTPHead, _ framing: HTTPFraming, _ connection: HTTPConnection
  ) throws(HTTPRefusal) {
    guard head.method == "GET" || head.method == "HEAD" else {
      if pages(head) != nil { try expect("GET", head) }
      throw Self.noPage(head)
    }
    guard let found = pages(head) else { throw Self.noPage(head) }
    if !framing.isWhole { connection.keepsAlive = false }
    connection.due += HTTPLimits.pageBytes
    answer(connection, found)
  }

  private static func noPage(_ head: HTTPHead) -> HTTPRefusal {
    HTTPRefusal(404, "no_page", "Nothing is at this path. Lines are posted to \(usagePath); see /healthz and /metrics.")
  }

  private func ask(_ head: HTTPHead, _ framing: HTTPFraming, _ connection: HTTPConnection) throws(HTTPRefusal) {
    let sender = try UsagePost.sender(head)
    if !framing.isWhole { connection.keepsAlive = false }
    connection.state = .waiting
    connection.deadline = tb_steady_us() + HTTPLimits.settleMilliseconds * 1000
    watch(connection)
    try handOver(LinePost(connection: connection.token, asking: sender))
  }

  // MARK: - Bodies

  private func beginPost(
    _ purpose: HTTPConnection.Purpose, _ framing: HTTPFraming, _ head: HTTPHead, _ connection: HTTPConnection
  ) throws(HTTPRefusal) {
    switch framing {
    case .none: throw HTTPRefusal(411, "no_length", "There is no Content-Length. State it, or send chunks.")
    case .length(0):
      // An export without a part is none the less one.
      guard case .lines(let post) = purpose, case .export(let form) = post.content else { throw .emptyBody }
      return answer(connection, form.accepted)
    case .length(let bytes) where bytes > HTTPLimits.bodyBytes: throw .bodyTooLarge
    default: break
    }
    switch health.state {
    case .waiting, .failed:
      throw .busy(
        "not_writable", "The ledger cannot be written for now; /readyz says why. Post it again later.",
        retryAfterSeconds: 5)
    case .stopping: throw .stopping
    case .starting, .ready: break
    }
    let coming = connections.values.count { $0.comingBytes != nil }
    guard coming + outstanding.posts < HTTPLimits.posts || endSlowest(but: connection) else {
      throw .busy("too_many_posts", "\(HTTPLimits.posts) posts are on their way. Post it again in a second.")
    }
    connection.state = .body(HTTPConnection.Coming(purpose, framing))
    connection.deadline = tb_steady_us() + HTTPLimits.bodyMilliseconds * 1000
    if head["expect"]?.lowercased() == "100-continue", connection.input.isEmpty {
      connection.add(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
      send(connection)
    }
  }

  /// Ends the body of which nothing has come for the longest, or else the one that has been on its way the longest,
  /// where that is long; false when there is none.
  ///
  /// So that those who begin bodies and leave them, or send them byte by byte, shut out nobody.
  func endSlowest(but other: HTTPConnection) -> Bool {
    let now = tb_steady_us()
    let coming = connections.values.filter { $0.comingBytes != nil && $0 !== other }
    // What waits for its turn here is not its sender's silence.
    let silent = coming.filter { !$0.hasWork && now - $0.heardAt >= HTTPLimits.silenceMilliseconds * 1000 }
    if let slowest = silent.min(by: { $0.heardAt < $1.heardAt }) {
      refuse(slowest, .slow)
      return true
    }
    guard let slowest = coming.min(by: { $0.deadline < $1.deadline }) else { return false }
    let patience = (HTTPLimits.bodyMilliseconds - HTTPLimits.yieldMilliseconds) * 1000
    guard slowest.deadline < now + patience else { return false }
    refuse(slowest, .slow)
    return true
  }

  /// Bytes of bodies that are on their way in, or wait for the disk.
  var heldBytes: Int {
    connections.values.reduce(outstanding.bytes) { $0 + ($1.comingBytes ?? 0) }
  }

  func handOver(
    act body: ContiguousArray<UInt8>.SubSequence, for ledger: String?, _ connection: HTTPConnection
  ) throws(HTTPRefusal) {
    guard body.count <= HTTPLimits.actBytes else { throw .actTooLarge }
    connection.state = .waiting
    connection.deadline = tb_steady_us() + HTTPLimits.settleMilliseconds * 1000
    watch(connection)
    try acts.take(ActPost(text: String(decoding: body, as: UTF8.self), ledger: ledger), from: connection.token)
  }
}
