import Foundation
import TestSupport
import Testing
import Watch

@testable import tollbench

/// The benchmark's score, by hand and against the figures that its own scorer gives.
@Suite struct NABScoreTests {
  /// 100 points, of which 15 are not scored, with one window.
  private static func series(_ window: ClosedRange<Int>) throws -> LabelledSeries {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nab-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder.appending(path: "data/some"), withIntermediateDirectories: true)
    func time(_ place: Int) -> String { "2026-01-01 \(10 + place / 60):\(place % 60 < 10 ? "0" : "")\(place % 60):00" }
    let lines = (0..<100).map { "\(time($0)),1.5" }
    try ("timestamp,value\r\n" + lines.joined(separator: "\r\n") + "\r\n")
      .write(to: folder.appending(path: "data/some/one.csv"), atomically: true, encoding: .utf8)
    try #"{"some/one.csv":[["\#(time(window.lowerBound)).000000","\#(time(window.upperBound)).000000"]]}"#
      .write(to: folder.appending(path: "windows.json"), atomically: true, encoding: .utf8)
    return try #require(try LabelledSeries.all(in: folder.path).first)
  }

  @Test func `an early hit is worth all, a late one less, none nothing`() throws {
    let series = try Self.series(40...49)
    #expect(series.values.count == 100 && series.windows == [40...49] && series.probation == 15)
    let standard = NABScore.Profile.all[0]
    func score(_ alarms: [Int]) throws -> Double {
      try #require(NABScore.tally(series, alarms: alarms).score(standard))
    }
    #expect(try score([40]) == 100)
    #expect(try score([]) == 0)
    // The window's last point: (2/(1+e^-0.5) - 1) / (2/(1+e^-5) - 1) = 0.244919 / 0.986614 = 0.248242.
    #expect(abs(try score([49]) - 100 * (1 + 0.248242) / 2) < 1e-3)
    // Later hits of a window add nothing; one before the scored part is none.
    #expect(try score([3, 40, 41, 49]) == 100)
    // Outside and before any window: -0.11, of 2 between silence and perfection.
    #expect(abs(try score([20, 40]) - (100 - 5.5)) < 1e-9)
    // Nine points after it: 2/(1+e^5) - 1 = -0.986614.
    #expect(abs(try score([40, 58]) - (100 - 5.5 * 0.986614)) < 1e-3)
  }

  @Test func `the given series are scored as the benchmark's own scorer does, above 66`() throws {
    guard SharedFiles.bytes("nab/windows.json") != nil else { return }
    let folder = tollbench.SharedFiles.path("nab")
    let all = try LabelledSeries.all(in: folder)
    guard all.count == 29 else { return }
    var total = NABScore.Tally()
    for series in all { total = total + NABScore.tally(series, alarms: WatchBench.alarms(series)) }
    #expect(total.windows == 56)
    let scores = NABScore.Profile.all.map { total.score($0) ?? 0 }
    #expect(scores[0] >= 66)
  }

  @Test func `the same seed draws the same series`() {
    // The third of eight kinds is sparse work, which is soon drawn.
    let one = SpendSimulation.series(3, seed: 5)
    #expect(one.work == .sparse && one.nanos == SpendSimulation.series(3, seed: 5).nanos)
    #expect(one.nanos != SpendSimulation.series(3, seed: 6).nanos)
    #expect(one.calls.reduce(0, +) > 50)
  }
}
