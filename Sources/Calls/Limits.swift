/// Every limit on what comes in, with its unit.
package enum Limits {
  /// A line, without its newline.
  package static let lineBytes = 1 << 20
  /// Objects and arrays inside one another.
  package static let depth = 64
  /// An `id` or `provider_request_id`.
  package static let idBytes = 200
  /// Names such as `team`, `project`, `user`, `key`, `session`, `provider`, `route`.
  package static let attributionBytes = 128
  /// A model's name; longer ones are real (fine-tunes, paths).
  package static let modelBytes = 256
  /// Tags of one call.
  package static let tags = 16
  /// Digits of a number that is read.
  package static let numberBytes = 40
  /// How far a line's number may lie beyond the one before it: a slip of the pen would mute the sender.
  package static let numberStep: Int64 = 1_000_000_000
  /// Calls that one line of another program's shape may tell of: spans of one export.
  package static let callsOfLine = 2_000
  /// Bytes of the lines of our own that such a line is unfolded to.
  package static let unfoldedBytes = 16 << 20
  /// Names of unknown usage keys kept with a call.
  package static let unknownKeys = 8
}
