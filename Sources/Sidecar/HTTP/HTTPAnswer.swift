/// What is answered over HTTP: a status, headers and a body.
package struct HTTPAnswer: Sendable {
  package let status: Int
  package var headers: [(name: String, value: String)]
  package let body: [UInt8]

  package init(_ status: Int, _ body: String, type: String = "application/json") {
    self.init(status, body: Array(body.utf8), type: type)
  }

  init(_ status: Int, body: [UInt8], type: String) {
    self.status = status
    self.body = body
    headers = [("Content-Type", type)]
  }

  /// The answer as it goes over the wire; without its body where only the head was asked for.
  func bytes(closes: Bool, isHeadOnly: Bool) -> [UInt8] {
    var head = "HTTP/1.1 \(status) \(Self.words[status] ?? "Unknown")\r\n"
    for header in headers { head += "\(header.name): \(header.value)\r\n" }
    head += "Content-Length: \(body.count)\r\n"
    // A page of this daemon is read by programs; no browser is to guess at it or show it in another.
    head += "X-Content-Type-Options: nosniff\r\n"
    head += closes ? "Connection: close\r\n\r\n" : "\r\n"
    return Array(head.utf8) + (isHeadOnly ? [] : body)
  }

  private static let words: [Int: String] = [
    200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    408: "Request Timeout", 409: "Conflict", 411: "Length Required", 413: "Content Too Large",
    415: "Unsupported Media Type", 421: "Misdirected Request", 429: "Too Many Requests",
    431: "Request Header Fields Too Large", 500: "Internal Server Error", 501: "Not Implemented",
    503: "Service Unavailable", 505: "HTTP Version Not Supported",
  ]
}
