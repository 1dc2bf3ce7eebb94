import Units

/// What an incident rests on, for people: money in whole nanodollars, or another measure with its unit.
package struct IncidentEvidence: Hashable, Sendable {
  /// A part of the series that has to do with it.
  package struct Contributor: Hashable, Sendable {
    package let labels: [IncidentKey.Label]
    /// Spend beyond the expected in the last hour.
    package let excess: Amount
    /// Of the whole's excess in that hour, in thousandths, rounded down; 1000 at most.
    package let permille: Int64
    /// Whether nothing was known of it before.
    package let isNew: Bool

    package init(labels: [IncidentKey.Label], excess: Amount, permille: Int64, isNew: Bool) {
      self.labels = labels
      self.excess = excess
      self.permille = permille
      self.isNew = isNew
    }
  }

  /// Something measured that is no money.
  package struct Measure: Hashable, Sendable {
    /// What it is, with its unit: `error_percent`, `latency_ms`.
    package let name: String
    package let now: Double
    package let usual: Double

    package init(_ name: String, now: Double, usual: Double) {
      self.name = name
      self.now = now
      self.usual = usual
    }
  }

  /// Parts that are named at most.
  package static let contributorsMax = 5

  /// The look that shows it most: a view of spend, a pair of windows, a threshold.
  package var view = ""
  /// Evidence in units of what fires: 1 is just enough.
  package var strength = 1.0
  /// The bucket in which it began.
  package var since: Bucket
  /// The bucket whose figures these are.
  package var at: Bucket
  /// Spent since then, and what would have been expected.
  package var spend = Amount.zero
  package var expected = Amount.zero
  /// Of the excess, what more calls than expected came to; the rest is their unit cost.
  package var byCalls = Amount.zero
  /// What 24 hours cost beyond the expected, at the rate of the last hour.
  package var dayAhead = Amount.zero
  package var measure: Measure?
  package var contributors: [Contributor] = []
  package var callIDs: [String] = []

  package init(since: Bucket) {
    self.since = since
    at = since
  }

  /// Buckets that the sums are of.
  var buckets: Int64 { Int64(at.number) - Int64(since.number) + 1 }

  package var excess: Amount { spend - expected }
  package var byUnitCost: Amount { excess - byCalls }
}

extension IncidentEvidence {
  /// What a spike rests on; `firing` is the evidence at which an alert fires.
  package init(
    _ evidence: SpendEvidence, at bucket: Bucket, contributors: [SeriesContribution] = [], firing: Double
  ) {
    self.init(since: evidence.since)
    at = bucket
    view = "\(evidence.view)"
    strength = evidence.evidence / firing
    spend = evidence.sum.spend
    expected = evidence.sum.expected
    byCalls = evidence.sum.byCalls
    dayAhead = evidence.dayAhead
    self.contributors = contributors.prefix(Self.contributorsMax).map { part in
      let day = Int128(part.excess.nanos) * 24
      let permille = dayAhead > .zero ? min(day * 1000 / Int128(dayAhead.nanos), 1000) : 0
      return Contributor(
        labels: IncidentKey(.spendSpike, part.key).labels, excess: part.excess, permille: Int64(permille),
        isNew: part.isNew)
    }
  }
}
