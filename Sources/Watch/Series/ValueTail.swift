/// How rare a deviation is, judged by the deviations of the same series before it.
///
/// Follows a high quantile and the mean excess over it, and takes the excess as exponential: the streaming form of
/// peaks over threshold. Source of the idea: Siffer et al., "Anomaly Detection in Streams with Extreme Value
/// Theory", KDD 2017.
struct ValueTail: Sendable {
  var quantile = 0.0
  var excess = 0.0
  /// The mean deviation, which sets the size of the first steps.
  var scale = 0.0
  /// Deviations beyond the quantile so far.
  var exceedances = 0.0

  private static let log10E = 0.434_294_481_903_251_8
  private static let tiny = 1e-12

  /// -log10 of the chance of `deviation`, 0 within the quantile; then learns from it.
  ///
  /// `count` is deviations so far, with this one; `base` is -log10 of the part beyond the quantile.
  mutating func step(_ deviation: Double, count: Double, base: Double, by p: ValueParameters) -> Double {
    guard count > p.tailWarmUp else {
      warmUp(deviation, count: count, by: p)
      return 0
    }
    let mean = max(max(excess, p.leastExcess), Self.tiny + 0.05 * scale)
    var rarity = 0.0
    if deviation > quantile {
      let beyond = deviation - quantile
      rarity = base + beyond / mean * Self.log10E
      exceedances += 1
      excess += max(p.excessRate, 1 / exceedances) * (min(beyond, 10 * mean) - excess)
      quantile += p.quantileRate * mean * p.tailQuantile
    } else {
      quantile -= p.quantileRate * mean * (1 - p.tailQuantile)
    }
    scale += 0.005 * (min(deviation, scale * 10 + Self.tiny) - scale)
    return rarity
  }

  private mutating func warmUp(_ deviation: Double, count: Double, by p: ValueParameters) {
    if count == 1 {
      quantile = deviation
      scale = deviation + Self.tiny
    } else {
      scale += (deviation - scale) / count
      let step = scale * 2 / count.squareRoot()
      quantile += deviation > quantile ? step * p.tailQuantile : -step * (1 - p.tailQuantile)
    }
    guard deviation > quantile else { return }
    exceedances += 1
    excess += (deviation - quantile - excess) / exceedances
  }
}
