import Books
import Calls
import Store
import Units

/// A post's lines on their way through the reading thread, and what became of them.
///
/// A door's thread makes it and hands it over; the reading thread hands it back. It belongs to one of them at a time.
final class LinePost: @unchecked Sendable {
  /// Whom to answer.
  let connection: UInt64
  let uid: Int64
  let body: ContiguousArray<UInt8>
  let lines: ContiguousArray<Range<Int32>>
  let numbering: (sender: Sender, first: Int64)?
  /// Asks how far the sender's lines are on disk, and nothing else.
  let isQuestion: Bool

  let door: PostExchange.Door
  /// Whose lines keep their order, from one post to the next.
  var origin: Origin { Origin(door: door, connection: connection) }

  struct Origin: Hashable {
    let door: PostExchange.Door
    let connection: UInt64
  }

  /// By line: what stands in for its id and time where it has none; none for lines of HTTP.
  private let standIns: ContiguousArray<LinePump.StandIn>
  /// What its sender is told when all of it is on disk, where that is no answer of HTTP.
  let acknowledgements: [UInt8]

  var source = LinePump.Source()
  /// What it has of the batch.
  var share = BatchShare()
  /// Where the next piece of it is due among those of the other posts.
  var due = 0
  /// The next line to take.
  var next = 0
  /// The batch, counted from the daemon's start, that must be on disk before the post is.
  var lastBatch = -1
  private(set) var taken = 0
  /// Calls of the lines, of those that were refused in part too; a line may tell of several.
  private var calls = 0
  private(set) var replayed = 0
  private(set) var passedOver = 0
  private(set) var duplicates = 0
  private var observed = 0
  private(set) var refusedCount = 0
  /// Refused lines by their reason; all of them.
  private(set) var reasons: [Refusal: Int] = [:]
  private var quarantinedCount = 0
  private var refused: [RefusedLine] = []
  private var runs: [Run] = []
  /// Why nothing of it was done; or how far the sender is.
  var refusal: HTTPRefusal?
  var resumeAfter: Int64?

  /// A line that is kept as a dead letter.
  private struct RefusedLine {
    let line: Int
    let reason: Refusal
    let batch: Int
    /// Index in the batch's dead letters; nil for a call in quarantine, whose letter is known.
    let place: Int?
    var deadLetter: Int64 = 0
  }

  /// Neighbouring lines whose calls are neighbours in a batch, one a line; or one line with several calls.
  private struct Run {
    let batch: Int
    let firstCall: Int
    var calls: Int
    let firstLine: Int
    var lines: Int
  }

  init(
    connection: UInt64, uid: Int64, body: ContiguousArray<UInt8>, lines: ContiguousArray<Range<Int32>>,
    numbering: (sender: Sender, first: Int64)?, defaults: CallDefaults
  ) {
    self.connection = connection
    self.uid = uid
    self.body = body
    self.lines = lines
    self.numbering = numbering
    isQuestion = false
    door = .http
    standIns = []
    acknowledgements = []
    // As in a file: a hello inside is of no meaning.
    source.isFile = true
    source.defaults = defaults
  }

  init(connection: UInt64, asking sender: Sender) {
    self.connection = connection
    uid = -1
    body = []
    lines = []
    numbering = (sender, 1)
    isQuestion = true
    door = .http
    standIns = []
    acknowledgements = []
  }

  /// Records of Fluent Forward as lines.
  init(
    connection: UInt64, uid: Int64, body: ContiguousArray<UInt8>, lines: ContiguousArray<Range<Int32>>,
    standIns: ContiguousArray<LinePump.StandIn>, acknowledgements: [UInt8]
  ) {
    self.connection = connection
    self.uid = uid
    self.body = body
    self.lines = lines
    numbering = nil
    isQuestion = false
    door = .forward
    self.standIns = standIns
    self.acknowledgements = acknowledgements
    source.isFile = true
  }

  /// Where the next line comes from, for the pump.
  var sourceOfNext: LinePump.Source {
    guard next < standIns.count else { return source }
    var source = source
    source.standIn = standIns[next]
    return source
  }

  /// Notes what became of the next line, which began at `places` of that batch.
  func note(
    _ outcome: LinePump.Outcome, batch: Int, from places: (calls: Int, deadLetters: Int), calls: Int
  ) {
    self.calls += calls
    add(Run(batch: batch, firstCall: places.calls, calls: calls, firstLine: next, lines: 1))
    switch outcome {
    case .taken: taken += 1
    case .replayed: replayed += 1
    case .refused(let reason):
      refuse(RefusedLine(line: next, reason: reason, batch: batch, place: places.deadLetters))
    case .passedOver, .ignored, .hello: passedOver += 1
    }
    next += 1
  }

  private func add(_ run: Run) {
    if let last = runs.last, last.batch == run.batch, last.firstCall + last.calls == run.firstCall,
      last.firstLine + last.lines == run.firstLine, last.calls == last.lines, run.calls == 1
    {
      runs[runs.count - 1].calls += 1
      runs[runs.count - 1].lines += 1
    } else if run.calls > 0 {
      runs.append(run)
    }
  }

  private func refuse(_ line: RefusedLine) {
    refusedCount += 1
    reasons[line.reason, default: 0] += 1
    if refused.count < HTTPLimits.refusedLines { refused.append(line) }
  }

  /// Learns what of its lines a batch on disk has: where dead letters are, which calls were booked before.
  func settle(_ batch: Int, _ report: CommitReport) {
    for place in refused.indices where refused[place].batch == batch {
      guard let index = refused[place].place, index < report.deadLetters.count else { continue }
      refused[place].deadLetter = report.deadLetters[index]
    }
    for run in runs where run.batch == batch {
      let calls = run.firstCall..<run.firstCall + run.calls
      duplicates += report.duplicateCalls.places(of: calls) { Int($0) }.count
      observed += report.observedCalls.places(of: calls) { Int($0) }.count
      for kept in report.quarantined[report.quarantined.places(of: calls) { $0.call }] {
        quarantinedCount += 1
        let line = run.calls == run.lines ? run.firstLine + kept.call - run.firstCall : run.firstLine
        refuse(RefusedLine(line: line, reason: kept.reason, batch: batch, place: nil, deadLetter: kept.deadLetter))
      }
    }
    runs.removeAll { $0.batch == batch }
  }

  /// What its poster is told; ask when all of it is on disk.
  var answer: HTTPAnswer {
    if let refusal { return refusal.answer }
    if isQuestion { return HTTPAnswer(200, "{\"resume_after\":\(resumeAfter ?? 0)}\n") }
    let named = refused.sorted { $0.line < $1.line }.map { line in
      "{\"line\":\(line.line + 1),\"code\":\"\(line.reason.rawValue)\",\"dead_letter\":\(line.deadLetter)}"
    }
    var members: [(name: String, json: String)] = [
      ("taken", "\(taken)"), ("booked", "\(calls - duplicates - observed - quarantinedCount)"),
      ("duplicates", "\(duplicates)"), ("observed", "\(observed)"),
      ("replayed", "\(replayed)"), ("passed_over", "\(passedOver)"), ("refused_lines", "\(refusedCount)"),
      ("refused", JSONText.array(named)),
    ]
    if let resumeAfter { members.append(("resume_after", "\(resumeAfter)")) }
    return HTTPAnswer(200, JSONText.object(members) + "\n")
  }
}

extension Array {
  /// Where the elements lie whose calls are among those, in a list whose calls rise.
  ///
  /// Searched for: a post may have as many runs as a batch has duplicates.
  fileprivate func places(of calls: Range<Int>, _ call: (Element) -> Int) -> Range<Int> {
    func first(from bound: Int) -> Int {
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        if call(self[middle]) < bound { low = middle + 1 } else { high = middle }
      }
      return low
    }
    return first(from: calls.lowerBound)..<first(from: calls.upperBound)
  }
}
