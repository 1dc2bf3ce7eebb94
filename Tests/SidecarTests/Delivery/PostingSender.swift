/// A sender that posts its lines over HTTP: numbered by `first_n`, or by their ids alone.
///
/// One post after the other; where the answer does not come, it asks how far its lines are, and posts the rest again.
final class PostingSender {
  let client: String?
  private var link: Link?
  private var spool: [Int] = []
  private var acknowledged = 0
  private var state = State.idle

  private enum State {
    case idle
    case asking
    /// Waits for the answer to a post of the lines up to that number.
    case posting(upTo: Int)
  }

  /// Posts at most so many lines at once.
  static let linesMax = 50

  init(client: String?) { self.client = client }

  var isSettled: Bool { acknowledged == spool.count }

  func keep(_ call: Int) { spool.append(call) }

  func disconnect() { link = nil }

  /// Goes on as far as that is possible without waiting.
  func turn(_ path: String, atMost bytes: Int, _ obligations: inout Obligations) -> String? {
    if let link {
      link.write(atMost: bytes)
      link.read()
      if let (status, body) = link.answer() { return take(status, body, &obligations) }
      if !link.isBroken { return nil }
    }
    // The connection is gone, or there was none: what became of the post is asked, or the same ids are posted again.
    link = Link(path)
    guard let link else { return nil }
    if case .idle = state {} else { obligations.did(.postsAskedAnew) }
    state = .idle
    if let client {
      link.add("GET /v1/usage/resume?client=\(client)&epoch=1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
      state = .asking
    } else {
      post(&obligations)
    }
    return nil
  }

  private func post(_ obligations: inout Obligations) {
    let last = min(spool.count, acknowledged + Self.linesMax)
    guard last > acknowledged, let link else { return state = .idle }
    let calls = spool[acknowledged..<last]
    let body = calls.map { DaemonProcess.call("o-\($0)", input: $0) + "\n" }.joined()
    for call in calls { obligations.send(call) }
    let query = client.map { "?client=\($0)&epoch=1&first_n=\(acknowledged + 1)" } ?? ""
    link.add(
      "POST /v1/usage\(query) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    state = .posting(upTo: last)
    obligations.did(client == nil ? .plainPosts : .posts)
  }

  private func take(_ status: Int, _ body: String, _ obligations: inout Obligations) -> String? {
    // It is told to come again: the connection ends, and the next turn begins anew.
    if status == 503 || status == 429 {
      link = nil
      return nil
    }
    guard status == 200 else { return body }
    var reached = acknowledged
    if let number = body.firstMatch(of: /"resume_after":(\d+)/).flatMap({ Int($0.1) }) {
      reached = number
    } else if case .posting(let last) = state {
      reached = last
    }
    for place in acknowledged..<max(acknowledged, min(reached, spool.count)) { obligations.acknowledge(spool[place]) }
    acknowledged = max(acknowledged, reached)
    post(&obligations)
    return nil
  }

  /// Begins a post where there is none on its way.
  func begin(_ obligations: inout Obligations) {
    if case .idle = state, link != nil { post(&obligations) }
  }
}
