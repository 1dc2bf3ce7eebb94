import ArgumentParser
import Foundation
import Watch

/// Measures the spike detectors: on labelled series, on simulated spend, and by the clock.
struct WatchBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Measure the spike detectors on labelled series, on simulated spend, and their speed.")

  @Option(help: "Folder with series of the Numenta Anomaly Benchmark: data/ and windows.json.")
  var nab = SharedFiles.path("nab")
  @Option(help: "Seed of the simulated spend; another seed is other spend.") var seed: UInt64 = 1
  @Option(help: "Simulated series, eight weeks each.") var series = 240
  @Option(help: "Updates that are timed.") var updates = 5_000_000
  @Option(help: "Instead of all else: a file of bucket,series,nanodollars,calls; prints what is told of it.")
  var spend: String?
  @Option(help: "With --spend: seconds that local time is ahead of UTC.") var utcOffset: Int64 = 0
  @Option(help: "Where each figure is written, one JSON object a line.") var output = ".build/watch-bench.json"

  mutating func run() throws {
    if let spend {
      var replay = SpendReplay(utcOffset: utcOffset)
      try replay.run(try String(contentsOfFile: spend, encoding: .utf8))
      return print(replay.told.joined(separator: "\n"))
    }
    var table = BenchTable()
    try labelled(&table)
    simulated(&table)
    table.add("watch_state", Double(MemoryLayout<SpendBaseline>.stride), "bytes", against: 512)
    table.add("watch_updates", try WatchLoad.baselines(updates), "updates/s", against: 500_000)
    table.add("watch_table_updates", try WatchLoad.table(updates), "updates/s", against: 500_000)
    table.add("watch_value_updates", try WatchLoad.values(updates), "points/s", against: 500_000)
    print(table.text)
    try table.json.write(toFile: output, atomically: true, encoding: .utf8)
  }

  // MARK: - Labelled series

  /// The level is 1, fixed beforehand; the benchmark itself lets each detector choose its best.
  private func labelled(_ table: inout BenchTable) throws {
    let all = try LabelledSeries.all(in: nab)
    guard !all.isEmpty else { return table.leave("nab_standard", "not measured: no series in \(nab)") }
    var total = NABScore.Tally()
    var folders: [String: NABScore.Tally] = [:]
    print(Self.row("labelled series", "windows", "found", "false alarms", "standard"))
    for series in all {
      let tally = NABScore.tally(series, alarms: Self.alarms(series))
      total = total + tally
      folders[String(series.name.prefix { $0 != "/" }), default: NABScore.Tally()] =
        folders[String(series.name.prefix { $0 != "/" }), default: NABScore.Tally()] + tally
      print(Self.row(series.name, tally))
    }
    for (folder, tally) in folders.sorted(by: { $0.key < $1.key }) { print(Self.row("all \(folder)", tally)) }
    print("")
    for profile in NABScore.Profile.all {
      let against = profile.name == "standard" ? 66.0 : nil
      table.add("nab_\(profile.name)", total.score(profile) ?? 0, "points", against: against)
    }
    table.add("nab_found", Double(total.found), "windows", against: Double(total.scored))
    table.add("nab_false_alarms", Double(total.falseAlarms) / max(total.days, 1), "a day", against: 0.1)
  }

  static func alarms(_ series: LabelledSeries) -> [Int] {
    var baseline = ValueBaseline()
    var gate = IncidentGate()
    return series.values.indices.filter { place in
      gate.step(baseline.step(series.values[place]), at: Int32(place), by: ValueParameters.glance) == .fired
    }
  }

  // MARK: - Simulated spend

  private func simulated(_ table: inout BenchTable) {
    var trial = SpendTrial()
    for number in 0..<series {
      let series = SpendSimulation.series(number, seed: seed)
      trial.judge(series, alarms: SpendTrial.alarms(series))
    }
    print("simulated spend, seed \(seed), \(series) series")
    print(Self.row("incident", "happened", "found", "in 30 min", "median minutes"))
    for mishap in SimulatedSeries.Mishap.allCases {
      guard let tally = trial.tallies[mishap] else { continue }
      let delays = tally.delays.sorted()
      let median = delays.isEmpty ? "" : "\(delays[delays.count / 2])"
      print(Self.row(mishap.rawValue, "\(tally.incidents)", "\(tally.found)", "\(tally.soon)", median))
    }
    for work in SimulatedSeries.Work.allCases {
      print(Self.row("false alarms, \(work)", "\(trial.falseAlarms[work] ?? 0)", "", "", ""))
    }
    print("")
    table.add("spend_recall", trial.recall, "of 1", against: 0.75)
    table.add("spend_precision", trial.precision, "of 1", against: 0.85)
    table.add("spend_false_alarms", trial.falseAlarmsPerWeek, "a week", against: 0.02)
    if let loops = trial.tallies[.runawayLoop] {
      table.add("spend_loops_found", Double(loops.found) / Double(loops.incidents), "of 1", against: 0.95)
      table.add("spend_loops_in_30_min", Double(loops.soon) / Double(loops.incidents), "of 1", against: 0.95)
    }
    if !trial.delays.isEmpty {
      table.add("spend_delay", Double(trial.delays[trial.delays.count / 2]), "minutes")
      table.add("spend_delay_p90", Double(trial.delays[trial.delays.count * 9 / 10]), "minutes")
    }
    table.add("spend_repeats", Double(trial.again) / Double(max(1, trial.incidents)), "of 1", against: 0.03)
  }

  // MARK: - Text

  private static func row(_ name: String, _ tally: NABScore.Tally) -> String {
    row(
      name, "\(tally.windows)", "\(tally.found)", "\(tally.falseAlarms)",
      tally.score(NABScore.Profile.all[0]).map { String(format: "%.1f", $0) } ?? "")
  }

  private static func row(_ name: String, _ rest: String...) -> String {
    name.padding(toLength: 58, withPad: " ", startingAt: 0)
      + rest.map { String(repeating: " ", count: max(1, 15 - $0.count)) + $0 }.joined()
  }
}
