/// What to expect of a series of plain values: latency, an error rate, tokens a second.
///
/// Five views of the stream, each of them evidence in units of its own alarm: rare levels, rare levels of the
/// logarithm, rare roughness, records of the value, records of its mean. It knows nothing of a clock, of the
/// series' length or of its range, and takes about a fifth of a microsecond a point.
package struct ValueBaseline: Sendable {
  /// Mean and variance over the long memory.
  struct Moments: Sendable {
    var mean = 0.0
    var variance = 0.0

    /// How many deviations `value` is from the mean; then learns from it with that weight.
    mutating func step(_ value: Double, weight: Double, leastDeviation: Double, tiny: Double) -> Double {
      let difference = value - mean
      let deviation = variance.squareRoot() + leastDeviation * mean.magnitude + tiny
      mean += weight * difference
      variance = (1 - weight) * (variance + weight * difference * difference)
      return difference / deviation
    }
  }

  /// The range of values so far, drawing in slowly toward its middle.
  struct Envelope: Sendable {
    var low = 0.0
    var high = 0.0

    /// How far beyond the range `value` lies, as a part of its width; then widens and draws in.
    mutating func step(_ value: Double, shrink: Double) -> Double {
      let width = high - low + 1e-9
      var beyond = 0.0
      if value > high {
        beyond = (value - high) / width
        high = value
      } else if value < low {
        beyond = (low - value) / width
        low = value
      }
      let middle = 0.5 * (low + high)
      high -= (high - middle) * shrink
      low += (middle - low) * shrink
      return beyond
    }
  }

  /// Values beyond ± this are taken as this.
  package static let valueMax = 1e100

  var count: Int32 = 0
  var last = 0.0
  var level = 0.0
  var levelMoments = Moments()
  var logLevel = 0.0
  var logMoments = Moments()
  var roughness = 0.0
  var roughnessScale = 0.0
  var roughnessMoments = Moments()
  var values = Envelope()
  var mean = 0.0
  var means = Envelope()
  /// Up and down for level, logarithm and roughness.
  var tails = InlineArray<6, ValueTail>(repeating: ValueTail())

  package init() {}

  /// The evidence of a series' next value, in units of an alarm; then learns from it.
  ///
  /// A value that is no number is passed over: 0.
  package mutating func step(_ value: Double, by p: ValueParameters = ValueParameters()) -> Double {
    guard !value.isNaN else { return 0 }
    let value = min(max(value, -Self.valueMax), Self.valueMax)
    let logarithm =
      value >= 0 ? Logarithm.onePlus(value) : -Logarithm.onePlus(-value)
    if count == 0 { begin(value, logarithm) }
    count += 1
    let n = Double(count)
    let weight = 1 / min(n, p.memoryPoints)
    let base = -Logarithm.natural(1 - p.tailQuantile) * 0.434_294_481_903_251_8

    level += (value - level) / min(n, p.levelPoints)
    logLevel += (logarithm - logLevel) / min(n, p.levelPoints)
    let isSettled = n > 3 * p.levelPoints + 1
    var z = levelMoments.step(level, weight: weight, leastDeviation: p.leastDeviation, tiny: 1e-12)
    var evidence = rarity(isSettled ? z : 0, tail: 0, base, p) / p.levelAlarm
    z = logMoments.step(logLevel, weight: weight, leastDeviation: p.leastDeviation, tiny: 1e-12)
    evidence = max(evidence, rarity(isSettled ? z : 0, tail: 2, base, p) / p.levelAlarm)
    evidence = max(evidence, rarity(roughened(value, p), tail: 4, base, p) / p.roughnessAlarm)

    let record = values.step(value, shrink: p.envelopeShrink) / p.recordAlarm
    mean += (value - mean) / min(n, p.meanPoints)
    let meanRecord = means.step(mean, shrink: p.meanEnvelopeShrink) / p.meanRecordAlarm
    if count > p.recordWarmUp + 1 { evidence = max(evidence, max(record, meanRecord)) }
    last = value
    return min(evidence, p.evidenceMax)
  }

  private mutating func begin(_ value: Double, _ logarithm: Double) {
    last = value
    level = value
    levelMoments.mean = value
    logLevel = logarithm
    logMoments.mean = logarithm
    mean = value
    values = Envelope(low: value, high: value)
    means = Envelope(low: value, high: value)
  }

  /// -log10 of the chance of a deviation, each side by its own tail.
  private mutating func rarity(_ z: Double, tail: Int, _ base: Double, _ p: ValueParameters) -> Double {
    let up = tails[tail].step(max(z, 0), count: Double(count), base: base, by: p)
    let down = tails[tail + 1].step(max(-z, 0), count: Double(count), base: base, by: p)
    return max(up, down)
  }

  /// How many deviations the logarithm of the mean step between values is from its own mean.
  private mutating func roughened(_ value: Double, _ p: ValueParameters) -> Double {
    let steps = Double(count - 1)
    guard steps > 0 else { return 0 }
    let step = (value - last).magnitude
    roughnessScale += (step - roughnessScale) / min(steps, p.memoryPoints)
    roughness += (step - roughness) / min(steps, p.roughnessPoints)
    let seen = steps - 3 * p.roughnessPoints + 1
    guard seen >= 1 else { return 0 }
    let y = Logarithm.natural(roughness + 0.02 * roughnessScale + 1e-9)
    if seen == 1 { roughnessMoments.mean = y }
    let z = roughnessMoments.step(y, weight: 1 / min(seen, p.memoryPoints), leastDeviation: 0, tiny: 1e-3)
    return seen > p.roughnessPoints ? z : 0
  }
}
