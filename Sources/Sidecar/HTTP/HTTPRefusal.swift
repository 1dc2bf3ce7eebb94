import Units

/// Why what came over HTTP is not done: the status, a name for it, the fact and the remedy.
package struct HTTPRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  package let status: Int
  package let code: String
  package let description: String
  /// Seconds after which trying again has a point; nil when it never has.
  package var retryAfterSeconds: Int?
  /// The method that would do.
  package var allow: String?
  /// How far the sender's lines are on disk, where that tells it how to go on.
  package var resumeAfter: Int64?

  package init(_ status: Int, _ code: String, _ words: String) {
    self.status = status
    self.code = code
    description = words
  }

  /// `{"error":{"code":…,"message":…}}`, as the socket says it.
  package var answer: HTTPAnswer {
    var members = [("code", JSONText.quoted(code)), ("message", JSONText.quoted(description))]
    if let resumeAfter { members.append(("resume_after", "\(resumeAfter)")) }
    var answer = HTTPAnswer(status, JSONText.object([("error", JSONText.object(members))]) + "\n")
    if let retryAfterSeconds { answer.headers.append(("Retry-After", "\(retryAfterSeconds)")) }
    if let allow { answer.headers.append(("Allow", allow)) }
    return answer
  }

  static func malformed(_ words: String) -> HTTPRefusal { HTTPRefusal(400, "bad_http", words) }

  /// There is no room or no disk for now: nothing was booked, and the same post will do later.
  static func busy(_ code: String, _ words: String, retryAfterSeconds: Int = 1) -> HTTPRefusal {
    var refusal = HTTPRefusal(503, code, words)
    refusal.retryAfterSeconds = retryAfterSeconds
    return refusal
  }
}
