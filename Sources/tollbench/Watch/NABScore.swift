import Foundation

/// The score of the Numenta Anomaly Benchmark: an early hit in a window is worth most, an alarm outside costs.
///
/// Source: Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms", ICMLA 2015, and the benchmark's
/// scorer, version 1.1. A score of 0 is a detector that says nothing, 100 one that says all at once.
struct NABScore {
  /// What a hit, an alarm outside and a missed window weigh.
  struct Profile {
    let name: String
    let hit: Double
    let outside: Double
    let missed: Double

    static let all = [
      Profile(name: "standard", hit: 1, outside: 0.11, missed: 1),
      Profile(name: "low_fp", hit: 1, outside: 0.22, missed: 1),
      Profile(name: "low_fn", hit: 1, outside: 0.11, missed: 2),
    ]
  }

  /// What one series, or several, came to before weights.
  struct Tally {
    var windows = 0
    /// Windows of which some point is scored.
    var scored = 0
    var found = 0
    var hits = 0.0
    var outside = 0.0
    var falseAlarms = 0
    var days = 0.0

    static func + (a: Tally, b: Tally) -> Tally {
      Tally(
        windows: a.windows + b.windows, scored: a.scored + b.scored, found: a.found + b.found, hits: a.hits + b.hits,
        outside: a.outside + b.outside, falseAlarms: a.falseAlarms + b.falseAlarms, days: a.days + b.days)
    }

    /// The score of all of it under a profile; nil without a window.
    func score(_ profile: Profile) -> Double? {
      guard windows > 0 else { return nil }
      let silent = -profile.missed * Double(scored)
      let raw = profile.hit * hits - profile.missed * Double(scored - found) + profile.outside * outside
      return 100 * (raw - silent) / (profile.hit * Double(windows) - silent)
    }
  }

  /// Judges the points at which alarms were raised, in rising order.
  static func tally(_ series: LabelledSeries, alarms: [Int]) -> Tally {
    var tally = Tally()
    tally.windows = series.windows.count
    tally.scored = series.windows.count { $0.upperBound >= series.probation }
    tally.days = series.days
    let windows = series.windows.sorted { $0.lowerBound < $1.lowerBound }
    var found: Set<Int> = []
    for alarm in alarms where alarm >= series.probation {
      if let place = windows.firstIndex(where: { $0.contains(alarm) }) {
        guard found.insert(place).inserted else { continue }
        let window = windows[place]
        let width = Double(window.count)
        tally.hits += sigmoid(-Double(window.upperBound - alarm + 1) / width) / sigmoid(-1)
      } else {
        tally.falseAlarms += 1
        let before = windows.last { $0.upperBound < alarm }
        tally.outside += before.map { sigmoid(Double(alarm - $0.upperBound) / Double($0.count - 1)) } ?? -1
      }
    }
    tally.found = found.count
    return tally
  }

  /// 1 long before a window's end, 0 at it, -1 long after.
  private static func sigmoid(_ x: Double) -> Double { x > 3 ? -1 : 2 / (1 + exp(5 * x)) - 1 }
}
