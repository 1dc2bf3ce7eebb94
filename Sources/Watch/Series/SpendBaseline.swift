import Units

/// What to expect of a series' spend, and where its incident stands: all that is kept of its past.
///
/// Spend is taken apart into calls and unit cost, because they break in different ways: a loop makes calls, a
/// changed model makes them dearer. Spend is held against a level times the hour's share of it, in four windows;
/// unit cost, which hardly knows hours, against its own slow mean. What the deviation is worth, the series' own
/// tails tell. While something is pending, nothing is learnt; a level that stays for three days is accepted.
///
/// A pure function of the closed buckets it was shown: the same buckets give the same bits. At most 512 bytes.
package struct SpendBaseline: Sendable {
  var profile = HourProfile()
  /// Spend of a bucket of a mean hour, in nanodollars.
  var level = 0.0
  /// Mean spend, and mean of spend²/calls, of buckets with calls; their ratio is what a dear call costs.
  var spendMean = 0.0
  var dearness = 0.0
  /// The usual unit cost, in nanodollars a call, and the calls it was learnt from.
  var unitCost = 0.0
  var unitCalls = 0.0

  // Leaky means over the windows, a bucket: spend, what was expected, calls; and for the hour and the day, what
  // the calls would have come to at the usual unit cost.
  var spends = InlineArray<5, Float>(repeating: 0)
  var expected = InlineArray<5, Float>(repeating: 0)
  var calls = InlineArray<5, Float>(repeating: 0)
  var usual = InlineArray<2, Float>(repeating: 0)

  var tails = InlineArray<8, SpendTail>(repeating: SpendTail())
  /// Buckets that tails were learnt from: those of spend and calls, unit cost by the hour, by the day.
  var learnt = InlineArray<3, Float>(repeating: 0)

  /// What was spent since the last incident became pending; before the first one, in the first day.
  ///
  /// In the first day there are no incidents.
  package internal(set) var sum = IncidentSum()
  /// The first bucket with a call; -1 before.
  var first: Int32 = -1
  /// The last bucket with a call.
  package internal(set) var lastActive: Int32 = 0
  package internal(set) var gate = IncidentGate()
  /// Buckets with calls, as far as the first means need them.
  var active: UInt16 = 0
  /// The strongest evidence of the incident.
  package internal(set) var peak: Float = 0
  /// The excess that was last told of, in nanodollars.
  var toldExcess: Float = 0

  package init() {}

  /// Buckets since the first with a call; nil before.
  package func age(at bucket: Bucket) -> Int32? { first < 0 ? nil : bucket.number - first }
}
