import Calls

/// What there is to know of a bucket once it is closed: all that the watch hears.
package struct ClosedBucket: Sendable {
  package let bucket: Bucket
  /// What each subject's calls came to in it; a subject may stand there more than once.
  package let facts: [(subject: Subject, facts: CallFacts)]
  /// Names of the numbered senders that sent since it began; nil where nobody listened, so that nobody was silent.
  package let heard: Set<String>?
  /// How many numbers each of them has skipped so far; empty where that is not known.
  package let skipped: [String: Int64]

  package init(
    _ bucket: Bucket, _ facts: [(subject: Subject, facts: CallFacts)] = [], heard: Set<String>? = nil,
    skipped: [String: Int64] = [:]
  ) {
    self.bucket = bucket
    self.facts = facts
    self.heard = heard
    self.skipped = skipped
  }
}
