import ArgumentParser
import Foundation

/// Measures what a program that sends a line every millisecond feels beside neighbours that are hard on the daemon.
struct NeighbourBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "neighbours",
    abstract: "Measure how long one sender waits for its acknowledgement beside each kind of hostile one.")

  @Option(help: "Lines of a paced run, one a millisecond.") var pacedLines = 5_000
  @Option(help: "Lines in the ledger that are sent again.") var past: Int64 = 3_000_000
  @Option(help: "The daemon's binary.") var binary = ".build/release/tollbook"
  @Option(help: "Which neighbours; all of them where none is named.") var kind: [String] = []

  mutating func run() throws {
    let kinds = try kind.map { name in
      guard let kind = Neighbour.Kind(rawValue: name) else {
        throw ValidationError("There is no neighbour \(name). Name one of \(Self.names).")
      }
      return kind
    }
    let folder = FileManager.default.temporaryDirectory.path + "/tollbench-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var table = BenchTable()
    for kind in kinds.isEmpty ? Neighbour.Kind.allCases : kinds {
      try beside(kind, folder + "/" + kind.rawValue, &table)
      try? FileManager.default.removeItem(atPath: folder + "/" + kind.rawValue)
    }
    print(table.text)
  }

  private static var names: String { Neighbour.Kind.allCases.map(\.rawValue).joined(separator: ", ") }

  private func beside(_ kind: Neighbour.Kind, _ folder: String, _ table: inout BenchTable) throws {
    let daemon = try DaemonUnderTest(binary: binary, folder: folder)
    defer { daemon.stop() }
    if kind.needsPast {
      var mill = LineMill()
      _ = try IngestLoad.run(daemon, mill: &mill, lines: past, epoch: 1)
    }
    var mill = LineMill(isLive: true, idPrefix: 900)
    let alone = try PacedLoad.run(daemon, mill: &mill, lines: pacedLines, epoch: 1)
    let neighbour = Neighbour(kind, daemon: daemon, past: past)
    neighbour.start()
    let beside = try PacedLoad.run(daemon, mill: &mill, lines: pacedLines, epoch: 2)
    let taken = neighbour.stop()
    table.add("\(kind)_lines", taken, "lines/s")
    table.add("\(kind)_write_p99", beside.write, "us", against: alone.write)
    table.add("\(kind)_ack_p99", beside.ack, "ms", against: alone.ack)
    table.add("\(kind)_ack_longest", beside.longestAck, "ms", against: alone.longestAck)
  }
}
