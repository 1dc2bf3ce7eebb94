import Books
import CSystem
import Calls
import Rates
import Store
import Units

/// Lines of files into the ledger without a daemon: one thread reads, prices and commits.
package final class LedgerFeed {
  private var pump: LinePump
  private let writer: LedgerWriter
  package private(set) var tally = IngestTally()

  /// - Throws: ``StoreFault`` when the ledger cannot be opened; a running daemon holds it.
  package init(
    folder: String, rates: RateBook, mappings: LineMappings = .none, batchLines: Int
  ) throws(StoreFault) {
    writer = try LedgerWriter(folder: folder, now: Timestamp(microseconds: tb_wall_us()))
    pump = LinePump(
      rates: rates, mappings: mappings, marks: writer.marks(), openMessages: writer.openMessages,
      batchLinesMax: batchLines)
  }

  /// Whether the file has been followed before, by this run or an earlier one.
  package func hasFollowed(_ name: String, epoch: Int64) -> Bool {
    writer.marks()[Sender(client: "file:" + name, epoch: epoch)] != nil
  }

  /// Makes the source of a file that is followed: its lines are numbered by the byte they end at,
  /// so that what is booked is never read into the books again.
  package func follow(_ name: String, epoch: Int64) -> (source: LinePump.Source, resumeAfter: Int64) {
    let joined = pump.join(Sender(client: "file:" + name, epoch: epoch))
    var source = LinePump.Source(sender: joined.number, defaults: .none)
    source.isFile = true
    return (source, joined.resumeAfter)
  }

  /// Takes one line; a full batch is committed before this returns.
  ///
  /// `line` is bytes without the newline; 16 more must be readable behind them.
  package func take(
    _ line: UnsafeBufferPointer<UInt8>, from source: LinePump.Source = LinePump.Source(),
    number: Int64? = nil
  ) throws(StoreFault) {
    let now = Timestamp(microseconds: tb_wall_us())
    let outcome =
      line.count > Limits.lineBytes
      ? pump.refuse(line, .tooLong, source, at: now, number: number)
      : pump.take(line, from: source, at: now, number: number)
    tally.lines += 1
    if case .refused(let reason) = outcome { tally.refused[reason, default: 0] += 1 }
    if case .passedOver = outcome { tally.passedOver += 1 }
    if case .ignored(let reason) = outcome {
      tally.passedOver += 1
      tally.ignored[reason, default: 0] += 1
    }
    if case .hello = outcome { tally.passedOver += 1 }
    if case .replayed = outcome { tally.duplicates += 1 }
    if pump.isFull { try commit() }
  }

  /// Nothing more comes of a file that is not followed.
  package func leave(_ source: LinePump.Source) { pump.leave(source) }

  /// Commits what has been taken.
  package func commit() throws(StoreFault) {
    guard !pump.isEmpty else { return }
    let batch = pump.seal()
    let report = try writer.commit(batch, at: Timestamp(microseconds: tb_wall_us()))
    tally.booked += report.booked
    tally.duplicates += report.duplicates
    tally.observed += report.observedCalls.count
    for call in report.quarantined { tally.refused[call.reason, default: 0] += 1 }
    var others = Set(report.duplicateCalls.map(Int.init)).union(report.observedCalls.map(Int.init))
    others.formUnion(report.quarantined.map(\.call))
    tally.unpriced += batch.calls.indices.count { batch.calls[$0].state == .unpriced && !others.contains($0) }
    for (sender, move) in batch.marks { pump.marked(sender, upTo: move.number) }
    pump.recycle(batch)
  }

  package func close() { writer.close() }
}

/// What became of the lines of an ingest.
package struct IngestTally: Sendable {
  package var lines = 0
  package var booked = 0
  package var duplicates = 0
  /// Calls that another observer had told of.
  package var observed = 0
  /// Calls without a price, of those that were booked.
  package var unpriced = 0
  package var passedOver = 0
  /// Those of the lines passed over that tell of something else than a call, by reason.
  package var ignored: [Ignored: Int] = [:]
  package var refused: [Refusal: Int] = [:]

  package init() {}
}
