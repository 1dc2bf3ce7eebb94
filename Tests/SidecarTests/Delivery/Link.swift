import CSystem

/// A connection that waits for nobody: what the kernel does not take is kept, what has come is read.
final class Link {
  private let descriptor: Int32
  private var unsent: ArraySlice<UInt8> = []
  private var heard: [UInt8] = []
  private(set) var isBroken = false

  /// Nil where nobody listens.
  init?(_ path: String) {
    descriptor = tb_connect_unix(path)
    if descriptor < 0 { return nil }
  }

  deinit { if descriptor >= 0 { _ = tb_close(descriptor) } }

  var hasUnsent: Bool { !unsent.isEmpty }
  /// Ends in the middle of a line, were it closed now.
  private(set) var isTorn = false

  func add(_ text: String) { unsent.append(contentsOf: text.utf8) }

  /// Writes up to so many bytes in one write.
  func write(atMost bytes: Int) {
    guard !isBroken, !unsent.isEmpty else { return }
    let piece = unsent.prefix(bytes)
    let sent = piece.withUnsafeBytes { tb_send(descriptor, $0.baseAddress, $0.count) }
    if sent > 0 {
      isTorn = piece[piece.startIndex + sent - 1] != 10
      unsent.removeFirst(sent)
    } else if sent != -11 {
      isBroken = true
    }
  }

  func read() {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while !isBroken {
      let count = tb_receive(descriptor, &chunk, chunk.count)
      if count == -11 { return }
      if count <= 0 { isBroken = true } else { heard += chunk[..<count] }
    }
  }

  /// The next whole line that was heard.
  func line() -> String? {
    guard let newline = heard.firstIndex(of: 10) else { return nil }
    defer { heard.removeSubrange(...newline) }
    return String(decoding: heard[..<newline], as: UTF8.self)
  }

  /// Status and body of the answer to a post, when all of it was heard.
  func answer() -> (status: Int, body: String)? {
    let text = String(decoding: heard, as: UTF8.self)
    guard let end = text.firstRange(of: "\r\n\r\n"),
      let length = text.firstMatch(of: /Content-Length: (\d+)/).flatMap({ Int($0.1) }),
      text[end.upperBound...].utf8.count >= length,
      let status = text.firstMatch(of: /HTTP\/1.1 (\d+)/).flatMap({ Int($0.1) })
    else { return nil }
    heard = []
    return (status, String(text[end.upperBound...]))
  }
}
