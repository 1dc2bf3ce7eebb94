/// What a bucket says of a series: evidence in units of an alarm, by view, and what becomes of its incident.
package struct SpendReading: Sendable {
  /// How spend is looked at: as a whole, as calls, and as what a call costs.
  package enum View: UInt8, CaseIterable, Sendable {
    case spend5m, spend1h, spend6h, spend1d
    case calls15m, calls1h
    case unitCost1h, unitCost1d

    /// Which of ``SpendParameters/windows`` it looks at.
    var window: Int { Self.windows[Int(rawValue)] }

    private static let windows: InlineArray<8, Int> = [0, 2, 3, 4, 1, 2, 2, 4]

    /// Whether it says nothing about an hour in which spend rises or falls steeply.
    var wantsSteadyHour: Bool { self == .spend5m || self == .calls15m || self == .calls1h }
  }

  package internal(set) var views = InlineArray<8, Double>(repeating: 0)
  package internal(set) var strongest = View.spend5m
  package internal(set) var turn = IncidentGate.Turn.nothing

  /// Whether the excess is twice what was last told of, or more.
  package internal(set) var hasDoubled = false

  package init() {}

  /// The strongest view's evidence.
  package var evidence: Double { views[Int(strongest.rawValue)] }
}
