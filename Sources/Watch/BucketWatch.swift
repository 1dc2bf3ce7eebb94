import Calls
import Units

/// All that is looked at in a closed bucket: series, models, senders, budgets, and the incidents they make.
///
/// Shown each closed bucket once, in order; it answers with what is to be told. A pure function of what it was shown
/// and of what people said between, so that the daemon and a backtest cannot differ, and a replay tells the same
/// under the same ids, also when it goes on from a snapshot.
package struct BucketWatch: Sendable {
  package let settings: WatchSettings
  package internal(set) var table: SeriesTable
  var models = ModelRules()
  var clients = SilentClientRule()
  var gaps = SequenceGapRule()
  var budgets: [BudgetWatch]
  package internal(set) var book: IncidentBook
  /// What the rules have found so far, pending signs among it.
  package internal(set) var findings: Int64 = 0

  package init(_ settings: WatchSettings = WatchSettings()) {
    self.settings = settings
    table = SeriesTable(limits: settings.series, parameters: settings.spend, zone: settings.zone)
    budgets = settings.budgets.map { BudgetWatch($0) }
    book = IncidentBook(limits: settings.incidents, severities: settings.severities)
  }

  /// The last bucket it was shown.
  package var last: Bucket? { book.last }

  /// Takes the next bucket, and tells what follows, in the order of the incidents' keys.
  ///
  /// A bucket that was shown before changes nothing.
  package mutating func close(_ closed: ClosedBucket) -> [IncidentMove] {
    guard last.map({ $0 < closed.bucket }) ?? true else { return [] }
    let found = find(closed) + withoutBudget
    return book.close(closed.bucket, found, SharedSpend(table: table, closed: closed))
  }

  /// What the rules find in the next bucket.
  mutating func find(_ closed: ClosedBucket) -> [Finding] {
    let bucket = closed.bucket
    var turnovers: [SeriesTable.Turnover] = []
    var calls: [ServedModel: CallFacts] = [:]
    for (subject, facts) in closed.facts {
      for key in SeriesKey.all(of: subject) {
        turnovers.append(SeriesTable.Turnover(key: key, spend: facts.spend, calls: facts.calls))
      }
      calls[ServedModel(provider: subject.provider, model: subject.model), default: CallFacts()] += facts
    }
    let (firing, budget) = (settings.spend.levels.firing, settings.wholeBudget)
    var found = table.close(bucket, turnovers, planned: settings.planned).map {
      Finding($0, firing: firing, provider: Self.provider(of: $0, closed.facts), budget: budget)
    }
    found += models.close(bucket, calls)
    found += clients.close(bucket, heard: closed.heard)
    found += gaps.close(bucket, skipped: closed.skipped)
    for place in budgets.indices {
      let spent = Self.spend(under: budgets[place].budget, closed.facts)
      found += budgets[place].close(bucket, spend: spent)
    }
    findings += Int64(found.count)
    return found
  }

  /// Shows past spend to budgets that are not in a snapshot; what they have reached is found in the next bucket.
  package mutating func learn(_ closed: ClosedBucket, for names: Set<String>) {
    for place in budgets.indices where names.contains(budgets[place].budget.name) {
      budgets[place].learn(closed.bucket, spend: Self.spend(under: budgets[place].budget, closed.facts))
    }
  }

  private static func spend(under budget: Budget, _ facts: [(subject: Subject, facts: CallFacts)]) -> Amount {
    var spent = Amount.zero
    for (subject, facts) in facts where budget.covers(subject.value) { spent += facts.spend }
    return spent
  }

  /// Ends what is told of budgets that are not set any more.
  private var withoutBudget: [Finding] {
    let names = Set(budgets.map(\.budget.name))
    return book.incidents.filter { incident in
      incident.isFiring && incident.key.rule.isOfBudget
        && !(incident.key.value(of: "budget").map(names.contains) ?? false)
    }
    .map { Finding($0.key, .over(.budgetReset)) }
  }

  /// The provider that most of an opening series' spend of the bucket went to.
  private static func provider(of news: SeriesNews, _ facts: [(subject: Subject, facts: CallFacts)]) -> String {
    guard case .opened = news.change else { return "" }
    var spend: [String: Amount] = [:]
    for (subject, facts) in facts where SeriesKey.all(of: subject).contains(news.key) {
      spend[subject.provider, default: .zero] += facts.spend
    }
    return spend.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
  }
}
