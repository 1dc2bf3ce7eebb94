import Calls

/// What a commit did, in the order of its ``BookBatch``.
package struct CommitReport: Sendable {
  /// The sealed batch; nil when no call was booked.
  package var batch: Int64?
  /// Calls booked, deltas among them.
  package var booked = 0
  /// Streams' further usage, booked as the difference.
  package var deltas = 0
  /// Calls that were booked before, with the same content.
  package var duplicates = 0
  /// Indices of those in ``BookBatch/calls``, rising.
  package var duplicateCalls: [Int32] = []
  /// Calls that another observer had told of: they are booked once, and this one's word is noted.
  package var observed = 0
  /// Indices in ``BookBatch/calls`` of those that added nothing, rising.
  package var observedCalls: [Int32] = []
  /// Sound calls that were not booked, with their reason.
  package var quarantined: [Quarantined] = []
  /// Where each of ``BookBatch/deadLetters`` is kept.
  package var deadLetters: [Int64] = []
  /// Dead letters, and quarantined calls, that went because their table was full.
  package var droppedLetters = 0
  package var droppedQuarantined = 0
  /// The commit failed at first, and was found on disk.
  package var wasSettled = false
  /// Pages in the write-ahead log, before the checkpoint.
  package var walPages = 0
  package var checkpoint = CheckpointOutcome.notNeeded

  package init() {}

  /// A call in quarantine.
  package struct Quarantined: Hashable, Sendable {
    /// Index in ``BookBatch/calls``.
    package let call: Int
    package let reason: Refusal
    /// Row of `dead_letter`.
    package let deadLetter: Int64
  }
}

/// The end of the chain: what is anchored outside the file.
package struct ChainHead: Hashable, Sendable {
  package let batches: Int64
  package let calls: Int64
  /// 32 bytes; nought before the first batch.
  package let hash: [UInt8]

  /// ``hash`` in hexadecimal, as reports show it.
  package var hexadecimal: String {
    hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  package static let empty = ChainHead(batches: 0, calls: 0, hash: Array(repeating: 0, count: 32))
}
