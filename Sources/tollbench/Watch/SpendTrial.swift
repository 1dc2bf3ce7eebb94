import Units
import Watch

/// Runs the spend detector over simulated series and counts what it found, missed and imagined.
struct SpendTrial {
  typealias Mishap = SimulatedSeries.Mishap

  /// The bucket a simulation begins with: a Monday.
  static let start: Int32 = 4 * 288
  /// Buckets after its end in which an incident still counts as found: half an hour.
  private static let afterwards = 6

  struct Tally {
    var incidents = 0
    var found = 0
    /// Found within half an hour of its beginning.
    var soon = 0
    var delays: [Int] = []
  }

  private(set) var tallies: [Mishap: Tally] = [:]
  private(set) var falseAlarms: [SimulatedSeries.Work: Int] = [:]
  private(set) var again = 0
  private(set) var weeks = 0.0

  var incidents: Int { tallies.values.reduce(0) { $0 + $1.incidents } }
  var found: Int { tallies.values.reduce(0) { $0 + $1.found } }
  var imagined: Int { falseAlarms.values.reduce(0, +) }
  var recall: Double { Double(found) / Double(max(1, incidents)) }
  var precision: Double { Double(found) / Double(max(1, found + imagined)) }
  var falseAlarmsPerWeek: Double { Double(imagined) / max(weeks, 1e-9) }
  /// Minutes from an incident's beginning to its alarm.
  var delays: [Int] { tallies.values.flatMap(\.delays).sorted() }

  /// The buckets in which a series' alarms fire.
  static func alarms(_ series: SimulatedSeries) -> [Int] {
    var baseline = SpendBaseline()
    var alarms: [Int] = []
    let parameters = SpendParameters()
    for place in 0..<SimulatedSeries.buckets {
      let bucket = Bucket(number: start + Int32(place))
      let reading = baseline.step(
        bucket, spend: Amount(nanos: series.nanos[place]), calls: series.calls[place],
        hour: bucket.hourOfWeek(utcOffset: 0), by: parameters)
      if reading.turn == .fired { alarms.append(place) }
    }
    return alarms
  }

  /// Counts a series' alarms: the first within an incident finds it, those after it are repeats.
  mutating func judge(_ series: SimulatedSeries, alarms: [Int]) {
    weeks += Double(SimulatedSeries.buckets - series.warm) / Double(7 * SimulatedSeries.day)
    for incident in series.incidents { tallies[incident.mishap, default: Tally()].incidents += 1 }
    var seen: Set<Int> = []
    for alarm in alarms where alarm >= series.warm {
      if let incident = series.incidents.first(where: { $0.from <= alarm && alarm <= $0.to + Self.afterwards }) {
        guard seen.insert(incident.from).inserted else {
          again += 1
          continue
        }
        let delay = alarm - incident.from
        tallies[incident.mishap, default: Tally()].found += 1
        tallies[incident.mishap, default: Tally()].delays.append(delay * 5)
        if delay <= Self.afterwards { tallies[incident.mishap, default: Tally()].soon += 1 }
      } else if !isAftermath(alarm, series) {
        falseAlarms[series.work, default: 0] += 1
      }
    }
  }

  /// Whether it is neither right nor wrong: the days after an incident, in which the old level comes back or the
  /// new one stays, and month ends.
  private func isAftermath(_ alarm: Int, _ series: SimulatedSeries) -> Bool {
    series.uncounted.contains { $0.contains(alarm) || $0.upperBound == alarm }
      || series.incidents.contains { incident in
        let days = [.modelSwitch, .slowLeak].contains(incident.mishap) ? 4 : 1
        return incident.to < alarm && alarm <= incident.to + days * SimulatedSeries.day
      }
  }
}
