import Books
import CSystem
import Calls
import Rates
import Units

/// Lines in, batches for the ledger out: decodes, prices and numbers, and keeps count of senders.
///
/// Belongs to one thread. It knows nothing of sockets and files, which feed it, or of SQLite.
package struct LinePump: ~Copyable {
  /// Lines that a batch takes at most.
  package let batchLinesMax: Int
  /// Subjects kept in memory; beyond that the tables are dropped between batches and made anew.
  package static let subjectsMax = 20_000

  /// Clients' epochs known at once, those of the ledger included.
  package static let sendersMax = 200_000

  var decoder: CallDecoder
  private var table: DimensionTable
  private var rates: RateBook
  var call = Call()
  /// The number of the line taken last; that of its connection's line before, where it has none.
  package internal(set) var lastNumber: Int64 = 0
  var batch = BookBatch()
  private var spare: [BookBatch] = []
  /// Lines that the current batch has settled, booked or not.
  package internal(set) var lines = 0

  var senderNumbers: [Sender: Int32] = [:]
  var senders: ContiguousArray<SenderState> = []
  var moved: [Int32] = []

  var openMessages = OpenMessages()
  /// The message that the delta decoded last belongs to.
  var joined: OpenMessages.Message?
  /// Senders whose open messages have changed since the last batch, and of whom the ledger keeps some.
  var messagesMoved: Set<Int32> = []
  var messagesKept: Set<Int32> = []

  struct SenderState {
    let sender: Sender
    /// The highest number taken, booked or on its way.
    var taken: Int64
    /// The highest number on disk.
    var marked: Int64
    var gaps: Int64 = 0
    var replays: Int64 = 0
    var hasMoved = false
  }

  /// `marks` is how far each sender's lines are booked already.
  package init(
    rates: RateBook, mappings: LineMappings = .none, marks: [Sender: Int64],
    openMessages kept: [Sender: String] = [:], batchLinesMax: Int
  ) {
    self.rates = rates
    decoder = CallDecoder(mappings: mappings)
    table = DimensionTable(rates: rates)
    self.batchLinesMax = batchLinesMax
    batch.startsDimensions = true
    for (sender, mark) in marks.sorted(by: { $0.key.client < $1.key.client }) {
      let number = number(of: sender, marked: mark)
      guard let text = kept[sender] else { continue }
      openMessages.restore(text, of: .sender(number), at: Timestamp(microseconds: tb_wall_us()))
      messagesKept.insert(number)
    }
    decoder.joinsMessages = true
  }

  /// What was wrong with the last hello that was refused.
  package var helloFault: HelloFault? { decoder.helloFault }
  package var isFull: Bool { lines >= batchLinesMax }
  package var isEmpty: Bool { batch.isEmpty && moved.isEmpty }

  /// Takes one line without its newline; 16 bytes behind its last one must be readable.
  ///
  /// A line of another program may tell of several calls: they go into one batch, and so into one
  /// commit, under the line's one number. What is refused of it is a dead letter, the rest is booked.
  /// `number` is the line's number where its source numbers it; else the line's own `n`.
  package mutating func take(
    _ line: UnsafeBufferPointer<UInt8>, from source: Source, at arrival: Timestamp,
    number: Int64? = nil
  ) -> Outcome {
    lastNumber = source.lastNumber
    if source.isReplay { return replay(line, from: source, at: arrival, number: number) }
    let other = decoder.decode(
      line, arrival: source.standIn.at ?? arrival, defaults: source.defaults, into: &call)
    guard let event = decoder.event else {
      let outcome = take(other, line, from: source, at: arrival, number: number)
      return decoder.hasMore ? takeRest(line, after: outcome, from: source, at: arrival) : outcome
    }
    joined = nil
    let whole = join(event, other, line, from: source, at: arrival, number: number)
    let outcome = take(whole, line, from: source, at: arrival, number: number)
    if case .taken = outcome { follow(event, from: source, at: arrival) }
    return outcome
  }

  /// Takes what further calls the line tells of, once its number is settled.
  mutating func takeRest(
    _ line: UnsafeBufferPointer<UInt8>, after first: Outcome, from source: Source, at arrival: Timestamp
  ) -> Outcome {
    var outcome = first
    var place = 0
    switch first {
    case .replayed, .refused(.missingNumber), .refused(.numberTooFar):
      decoder.dropRest()
      return first
    default: break
    }
    while decoder.hasMore {
      place += 1
      switch decoder.decodeNext(arrival: source.standIn.at ?? arrival, defaults: source.defaults, into: &call) {
      case nil:
        if source.sender >= 0 { call.number = lastNumber }
        book(source, place)
        if case .ignored = outcome { outcome = .taken }
      case .refused(let reason):
        deadLetter(line, reason, source, number: source.sender >= 0 ? lastNumber : 0, at: arrival)
        if case .refused = outcome { break }
        outcome = .refused(reason)
      default: break
      }
    }
    return outcome
  }

  private mutating func book(_ source: Source, _ place: Int = 0) {
    lines += 1
    if call.key == 0 { call.key = source.standIn.key(ofCall: place) }
    table.book(
      &call, of: decoder.subjects, details: &decoder.details, sender: source.sender, into: batch)
  }

  mutating func take(
    _ other: CallDecoder.NoCall?, _ line: UnsafeBufferPointer<UInt8>, from source: Source,
    at arrival: Timestamp, number: Int64?
  ) -> Outcome {
    switch other {
    case nil:
      if let number { call.number = number }
      if source.sender >= 0 {
        guard call.number > 0 else {
          dropDetails()
          // It takes no number: the next line's would be taken for a resend.
          return refuse(line, .missingNumber, Source(), at: arrival, number: nil)
        }
        guard !isTooFar(call.number, source) else {
          dropDetails()
          return refuse(line, .numberTooFar, Source(), at: arrival, number: nil)
        }
        guard settle(call.number, of: source) else {
          dropDetails()
          return .replayed
        }
      }
      book(source)
      return .taken
    case .ignored(let reason):
      let number = number ?? decoder.lineNumber
      if let number, isTooFar(number, source) {
        return refuse(line, .numberTooFar, Source(), at: arrival, number: nil)
      }
      _ = passOver(source, number)
      return .ignored(reason)
    case .refused(let reason):
      let number = number ?? decoder.lineNumber
      if let number, isTooFar(number, source) {
        return refuse(line, .numberTooFar, Source(), at: arrival, number: nil)
      }
      return refuse(line, reason, source, at: arrival, number: number)
    case .blank: return passOver(source, number)
    case .hello(let hello):
      // Inside a file, or behind the hello of its sender, it is of no meaning.
      return source.isFile ? passOver(source, number) : .hello(hello)
    }
  }

  /// Settles a line that tells of no call, where its source numbers it.
  private mutating func passOver(_ source: Source, _ number: Int64?) -> Outcome {
    if source.sender >= 0, let number, settle(number, of: source) { lines += 1 }
    return .passedOver
  }

  /// Takes a sender's last bytes, which no newline ended: a whole line, or a torn one.
  ///
  /// In acknowledged mode a torn line is dropped: it was never acknowledged, so its sender has it.
  package mutating func takeLast(
    _ line: UnsafeBufferPointer<UInt8>, from source: Source, at arrival: Timestamp,
    number: Int64? = nil
  ) -> Outcome {
    if source.sender >= 0 {
      switch decoder.decode(line, arrival: arrival, defaults: source.defaults, into: &call) {
      case nil: dropDetails()
      case .refused: return .passedOver
      default: break
      }
    }
    return take(line, from: source, at: arrival, number: number)
  }

  mutating func dropDetails() {
    decoder.details.bytes.removeLast(call.details.count)
  }

  // MARK: - Batches

  /// Whether a sender waits to be told that the current batch is on disk.
  package var isAwaited: Bool { !moved.isEmpty }

  /// The batch as it stands, for the ledger; the pump goes on with an empty one.
  package mutating func seal() -> BookBatch {
    for sender in moved {
      let state = senders[Int(sender)]
      batch.marks[sender] = MarkMove(
        number: state.taken, gaps: state.gaps, replays: state.replays)
      senders[Int(sender)].gaps = 0
      senders[Int(sender)].replays = 0
      senders[Int(sender)].hasMoved = false
    }
    moved.removeAll(keepingCapacity: true)
    if !messagesMoved.isEmpty { sealMessages() }
    let sealed = batch
    swap(&sealed.details, &decoder.details.bytes)
    batch = spare.popLast() ?? BookBatch()
    swap(&batch.details, &decoder.details.bytes)
    lines = 0
    if decoder.subjects.subjects.count > Self.subjectsMax {
      decoder = CallDecoder(mappings: decoder.mappings)
      decoder.joinsMessages = true
      table = DimensionTable(rates: rates)
      batch.startsDimensions = true
    }
    return sealed
  }

  /// Takes back a batch that is on disk, to fill it again.
  package mutating func recycle(_ batch: BookBatch) {
    batch.removeAll()
    if spare.count < 4 { spare.append(batch) }
  }

  /// Reads lines of no known shape from here on by other mappings.
  package mutating func replace(mappings: LineMappings) { decoder.mappings = mappings }

  /// Prices lines from here on by another book.
  package mutating func replace(rates: RateBook) {
    self.rates = rates
    table.replace(rates: rates)
  }
}
