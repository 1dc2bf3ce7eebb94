import Foundation

/// Draws series of spend: hours and weekdays, bursts, dear and cheap calls, and mishaps among them.
struct SpendSimulation {
  private typealias Work = SimulatedSeries.Work
  private typealias Mishap = SimulatedSeries.Mishap

  private var dice: SeededDice
  private var series: SimulatedSeries
  /// Mean calls of a bucket.
  private var rate: [Double]
  /// Mean dollars of a call.
  private var dollars: [Double]
  private let base: Double

  private static let day = SimulatedSeries.day
  private static let buckets = SimulatedSeries.buckets

  /// The series of that number; a number's series does not depend on others.
  static func series(_ number: Int, seed: UInt64) -> SimulatedSeries {
    let works = Work.allCases
    var simulation = SpendSimulation(
      work: works[number % works.count], dice: SeededDice(seed: seed, stream: UInt64(number)))
    simulation.shapeHours()
    simulation.burst()
    if simulation.series.work == .batch { simulation.nightly() }
    if number % 5 == 0 { simulation.monthEnds() }
    if number % 6 == 1 { simulation.holiday() }
    if simulation.series.work == .cold { simulation.lateStart() }
    for _ in 0..<simulation.dice.below(0, 3) { simulation.mishap() }
    simulation.spend()
    return simulation.series
  }

  private init(work: Work, dice: SeededDice) {
    self.dice = dice
    series = SimulatedSeries(work: work)
    base =
      switch work {
      case .large: self.dice.uniform(100, 400)
      case .medium: self.dice.uniform(10, 40)
      case .small: self.dice.uniform(0.5, 2)
      case .sparse: self.dice.uniform(0.005, 0.02)
      case .batch: self.dice.uniform(3, 10)
      case .growth: self.dice.uniform(15, 60)
      case .office: self.dice.uniform(10, 60)
      case .cold: self.dice.uniform(5, 60)
      }
    rate = [Double](repeating: base, count: Self.buckets)
    dollars = [Double](repeating: exp(log(0.01) + 0.8 * self.dice.normal()), count: Self.buckets)
  }

  // MARK: - What is usual

  /// Days and weeks in some time zone.
  private mutating func shapeHours() {
    let zone = dice.uniform(-8, 8)
    let width = dice.uniform(3, 4.5)
    let depth = dice.uniform(0.5, 0.9)
    let weekend = series.work == .office ? 0.02 : dice.uniform(0.15, 0.6)
    let weeklyGrowth = series.work == .growth ? 1 + dice.uniform(0.04, 0.15) : 1
    guard series.work != .sparse else { return }
    for place in 0..<Self.buckets {
      let local = Double(place) / 12 + zone
      let hour = local - 24 * (local / 24).rounded(.down)
      let weekday = (Int((local / 24).rounded(.down)) + 7) % 7
      let hump = exp(-0.5 * ((hour - 14) / width) * ((hour - 14) / width))
      rate[place] *= series.work == .office ? hump : 1 - depth + depth * hump
      if weekday >= 5 { rate[place] *= weekend }
      rate[place] *= pow(weeklyGrowth, Double(place) / Double(7 * Self.day))
    }
  }

  /// Bursts that last hours, and days that are a tenth better or worse.
  private mutating func burst() {
    let deviation = dice.uniform(0.1, 0.3)
    var state = 0.0
    var today = 0.0
    for place in 0..<Self.buckets {
      if place % Self.day == 0 { today = 0.1 * dice.normal() }
      if place > 0 { state = 0.98 * state + (1 - 0.98 * 0.98).squareRoot() * dice.normal() }
      rate[place] *= exp(deviation * state - deviation * deviation / 2 + today)
    }
  }

  /// Fifty minutes a night at its own hour, five minutes early or late; some nights not at all.
  private mutating func nightly() {
    let hour = dice.below(0, Self.day)
    for night in 0..<SimulatedSeries.weeks * 7 where dice.part() >= 0.03 {
      let start = night * Self.day + hour + dice.below(-1, 2)
      multiply(start..<start + 10, by: dice.uniform(12, 18))
    }
  }

  private mutating func monthEnds() {
    for day in [27, 55] {
      let start = day * Self.day + dice.below(20, 30)
      multiply(start..<start + 36, by: 4)
      series.uncounted.append(start - 2..<start + 60)
    }
  }

  private mutating func holiday() {
    let day = dice.below(15, 50)
    multiply(day * Self.day..<(day + 1) * Self.day, by: 0.3)
  }

  private mutating func lateStart() {
    let start = dice.below(2 * 7 * Self.day, 4 * 7 * Self.day)
    multiply(0..<start, by: 0)
    series.warm = start + 2 * Self.day
  }

  private mutating func multiply(_ range: Range<Int>, by factor: Double) {
    for place in range.clamped(to: 0..<Self.buckets) { rate[place] *= factor }
  }

  // MARK: - What goes wrong

  /// Draws a mishap that suits the work, and a time for it two days from all others.
  private mutating func mishap() {
    var mishap = Mishap.allCases[dice.below(0, Mishap.allCases.count)]
    let work = series.work
    if mishap == .leakedKey, work != .sparse, work != .small { mishap = .retryStorm }
    if work == .sparse, [.slowLeak, .tokenBloat, .offHours, .modelSwitch].contains(mishap) { mishap = .leakedKey }
    if work != .office, mishap == .offHours { mishap = .runawayLoop }
    for _ in 0..<30 {
      let length = length(of: mishap)
      var start = dice.below(series.warm, Self.buckets - 2 * 7 * Self.day)
      if mishap == .offHours {
        let night = (start..<start + Self.day).first { rate[$0] < 0.05 * base }
        guard let night else { continue }
        start = night
      }
      let wantsWork = [.retryStorm, .runawayLoop, .tokenBloat].contains(mishap)
      if wantsWork, rate[start] < 0.2 * base, dice.part() < 0.7 { continue }
      let span = start..<start + length
      let wide = span.lowerBound - 2 * Self.day..<span.upperBound + 2 * Self.day
      let isFree =
        series.incidents.allSatisfy { !wide.overlaps($0.from..<$0.to) }
        && series.uncounted.allSatisfy { !wide.overlaps($0) }
      guard isFree else { continue }
      befall(mishap, span)
      series.incidents.append(SimulatedSeries.Incident(mishap: mishap, from: start, to: start + length))
      return
    }
  }

  private mutating func length(of mishap: Mishap) -> Int {
    switch mishap {
    case .retryStorm: dice.below(6, 24)
    case .runawayLoop: dice.below(18, 72)
    case .modelSwitch: 2 * Self.day
    case .slowLeak: 5 * Self.day
    case .tokenBloat: dice.below(72, 144)
    case .offHours: 48
    case .leakedKey: dice.below(24, 96)
    }
  }

  private mutating func befall(_ mishap: Mishap, _ span: Range<Int>) {
    switch mishap {
    case .retryStorm: multiply(span, by: dice.uniform(5, 10))
    case .runawayLoop: add(span, series.work == .sparse ? 3 : 10 * base)
    case .modelSwitch: dearer(span.lowerBound..<Self.buckets, by: dice.uniform(2.5, 5))
    case .slowLeak:
      for place in span { rate[place] *= pow(1.3, Double(place - span.lowerBound) / Double(Self.day)) }
    case .tokenBloat: dearer(span, by: dice.uniform(2, 3))
    case .offHours: add(span, 0.6 * base)
    case .leakedKey: add(span, max(2, 6 * base))
    }
  }

  private mutating func add(_ span: Range<Int>, _ calls: Double) {
    for place in span.clamped(to: 0..<Self.buckets) { rate[place] += calls }
  }

  private mutating func dearer(_ span: Range<Int>, by factor: Double) {
    for place in span.clamped(to: 0..<Self.buckets) { dollars[place] *= factor }
  }

  // MARK: - What it comes to

  /// Calls by Poisson, each of a lognormal cost; many at once by the normal of their sum.
  private mutating func spend() {
    let sigma = dice.uniform(0.6, 1.2)
    let mean = exp(sigma * sigma / 2)
    let variance = (exp(sigma * sigma) - 1) * exp(sigma * sigma)
    for place in 0..<Self.buckets {
      let count = dice.poisson(rate[place])
      var sum = 0.0
      if count > 60 {
        let n = Double(count)
        sum = max(n * mean + (n * variance).squareRoot() * dice.normal(), 0.2 * n)
      } else {
        for _ in 0..<count { sum += exp(sigma * dice.normal()) }
      }
      series.calls[place] = Int64(count)
      series.nanos[place] = Int64((sum * dollars[place] * 1e9).rounded())
    }
  }
}
