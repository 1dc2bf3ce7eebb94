import CSystem
import Units
import Watch

/// Updates a second of one core: of baselines alone, and of a table of series that finds them by their keys.
enum WatchLoad {
  private static let seriesOfTable = 2_000

  /// A spend that goes up and down with a little noise, so that every view has work.
  private static func spend(_ place: Int) -> (nanos: Int64, calls: Int64) {
    let word = UInt64(truncatingIfNeeded: place) &* 0x9E37_79B9_7F4A_7C15
    let calls = Int64(40 + word >> 60)
    return (calls * Int64(9_000_000 + word >> 42 & 0xfffff), calls)
  }

  static func baselines(_ updates: Int) throws -> Double {
    let parameters = SpendParameters()
    var baselines = [SpendBaseline](repeating: SpendBaseline(), count: 100)
    var fired = 0
    let start = tb_steady_us()
    for round in 0..<updates / baselines.count {
      let bucket = Bucket(number: Int32(round))
      let hour = bucket.hourOfWeek(utcOffset: 0)
      for place in baselines.indices {
        let (nanos, calls) = spend(round &* 131 &+ place)
        let reading = baselines[place].step(
          bucket, spend: Amount(nanos: nanos), calls: calls, hour: hour, by: parameters)
        if reading.turn == .fired { fired += 1 }
      }
    }
    let seconds = Double(tb_steady_us() - start) / 1e6
    guard fired == 0 else { throw BenchFault("even spend raised \(fired) alarms") }
    return Double(updates) / seconds
  }

  static func table(_ updates: Int) throws -> Double {
    let keys = (0..<seriesOfTable).map { SeriesKey(.teamModel, "team-\($0 / 8)", "model-\($0 % 8)") }
    var table = SeriesTable()
    let rounds = updates / seriesOfTable
    let turnovers = (0..<8).map { round in
      keys.enumerated().map { place, key in
        let (nanos, calls) = spend(round &* 131 &+ place)
        return SeriesTable.Turnover(key: key, spend: Amount(nanos: nanos), calls: calls)
      }
    }
    let start = tb_steady_us()
    for round in 0..<rounds {
      _ = table.close(Bucket(number: Int32(round)), turnovers[round % turnovers.count])
    }
    let seconds = Double(tb_steady_us() - start) / 1e6
    guard table.count == seriesOfTable else { throw BenchFault("the table lost a series") }
    return Double(rounds * seriesOfTable) / seconds
  }

  /// Points of plain values.
  static func values(_ updates: Int) throws -> Double {
    var baseline = ValueBaseline()
    let parameters = ValueParameters()
    var sum = 0.0
    let start = tb_steady_us()
    for place in 0..<updates { sum += baseline.step(Double(spend(place).nanos), by: parameters) }
    let seconds = Double(tb_steady_us() - start) / 1e6
    guard sum >= 0 else { throw BenchFault("no evidence") }
    return Double(updates) / seconds
  }
}
