import ArgumentParser
import Audit
import CSystem
import Foundation
import Store

/// Measures the daemon and what it is made of: ingest, pricing, size, reports.
struct DaemonBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "daemon",
    abstract: "Measure ingest, pricing, size and reports, and print them as a table.")

  @Option(help: "Calls of one ingest run.") var calls: Int64 = 1_000_000
  @Option(help: "Calls in the ledger when the report is timed.") var reportCalls: Int64 = 10_000_000
  @Option(help: "Lines of a paced run, one a millisecond.") var pacedLines = 5_000
  @Option(help: "Runs of which the median is shown.") var runs = 3
  @Option(help: "The daemon's binary.") var binary = ".build/release/tollbook"
  @Option(help: "Source of the plain C program to compare with.")
  var plainC = SharedFiles.path("prototypes/ledger/bench.c")
  @Flag(help: "Only prices: charges, other libraries, memory of a book.") var pricesOnly = false
  @Flag(help: "Only ingest, so many runs of it.") var ingestOnly = false
  @Flag(help: "Only what a paced sender feels, alone and beside one that floods.") var pacedOnly = false
  @Option(help: "Where each figure is written, one JSON object a line.") var output = ".build/bench.json"

  mutating func run() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/tollbench-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var table = BenchTable()
    if ingestOnly || pacedOnly {
      if ingestOnly { try ingestAlone(folder, &table) }
      if pacedOnly { try paced(folder + "/paced", &table) }
      return print(table.text)
    }
    try pricing(&table)
    if pricesOnly { return print(table.text) }
    let plain = PlainC(source: plainC, folder: folder)
    var plainRuns: [PlainC.Result] = []
    var ingestRuns: [IngestLoad.Result] = []
    var bytesPerCall: [Double] = []
    for run in 0..<runs {
      if let plain { plainRuns.append(try plain.run(calls: calls, folder: folder)) }
      let (result, bytes) = try ingest(folder + "/run-\(run)")
      ingestRuns.append(result)
      bytesPerCall.append(bytes)
      try? FileManager.default.removeItem(atPath: folder + "/run-\(run)")
    }
    let c = plainRuns.isEmpty ? nil : median(plainRuns.map(\.perSecond))
    table.add("ingest", median(ingestRuns.map(\.perSecond)), "calls/s", against: c)
    table.add(
      "ingest_cpu", median(ingestRuns.map(\.cpuPerLine)), "us/call",
      against: plainRuns.isEmpty ? nil : median(plainRuns.map(\.cpuPerCall)))
    table.add(
      "disk", median(bytesPerCall), "bytes/call",
      against: plainRuns.isEmpty ? nil : median(plainRuns.map(\.bytesPerCall)))
    try paced(folder + "/paced", &table)
    table.add("line", Double(ingestRuns[0].bytesPerLine), "bytes")
    table.add("resident", Double(ingestRuns.map(\.residentBytes).max() ?? 0) / 1e6, "MB")
    try report(folder + "/long", &table, first: median(ingestRuns.map(\.perSecond)))
    print(table.text)
    try table.json.write(toFile: output, atomically: true, encoding: .utf8)
  }

  /// Charges, and what other libraries reckon in the same run; the memory of a large book.
  private func pricing(_ table: inout BenchTable) throws {
    // First, while nothing else has left its pages to this process.
    let book = try RateBookLoad.run(models: 10_000)
    table.add("book_of_10000_models", Double(book.residentBytes) / 1e6, "MB")
    table.add("book_of_10000_models_read", book.milliseconds, "ms")
    let load = try PricingLoad()
    table.add("pricing", median(try (0..<runs).map { _ in try load.charges(5_000_000) }), "charges/s")
    let priced = median(try (0..<runs).map { _ in try load.priced(5_000_000) })
    table.add("priced_calls", priced, "calls/cpu-s")
    if let payloads = try ShapeLoad.payloads(100_000) {
      table.add("litellm_payloads", payloads, "lines/cpu-s", against: 40_000)
    } else {
      table.leave("litellm_payloads", "not measured: no samples in \(SharedFiles.path("samples"))")
    }
    if let spans = try ExportLoad.spans(200_000) {
      table.add("otlp_spans", spans, "spans/cpu-s", against: 100_000)
    } else {
      table.leave("otlp_spans", "not measured: no samples in \(SharedFiles.path("samples"))")
    }
    let libraries = try PriceLibraries.perSecond()
    for (name, library) in [("genai_prices", "genai-prices"), ("litellm", "litellm")] {
      if let other = libraries?[library] {
        table.add("priced_calls_to_\(name)", priced, "calls/cpu-s", against: other)
      } else {
        table.leave("priced_calls_to_\(name)", "not measured: make oracle first")
      }
    }
  }

  private func ingest(_ folder: String) throws -> (IngestLoad.Result, Double) {
    let daemon = try DaemonUnderTest(binary: binary, folder: folder)
    var mill = LineMill()
    let result = try IngestLoad.run(daemon, mill: &mill, lines: calls, epoch: 1)
    daemon.stop()
    return (result, Double(DaemonUnderTest.ledgerBytes(folder)) / Double(calls))
  }

  /// Ingest into empty ledgers, each run by itself: for one build beside another.
  private func ingestAlone(_ folder: String, _ table: inout BenchTable) throws {
    for run in 0..<runs {
      let (result, bytes) = try ingest(folder + "/run-\(run)")
      try? FileManager.default.removeItem(atPath: folder + "/run-\(run)")
      table.add("ingest", result.perSecond, "calls/s")
      table.add("ingest_cpu", result.cpuPerLine, "us/call")
      table.add("disk", bytes, "bytes/call")
    }
  }

  /// What a program feels that sends a line every millisecond, alone and beside a sender that floods.
  private func paced(_ folder: String, _ table: inout BenchTable) throws {
    let daemon = try DaemonUnderTest(binary: binary, folder: folder)
    defer { daemon.stop() }
    var mill = LineMill(isLive: true)
    let sync = PacedLoad.sync(in: folder)
    let quiet = try PacedLoad.run(daemon, mill: &mill, lines: pacedLines, epoch: 1)
    table.add("write_p99", quiet.write, "us")
    table.add("ack_p99", quiet.ack, "ms", against: Self.flushMilliseconds + 3 * sync)
    let flood = Neighbour(.flood, daemon: daemon, past: 0)
    flood.start()
    let busy = try PacedLoad.run(daemon, mill: &mill, lines: pacedLines, epoch: 2)
    let flooded = flood.stop()
    table.add("flood_beside_paced", flooded, "calls/s")
    table.add("write_p99_beside_flood", busy.write, "us", against: quiet.write)
    table.add("ack_p99_beside_flood", busy.ack, "ms", against: quiet.ack)
  }

  /// The daemon's own wait for further lines.
  private static let flushMilliseconds = 50.0

  /// Fills a ledger, and times a report, a start and further ingest on it.
  private func report(_ folder: String, _ table: inout BenchTable, first: Double) throws {
    let daemon = try DaemonUnderTest(binary: binary, folder: folder)
    var mill = LineMill()
    _ = try IngestLoad.run(daemon, mill: &mill, lines: reportCalls, epoch: 1)
    let late = try IngestLoad.run(daemon, mill: &mill, lines: calls, epoch: 1)
    table.add("ingest_on_full_ledger", late.perSecond, "calls/s", against: first)
    table.add("ingest_cpu_on_full_ledger", late.cpuPerLine, "us/call")
    table.add("resident_on_full_ledger", Double(late.residentBytes) / 1e6, "MB")
    daemon.stop()
    table.add(
      "disk_on_full_ledger",
      Double(DaemonUnderTest.ledgerBytes(folder)) / Double(reportCalls + calls), "bytes/call")
    let start = tb_steady_us()
    let again = try DaemonUnderTest(binary: binary, folder: folder)
    table.add("start_on_full_ledger", Double(tb_steady_us() - start) / 1000, "ms")
    let reader = try LedgerReader(folder: folder)
    var times: [Double] = []
    for _ in 0..<9 {
      let start = tb_steady_us()
      _ = try SpendTiming.run(reader)
      times.append(Double(tb_steady_us() - start) / 1000)
    }
    table.add("spend_report", median(times), "ms")
    again.stop()
  }

  private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
