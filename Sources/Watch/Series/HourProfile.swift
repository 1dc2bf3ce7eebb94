/// How a week's hours share its spend: 24 hours of working days and 24 of weekends, the mean hour being 1.
///
/// An hour that was seen little is taken near 1. Cells are hours, not 168 hours of the week: with so few weeks to
/// learn from, fewer cells raise fewer false alarms.
struct HourProfile: Sendable {
  static let cells = 48

  var shares = InlineArray<48, Float>(repeating: 1)
  /// How many buckets each cell has been learnt from; full at 21 hours.
  var seen = InlineArray<48, UInt8>(repeating: 0)

  @inline(__always) func share(_ cell: Int, prior: Double) -> Double {
    let hours = Double(seen[cell]) / 12
    return (hours * Double(shares[cell]) + prior) / (hours + prior)
  }

  /// Whether spend rises or falls steeply about this hour, as at a nightly batch.
  ///
  /// Some minutes early or late are many times the expected there, and mean nothing.
  @inline(__always) func isSteep(_ cell: Int, prior: Double, ratio: Double) -> Bool {
    let day = cell < 24 ? 0 : 24
    let before = share(day + (cell - day + 23) % 24, prior: prior)
    let here = share(cell, prior: prior)
    let after = share(day + (cell - day + 1) % 24, prior: prior)
    let most = max(before, max(here, after))
    return most > ratio * min(before, min(here, after))
  }

  /// Makes the cell less sure of itself, because a bucket of it was not learnt from.
  ///
  /// An hour that is part of an incident day after day is one that is known badly: it grows young, and is learnt.
  @inline(__always) mutating func doubt(_ cell: Int, by buckets: UInt8) {
    seen[cell] -= min(seen[cell], buckets)
  }

  /// Learns that a bucket of the cell had `ratio` times the level.
  @inline(__always) mutating func learn(_ cell: Int, ratio: Double, weight: Double) {
    let g = max(weight / 12, 1 / (Double(seen[cell]) + 12))
    shares[cell] += Float(g * (min(ratio, 20) - Double(shares[cell])))
    if seen[cell] < .max { seen[cell] += 1 }
  }
}
