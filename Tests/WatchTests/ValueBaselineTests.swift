import Testing
import Watch

/// Plain values: what is an anomaly in them, and what is none.
@Suite struct ValueBaselineTests {
  /// Alarms of a series, at the level given.
  private static func alarms(
    _ values: [Double], by levels: IncidentGate.Levels = ValueParameters.glance
  ) -> [Int] {
    var baseline = ValueBaseline()
    var gate = IncidentGate()
    return values.indices.filter { gate.step(baseline.step(values[$0]), at: Int32($0), by: levels) == .fired }
  }

  /// A steady hum: -1, 0 or 1 by a formula.
  private static func hum(_ place: Int) -> Double {
    Double((UInt64(place) &* 0x9E37_79B9_7F4A_7C15) >> 62) / 2 - 0.75
  }

  @Test(arguments: [0, 1, -7.25, 1e12, -1e12, 1e-9, 1e300])
  func `a constant is no alarm`(value: Double) {
    #expect(Self.alarms([Double](repeating: value, count: 8064)) == [])
  }

  @Test(arguments: [1, 1e12, 1e-9])
  func `a hum is paged for at no scale, and a spike in it is`(scale: Double) {
    var values = (0..<8064).map { scale * (10 + Self.hum($0)) }
    #expect(Self.alarms(values, by: ValueParameters.page).filter { $0 > 288 } == [])
    guard scale >= 1 else { return }
    for place in 6000..<6012 { values[place] = scale * 30 }
    #expect(Self.alarms(values, by: ValueParameters.page).filter { $0 > 288 } == [6000])
  }

  @Test func `a value that is no number is passed over`() {
    var baseline = ValueBaseline()
    for place in 0..<500 {
      _ = baseline.step(Self.hum(place))
      #expect(baseline.step(.nan) == 0)
    }
    #expect(baseline.step(.infinity) > 1)
    #expect(baseline.step(0).isFinite)
  }

  @Test func `points are judged one after the other: what follows changes nothing`() {
    let values = (0..<2000).map { 10 + Self.hum($0) + ($0 == 900 ? 50 : 0) }
    let first = Self.alarms(Array(values.prefix(1000)))
    #expect(Self.alarms(values).filter { $0 < 1000 } == first)
    #expect(first.contains(900))
  }

  @Test func `a baseline goes on from its snapshot, to the last bit`() throws {
    var whole = ValueBaseline()
    for place in 0..<1000 { _ = whole.step(10 + Self.hum(place)) }
    var resumed = try ValueBaseline(snapshot: whole.snapshot)
    for place in 1000..<2000 {
      let value = 10 + Self.hum(place) * (place > 1500 ? 3 : 1)
      #expect(whole.step(value).bitPattern == resumed.step(value).bitPattern)
    }
    #expect(resumed.snapshot == whole.snapshot)
    #expect(throws: WatchFault.noSnapshot) { try ValueBaseline(snapshot: [1, 2, 3]) }
    #expect(throws: WatchFault.damaged) { try ValueBaseline(snapshot: Array(whole.snapshot.dropLast())) }
  }
}
