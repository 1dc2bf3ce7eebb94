import Units

/// What a rule found of one key in a closed bucket: all that the incident book hears.
package struct Finding: Hashable, Sendable {
  /// What there is to say of it.
  package enum Change: Hashable, Sendable {
    /// Worth a look, not yet an alert.
    case pending(IncidentEvidence)
    /// What was pending is over.
    case passed
    /// It is an alert, until its rule says that it is over.
    case alarm(IncidentEvidence)
    /// It still is, with these figures now.
    case standing(IncidentEvidence)
    /// It is an alert, until it was not seen for so many buckets.
    case seen(IncidentEvidence, calmBuckets: Int32)
    /// It is over, with its last figures where there are some.
    case over(IncidentEnding, IncidentEvidence? = nil)
  }

  package let key: IncidentKey
  package let change: Change
  /// What its rule holds it to be; nil where the dollars at risk decide.
  package let severity: Severity?
  /// The provider it is about, where that is known; many of one provider at once are told as one.
  package let provider: String
  /// The month's budget that covers it, where there is one.
  package let budget: Amount?

  package init(
    _ key: IncidentKey, _ change: Change, severity: Severity? = nil, provider: String = "", budget: Amount? = nil
  ) {
    self.key = key
    self.change = change
    self.severity = severity
    self.provider = provider
    self.budget = budget
  }
}

extension Finding {
  /// Buckets for which a new spender is told of as firing.
  package static let newSpenderBuckets = Bucket.perDay

  /// What the detector's news are to the book.
  ///
  /// `firing` is the evidence at which an alert fires; `provider` tells whose calls a series mostly are, where that
  /// is known.
  package init(
    _ news: SeriesNews, firing: Double, provider: String = "", budget: Amount? = nil
  ) {
    var rule = AlertRule.spendSpike
    let change: Change
    switch news.change {
    case .pending(let evidence): change = .pending(IncidentEvidence(evidence, at: news.bucket, firing: firing))
    case .passed: change = .passed
    case .opened(let evidence, let contributors):
      change = .alarm(
        IncidentEvidence(
          evidence, at: news.bucket, contributors: contributors, firing: firing))
    case .updated(let evidence): change = .standing(IncidentEvidence(evidence, at: news.bucket, firing: firing))
    case .closed(let evidence, let ending):
      change = .over(IncidentEnding(ending), IncidentEvidence(evidence, at: news.bucket, firing: firing))
    case .newSpender(let spend):
      rule = .newSpender
      var evidence = IncidentEvidence(since: news.bucket)
      evidence.view = "first_day"
      evidence.spend = spend
      evidence.byCalls = spend
      evidence.dayAhead = spend
      change = .seen(evidence, calmBuckets: Self.newSpenderBuckets)
    }
    let named = news.key.labels.first { $0.name == "provider" }?.value
    self.init(IncidentKey(rule, news.key), change, provider: named ?? provider, budget: budget)
  }
}
