import Calls
import Testing

/// What stands before a line that came through a logger.
@Suite struct SyslogHeaderTests {
  @Test(arguments: [
    (#"{"a":1}"#, #"{"a":1}"#),
    // RFC 5424, as `logger --rfc5424` writes it, with and without structured data.
    (#"<13>1 2026-11-20T10:00:00.1+01:00 host app 12 - - {"a":1}"#, #"{"a":1}"#),
    (#"<13>1 2026-11-20T10:00:00Z host app - ID47 [x@1 k="v"][y@2 q="a \"]\" {"] {"a":1}"#, #"{"a":1}"#),
    ("<13>1 - - - - - - \u{feff}{\"a\":1}", #"{"a":1}"#),
    // Not our JSON, and yet a message: it is refused as what it is, not for its header.
    ("<13>1 2026-11-20T10:00:00Z host app - - - hello", "hello"),
    // RFC 3164, and what `logger` writes to a Unix socket.
    (#"<13>Nov 20 10:00:00 host app[12]: {"a":1}"#, #"{"a":1}"#),
    (#"<13>Nov 20 10:00:00 root: {"a":1}"#, #"{"a":1}"#), (#"<7>{"a":1}"#, #"{"a":1}"#),
    // No header: nothing is passed over.
    ("<13", "<13"), ("<>x", "<>x"), ("<1234>x", "<1234>x"), ("<1a>x", "<1a>x"), ("", ""),
    // A header that is torn has no message.
    ("<13>1 2026-11-20T10:00:00Z host", ""), (#"<13>1 - - - - - [x@1 k="v"#, ""),
  ])
  func `the message begins behind the header`(datagram: String, message: String) {
    let bytes = Array(datagram.utf8)
    bytes.withUnsafeBufferPointer { all in
      let length = SyslogHeader.length(of: all)
      #expect(String(decoding: all[length...], as: UTF8.self) == message)
    }
  }
}
