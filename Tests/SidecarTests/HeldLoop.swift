import Books
import CSystem
import Calls
import Foundation
import Rates
import Store
import Testing

@testable import Sidecar

/// A reading thread whose batches the test takes in the writing thread's place: the test decides when one is on disk.
///
/// So what goes with which batch is told by order, and by no clock.
final class HeldLoop {
  let folder = FileManager.default.temporaryDirectory.path + "/tollbook-\(UUID().uuidString.prefix(8))"
  let queue = CommitQueue()
  let counters = Counters()
  let exchange = PostExchange()
  let loop: IngestLoop
  private var held: BookBatch?

  var socket: String { folder + "/tollbook.sock" }
  var datagrams: String { folder + "/tollbook.dgram" }

  init(batchLines: Int = 100) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var reader = RateFileReader(digest: { String($0.utf8.count) })
    reader.read(
      #"{"issuer":"acme","route":"direct","currency":"USD","rounding":"half_even","source":"s","read_on":"2026-01-01","models":[{"model":"m","cards":[{"from":"2026-01-01","per":"1M tokens","rates":{"input":"2","output":"10"}}]}]}"#,
      file: "acme.json")
    var settings = DaemonSettings(data: folder, socket: folder + "/tollbook.sock")
    settings.flushMilliseconds = 1
    loop = IngestLoop(
      socket: try IngestSocket(path: settings.socket),
      datagrams: try IngestSocket(path: folder + "/tollbook.dgram", .datagrams),
      pump: LinePump(rates: try reader.book(origin: "test"), marks: [:], batchLinesMax: batchLines), queue: queue,
      counters: counters, log: EventLog(), exchange: exchange, settings: settings)
    loop.start()
  }

  /// Has the thread write and end what is left, and takes the folder away.
  deinit {
    if held != nil { settle() }
    loop.order { $0.isStopping = true }
    while take() != nil { settle() }
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// The next batch that is handed on: it is being written from here on.
  @discardableResult func take() -> BookBatch? {
    guard case .batch(let batch) = queue.next() else { return nil }
    held = batch
    return batch
  }

  /// The batch is on disk, and the next would be written at once.
  func settle(microseconds: Int64 = 1_000) {
    guard let held else { return }
    var report = CommitReport()
    report.booked = held.calls.count
    report.deadLetters = held.deadLetters.indices.map { Int64($0 + 1) }
    self.held = nil
    queue.settle(held, report, microseconds: microseconds)
    queue.rest()
  }

  /// Hands a post over, as the thread for HTTP does.
  func post(_ body: String, lines: Int, connection: UInt64 = 1) {
    let bytes = ContiguousArray(body.utf8)
    var ranges: ContiguousArray<Range<Int32>> = []
    var start = bytes.startIndex
    for place in bytes.indices where bytes[place] == 10 {
      ranges.append(Int32(start)..<Int32(place))
      start = place + 1
    }
    #expect(ranges.count == lines)
    let post = LinePost(
      connection: connection, uid: -1, body: bytes + [UInt8](repeating: 0, count: 16), lines: ranges, numbering: nil,
      defaults: CallDefaults(["provider": "acme"]))
    #expect(exchange.put(post))
    tb_event_raise(loop.wake)
  }

  /// Waits until so many lines have been taken since the start, and no more than those.
  func waitFor(taken lines: Int, _ place: SourceLocation = #_sourceLocation) {
    waitFor(atLeast: lines)
    #expect(counters.linesTaken.now == lines, sourceLocation: place)
  }

  func waitFor(atLeast lines: Int) { while counters.linesTaken.now < lines { tb_pause(200) } }

  /// A sender that was told that it is known.
  func sender(_ client: String) throws -> RawSender {
    let sender = try RawSender(socket)
    sender.send(RawSender.hello(client))
    _ = try sender.hear("{\"ready\"")
    return sender
  }
}
