/// Why a line is no call, by name.
///
/// The raw value is the code that senders, dead letters and metrics see; it never changes meaning.
package enum Refusal: String, CaseIterable, Hashable, Sendable, Error {
  case badJSON = "bad_json"
  case notAnObject = "not_an_object"
  case notUTF8 = "not_utf8"
  case tooLong = "too_long"
  case torn = "torn"
  case tooDeep = "too_deep"
  case duplicateKey = "duplicate_key"
  case badText = "bad_text"
  case textTooLong = "text_too_long"
  case tooManyTags = "too_many_tags"
  case emptyID = "empty_id"
  case wrongType = "wrong_type"
  case negativeCount = "negative_count"
  case fractionalCount = "fractional_count"
  case countTooLarge = "count_too_large"
  case badTime = "bad_time"
  case badNumber = "bad_number"
  case tooManyCalls = "too_many_calls"
  case noUsage = "no_usage"
  case missingNumber = "missing_n"
  case numberTooFar = "n_too_far"
  case badHello = "bad_hello"
  case idConflict = "id_conflict"
  case streamUnknown = "stream_unknown"
  case streamsMixed = "streams_mixed"
  case observationDiffers = "observation_differs"
  case ledgerFull = "ledger_full"

  /// Whether it leaves the sender's next lines without a sure number, so that the sender must begin anew.
  package var endsConnection: Bool { self == .missingNumber || self == .numberTooFar }

  /// Fact and remedy, in a sentence or two.
  package var explanation: String {
    switch self {
    case .badJSON: "The line is not JSON. Send one JSON object a line."
    case .notAnObject: "The line is JSON but no object. Send one JSON object a line."
    case .notUTF8: "The line is not UTF-8. Encode it as UTF-8."
    case .tooLong:
      "The line is longer than \(Limits.lineBytes) bytes. Leave prompts and outputs out of it."
    case .torn: "The line ends before its object does. Send it whole, ended by a newline."
    case .tooDeep:
      "The line nests more than \(Limits.depth) objects or arrays. Send the usage, not the payload."
    case .duplicateKey: "The line has one key twice, so its value is unknown. Send each key once."
    case .badText:
      "A text has a control character or a broken escape. Send plain Unicode text."
    case .textTooLong:
      "A text is too long: an id takes \(Limits.idBytes) bytes, a model \(Limits.modelBytes), "
        + "other names \(Limits.attributionBytes)."
    case .tooManyTags: "The line has more than \(Limits.tags) tags. Keep those you report by."
    case .emptyID: "The id is empty. Leave it out, or send 1 to \(Limits.idBytes) bytes."
    case .wrongType: "A known field has a value of another type. See docs/line.md for its type."
    case .negativeCount: "A count is negative. Send what was used, nought or more."
    case .fractionalCount: "A count of whole things has a fraction. Send a whole number."
    case .countTooLarge:
      "A count is beyond \(Usage.wholeQuantityMax) units or 115 days. Send the count in its own unit."
    case .badTime: "The time is no RFC 3339 text or Unix time between 2000 and 2100."
    case .badNumber: "A number cannot be read exactly. Send a plain decimal of at most 40 digits."
    case .tooManyCalls:
      "The line tells of more than \(Limits.callsOfLine) calls. Export fewer spans at a time."
    case .noUsage: "The line has neither usage, units, a status nor a cost, so it tells of no call."
    case .missingNumber: "The line has no n, though the connection began with hello. Number it."
    case .numberTooFar:
      "The line's n is more than \(Limits.numberStep) beyond the one before. Number lines 1, 2, 3."
    case .badHello:
      "The hello is not of version 1 with a client of 1 to 128 bytes, an epoch of 0 to 2^63-1 and known defaults."
    case .idConflict:
      "The id was booked before with other content. Send each call under an id of its own."
    case .streamUnknown:
      "The event belongs to no message that began on its connection. Send message_start first, or the final message."
    case .streamsMixed:
      "Several messages are open on the connection, and the event names none. Put the message's id beside its events."
    case .observationDiffers:
      "Another sender told of the call before, under the provider's id, with other usage. Accept or drop it by hand."
    case .ledgerFull:
      "All sums together would pass 9.2 billion dollars or 9.2e18 units. Look for absurd counts; begin a new ledger."
    }
  }
}
