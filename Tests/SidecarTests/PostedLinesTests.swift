import Testing

@testable import Sidecar

/// Where bodies are cut, and where they end.
@Suite struct PostedLinesTests {
  /// The lines of a body, `bad` where it is refused.
  private static func lines(_ body: String, _ form: PostedLines.Form) -> [String] {
    Array(body.utf8).withUnsafeBufferPointer { bytes in
      do throws(HTTPRefusal) {
        return try PostedLines(bytes, form).ranges.map { range in
          String(decoding: bytes[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
        }
      } catch {
        return [error.code]
      }
    }
  }

  private static let arrays: [(String, [String])] = [
    (#" {"a":1} "#, [#"{"a":1}"#]), ("[{},{}]", ["{}", "{}"]), ("\u{feff}[ 1 ,\n\"x\" ]\n", ["1", "\"x\""]),
    (#"[{"a":"],[\"]"},[[{}],2]]"#, [#"{"a":"],[\"]"}"#, "[[{}],2]"]), (#"["\\"]"#, [#""\\""#]),
    ("nonsense", ["nonsense"]), ("[]", ["empty_body"]), ("[ ] ", ["empty_body"]), ("", ["empty_body"]),
    ("\u{feff} ", ["empty_body"]), ("[", ["bad_json"]), ("[{}", ["bad_json"]), ("[{},]", ["bad_json"]),
    ("[,{}]", ["bad_json"]), ("[{}] x", ["bad_json"]), ("[{}]]", ["bad_json"]), ("[}", ["bad_json"]),
    (#"["\"#, ["bad_json"]),
  ]

  @Test(arguments: arrays)
  func `an array is cut at its own commas`(body: String, lines: [String]) {
    #expect(Self.lines(body, .json) == lines)
  }

  @Test func `lines end at newlines, the last one at the end`() {
    #expect(Self.lines("a\n\nb\r\nc", .lines) == ["a", "", "b\r", "c"])
    #expect(Self.lines("\u{feff}a\n", .lines) == ["a"])
    #expect(Self.lines("[{}]", .lines) == ["[{}]"])
    #expect(Self.lines(" \n \n", .lines) == ["empty_body"])
  }

  /// What a body decodes to when it comes in pieces of `size` bytes; nil when its end is missing.
  private static func body(_ text: String, header: String, inPiecesOf size: Int) throws(HTTPRefusal) -> String? {
    let head = try HTTPHead(parsing: ArraySlice("POST / HTTP/1.1\r\n\(header)\r\n\r\n".utf8))
    var framing = try HTTPFraming(head)
    var kept: [UInt8] = []
    var rest = Array(text.utf8)
    while !rest.isEmpty, !framing.isWhole {
      let piece = Array(rest.prefix(size))
      let used = try piece.withUnsafeBufferPointer { (bytes) throws(HTTPRefusal) in
        try framing.take(bytes) { (more) throws(HTTPRefusal) in
          kept += more
          return more.count
        }
      }
      rest.removeFirst(used)
    }
    return framing.isWhole ? String(decoding: kept, as: UTF8.self) + "|" + String(decoding: rest, as: UTF8.self) : nil
  }

  @Test(arguments: [1, 2, 3, 7, 1000])
  func `chunks and lengths end where they say, in whatever pieces they come`(size: Int) throws {
    let chunked = "Transfer-Encoding: chunked"
    #expect(
      try Self.body("5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\nGET", header: chunked, inPiecesOf: size) == "hello!|GET")
    #expect(try Self.body("A\nhello hell\n0\nTrailer: x\n\nG", header: chunked, inPiecesOf: size) == "hello hell|G")
    #expect(try Self.body("5\r\nhello\r\n0\r\n", header: chunked, inPiecesOf: size) == nil)
    #expect(try Self.body("5\r\nhel", header: chunked, inPiecesOf: size) == nil)
    #expect(try Self.body("hello, world", header: "Content-Length: 5", inPiecesOf: size) == "hello|, world")
    #expect(try Self.body("hello", header: "Content-Length: 6", inPiecesOf: size) == nil)
    for bad in ["\r\n", "g\r\n", "+5\r\n", "5\r\nhellox", "7fffffffffffffffff\r\n"] {
      #expect(throws: HTTPRefusal.self) { try Self.body(bad, header: chunked, inPiecesOf: size) }
    }
  }
}
