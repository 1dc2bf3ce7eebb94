import Units
import Watch

/// What a round of the watch leaves behind, beside the notices it made.
package struct WatchRecord: Sendable {
  /// The last bucket it was shown.
  package let bucket: Bucket
  package let parts: [BucketWatch.Part]
  /// Whether these are all of its parts, so that others are gone.
  package let isWhole: Bool
  /// What became of acts, in their order.
  package var answers: [(act: Int64, answer: String)] = []
  /// Who looks after which incidents now.
  package var acknowledged: [(incident: String, author: String)] = []
  /// Silences that are in force now, and the numbers of those that are no more, in their order.
  package var silences: [SilenceChange] = []

  /// A silence begins, or is ended before its time.
  package enum SilenceChange: Sendable {
    case begins(Silence)
    case ends(Int64)
  }

  package init(bucket: Bucket, parts: [BucketWatch.Part], isWhole: Bool) {
    self.bucket = bucket
    self.parts = parts
    self.isWhole = isWhole
  }
}

/// A notice, and what each receiver is to be sent of it; none where it is only kept.
package struct AlertPost: Sendable {
  package let notice: Notice
  package let letters: [OutboxLetter]

  package init(_ notice: Notice, to letters: [OutboxLetter]) {
    self.notice = notice
    self.letters = letters
  }
}

extension WatchRecord {
  private static let sql = NamedStatements("watch.sql")

  /// Characters of an answer.
  static let answerMax = 1_000

  /// Writes it into the transaction that is open.
  func write(to database: Database) throws(StoreFault) {
    let keep = try database.prepare(Self.sql["keep_part"])
    for part in parts {
      keep.bind(1, part.name)
      keep.bind(2, Int64(bucket.number))
      keep.bind(3, blob: part.body)
      try keep.run()
    }
    if isWhole {
      let drop = try database.prepare(Self.sql["drop_parts"])
      drop.bind(1, Int64(bucket.number))
      try drop.run()
    }
    let answer = try database.prepare(Self.sql["answer_act"])
    for (act, text) in answers {
      answer.bind(1, act)
      answer.bind(2, NoticeLimits.cut(text, to: Self.answerMax))
      try answer.run()
    }
  }
}
