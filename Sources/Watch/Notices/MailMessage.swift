import Units

/// A notice as an e-mail: RFC 5322, plain text in UTF-8, lines that end in CRLF.
///
/// Its id is the notice's, so that a mail that is sent twice can be told; later notices of an incident
/// refer to the first, so that programs show them as one thread.
package enum MailMessage {
  /// Bytes of text in one word of RFC 2047: 45 become 60 of base 64, and the word stays below its 75.
  private static let wordMax = 45

  /// The whole mail.
  ///
  /// `from` and `to` are bare addresses.
  package static func mail(_ notice: Notice, from: String, to: [String]) -> String {
    let host = from.split(separator: "@").last.map(String.init) ?? "localhost"
    var lines = [
      "From: Tollbook <\(from)>", "To: " + to.map { "<\($0)>" }.joined(separator: ",\r\n "),
      "Subject: " + subject(notice.headline), "Date: \(date(notice.at))",
      "Message-ID: <\(notice.id)@\(host)>",
    ]
    if [.updated, .resolved].contains(notice.kind) {
      let first = "<\(notice.incident)_firing@\(host)>"
      lines += ["In-Reply-To: \(first)", "References: \(first)"]
    }
    lines += [
      "Auto-Submitted: auto-generated", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: base64", "",
    ]
    let text = notice.lines.joined(separator: "\r\n") + "\r\n"
    var rest = Base64Text.encoded(Array(text.utf8))[...]
    while !rest.isEmpty {
      lines.append(String(rest.prefix(76)))
      rest = rest.dropFirst(76)
    }
    return lines.joined(separator: "\r\n") + "\r\n"
  }

  /// The subject, in words of RFC 2047 where it is more than ASCII or too long for a line.
  static func subject(_ text: String) -> String {
    if text.utf8.count <= 60, text.utf8.allSatisfy({ (32..<127).contains($0) }) { return text }
    var words: [String] = []
    var word: [UInt8] = []
    for character in text.unicodeScalars {
      let bytes = Array(String(character).utf8)
      if word.count + bytes.count > wordMax {
        words.append(Base64Text.encoded(word))
        word = []
      }
      word += bytes
    }
    words.append(Base64Text.encoded(word))
    return words.map { "=?utf-8?B?\($0)?=" }.joined(separator: "\r\n ")
  }

  /// `Mon, 02 Mar 2026 10:05:00 +0000`.
  static func date(_ instant: Timestamp) -> String {
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let number = instant.day.number
    // 2026-03-02T10:05:00Z
    let text = "\(Timestamp(microseconds: instant.microseconds / 1_000_000 * 1_000_000))"
    let month = Int(text.dropFirst(5).prefix(2)) ?? 1
    let day = text.dropFirst(8).prefix(2)
    return "\(days[(number % 7 + 7) % 7]), \(day) \(months[month - 1]) \(text.prefix(4)) "
      + "\(text.dropFirst(11).prefix(8)) +0000"
  }
}
