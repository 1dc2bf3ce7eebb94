/// One team's spend with one model over eight weeks, as it may be, with what went wrong in it.
struct SimulatedSeries {
  /// What kind of work spends it; in equal parts.
  enum Work: Int, CaseIterable {
    case large, medium, small, sparse, batch, growth, office, cold
  }

  /// What goes wrong, and what only looks so.
  enum Mishap: String, CaseIterable {
    case retryStorm = "retry_storm"
    case runawayLoop = "runaway_loop"
    case modelSwitch = "model_switch"
    case slowLeak = "slow_leak"
    case tokenBloat = "token_bloat"
    case offHours = "off_hours"
    case leakedKey = "leaked_key"
  }

  struct Incident {
    let mishap: Mishap
    let from: Int
    let to: Int
  }

  static let weeks = 8
  static let day = 288
  static let buckets = weeks * 7 * day

  let work: Work
  var nanos = [Int64](repeating: 0, count: buckets)
  var calls = [Int64](repeating: 0, count: buckets)
  var incidents: [Incident] = []
  /// Month ends, not counted either way: four times as much for three hours, which two of them cannot teach.
  var uncounted: [Range<Int>] = []
  /// The bucket from which alarms count: two weeks, or two days after a late start.
  var warm = 2 * 7 * day

  init(work: Work) { self.work = work }
}
