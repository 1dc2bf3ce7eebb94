import Calls
import Units

/// What one commit takes: calls in order, with all that they refer to.
///
/// Filled by one thread and then handed to another; never by two at once.
package final class BookBatch: @unchecked Sendable {
  package var calls: ContiguousArray<BookedCall> = []
  /// Bytes that ``BookedCall/details`` point into.
  package var details: ContiguousArray<UInt8> = []
  /// Meters beyond input, cache read and output, in the order of their calls.
  package var otherMeters: ContiguousArray<OtherMeter> = []
  /// Provider's ids that the calls bear, all together.
  package var providerIDs = 0
  /// Dimensions first used by this batch; their numbers continue those of earlier batches.
  package var newDimensions: [Dimension] = []
  /// The numbers of dimensions start again at nought with this batch: what earlier batches called
  /// them is forgotten.
  package var startsDimensions = false
  package var deadLetters: [DeadLetter] = []
  /// Senders first used by this batch; their numbers continue those of earlier batches.
  package var newSenders: [Sender] = []
  /// How far each sender's lines reach with this batch, dead letters and duplicates included.
  package var marks: [Int32: MarkMove] = [:]

  /// Lines that settle dead letters; their calls are booked where the letter is still there.
  package var replays: [Replay] = []
  /// What each sender has open of streams since this batch, as lines of our own; empty for nothing.
  package var openMessages: [Int32: String] = [:]

  package init() {}

  /// Empties the batch and keeps its memory.
  package func removeAll() {
    calls.removeAll(keepingCapacity: true)
    details.removeAll(keepingCapacity: true)
    otherMeters.removeAll(keepingCapacity: true)
    providerIDs = 0
    newDimensions.removeAll()
    startsDimensions = false
    deadLetters.removeAll()
    newSenders.removeAll()
    marks.removeAll(keepingCapacity: true)
    openMessages.removeAll()
    replays.removeAll()
  }

  /// Lines that the batch settles, booked or not.
  package var isEmpty: Bool { calls.isEmpty && deadLetters.isEmpty && marks.isEmpty && replays.isEmpty }

  /// A line that was refused before and is none any more.
  package struct Replay: Sendable {
    /// The letter that it names; 0 for the oldest with its digest.
    package let letter: Int64
    /// SHA-256 of the line, 32 bytes.
    package let sha256: [UInt8]
    /// Its calls, as indices of the batch's.
    package let calls: Range<Int>

    package init(letter: Int64, sha256: [UInt8], calls: Range<Int>) {
      self.letter = letter
      self.sha256 = sha256
      self.calls = calls
    }
  }
}

/// A quantity of a meter without a column of its own.
package struct OtherMeter: Sendable {
  /// Index of its call in ``BookBatch/calls``.
  package let call: Int32
  package let meter: Meter
  package let quantity: Int64

  package init(call: Int32, meter: Meter, quantity: Int64) {
    self.call = call
    self.meter = meter
    self.quantity = quantity
  }
}

/// A sender in acknowledged mode: its numbered lines are booked once.
package struct Sender: Hashable, Sendable {
  package let client: String
  package let epoch: Int64

  package init(client: String, epoch: Int64) {
    self.client = client
    self.epoch = epoch
  }
}

/// What a batch adds to a sender's mark.
package struct MarkMove: Sendable {
  /// The highest number settled.
  package var number: Int64
  package var gaps: Int64
  package var replays: Int64

  package init(number: Int64, gaps: Int64 = 0, replays: Int64 = 0) {
    self.number = number
    self.gaps = gaps
    self.replays = replays
  }
}

/// A line that became no call: why, how long, which bytes; never what it said.
package struct DeadLetter: Sendable {
  package let received: Timestamp
  /// -1 in plain mode.
  package let sender: Int32
  /// 0 in plain mode.
  package let number: Int64
  package let reason: Refusal
  package let length: Int
  /// SHA-256 of the line, 32 bytes.
  package let sha256: [UInt8]

  package init(
    received: Timestamp, sender: Int32, number: Int64, reason: Refusal, length: Int,
    sha256: [UInt8]
  ) {
    self.received = received
    self.sender = sender
    self.number = number
    self.reason = reason
    self.length = length
    self.sha256 = sha256
  }
}
