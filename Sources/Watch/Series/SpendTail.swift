/// How rare a deviation of spend is, judged by the deviations of the same series and a prior.
///
/// As ``ValueTail``, but a young tail is mostly the prior, so that a series can alarm after a day.
struct SpendTail: Sendable {
  var quantile: Float = 0
  var excess: Float = 0

  private static let log10E = 0.434_294_481_903_251_8

  /// -log10 of the chance of `deviation`; 0 within the quantile.
  @inline(__always)
  func rarity(_ deviation: Double, learnt: Double, base: Double, prior: Double, by p: SpendParameters) -> Double {
    let own = learnt / (learnt + prior)
    let u = max(own * Double(quantile) + (1 - own) * p.priorQuantile, p.leastQuantile)
    guard deviation > u else { return 0 }
    // A series that never exceeds its quantile has no excess to learn from: it shrinks with the quantile.
    let excess = min(Double(excess), Double(quantile) * p.priorExcess / p.priorQuantile)
    let mean = max(own * excess + (1 - own) * p.priorExcess, p.leastTailExcess)
    return base + (deviation - u) / mean * Self.log10E
  }

  /// Learns from a deviation; `learnt` counts them, with this one.
  @inline(__always)
  mutating func learn(_ deviation: Double, learnt: Double, by p: SpendParameters) {
    var u = learnt == 1 ? p.priorQuantile : Double(quantile)
    var m = learnt == 1 ? p.priorExcess : Double(excess)
    let young = 1 / (1 + 0.02 * learnt)
    let step = 0.5 * (learnt < 2000 ? max(p.quantileRate, young) : p.quantileRate)
    let mean = max(m, 0.1)
    if deviation > u {
      let beyond = min(deviation - u, 4 * mean)
      m += max(p.excessRate, 1 / (10 + 0.02 * learnt)) * (beyond - m)
      u += step * mean * p.tailQuantile
    } else {
      u -= step * mean * (1 - p.tailQuantile)
    }
    quantile = Float(u)
    excess = Float(m)
  }
}
