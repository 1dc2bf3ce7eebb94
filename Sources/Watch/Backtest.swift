import Calls
import Units

/// What would have been told over buckets of the past, by settings of now.
///
/// It is shown every closed bucket of a span, and of some weeks before it to learn from. The same buckets and
/// settings tell the same, under the same ids.
package struct Backtest: Sendable {
  /// How long before the span it learns: 28 days.
  package static let learningBuckets = 28 * Bucket.perDay

  package let from: Bucket
  private var table: SeriesTable
  private var rules = ModelRules()
  private var budgets: [BudgetWatch]
  package private(set) var book: IncidentBook
  /// What would have been told from the span's first bucket on.
  package private(set) var moves: [IncidentMove] = []
  /// Calls and spend of the span.
  package private(set) var calls: Int64 = 0
  package private(set) var spend = Amount.zero

  package init(
    from: Bucket, table: SeriesTable = SeriesTable(), book: IncidentBook = IncidentBook(), budgets: [Budget] = []
  ) {
    self.budgets = budgets.map { BudgetWatch($0) }
    self.from = from
    self.table = table
    self.book = book
  }

  package var seriesCount: Int { table.count }
  package var parameters: SpendParameters { table.parameters }
  package var limits: SeriesTable.Limits { table.limits }

  /// Takes the next bucket: what each subject's calls came to in it.
  package mutating func close(_ bucket: Bucket, _ facts: [(subject: Subject, facts: CallFacts)]) {
    var turnovers: [SeriesTable.Turnover] = []
    var models: [ServedModel: CallFacts] = [:]
    for (subject, facts) in facts {
      for key in SeriesKey.all(of: subject) {
        turnovers.append(SeriesTable.Turnover(key: key, spend: facts.spend, calls: facts.calls))
      }
      models[ServedModel(provider: subject.provider, model: subject.model), default: CallFacts()] += facts
    }
    let firing = table.parameters.levels.firing
    var findings = table.close(bucket, turnovers).map {
      Finding($0, firing: firing, provider: Self.provider(of: $0, facts), budget: wholeBudget)
    }
    findings += rules.close(bucket, models)
    for place in budgets.indices {
      var spent = Amount.zero
      for (subject, facts) in facts where budgets[place].budget.covers(subject.value) { spent += facts.spend }
      findings += budgets[place].close(bucket, spend: spent)
    }
    let told = book.close(bucket, findings)
    guard bucket >= from else { return }
    for (_, facts) in facts {
      calls += facts.calls
      spend += facts.spend
    }
    moves += told
  }

  /// The month's amount for everybody, where there is one.
  package var wholeBudget: Amount? { budgets.first { $0.budget.labels.isEmpty }?.budget.amount }

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

extension Backtest {
  /// One incident as it would have been told.
  package struct Outcome: Sendable {
    /// As it stood when it was last told of, or stands at the end.
    package let incident: Incident
    /// Its steps, in their order.
    package let moves: [IncidentMove]

    /// The look that showed it first.
    package var view: String { moves.first?.incident.evidence.view ?? incident.evidence.view }
    /// The most that a day was ahead to cost beyond the expected, whenever it was told of.
    package var mostAhead: Amount { moves.map(\.incident.evidence.dayAhead).max() ?? .zero }
    /// How its last firing ended; nil while it fires.
    package var ending: IncidentEnding? {
      if case .resolved(let ending) = moves.last?.kind { return ending }
      return nil
    }
  }

  /// The incidents that would have been told, in the order in which they began.
  package var outcomes: [Outcome] {
    var byID: [String: [IncidentMove]] = [:]
    for move in moves { byID[move.incident.id, default: []].append(move) }
    return byID.values.compactMap { moves in moves.last.map { Outcome(incident: $0.incident, moves: moves) } }
      .sorted { a, b in
        let (one, other) = (a.incident, b.incident)
        return one.opened != other.opened ? one.opened < other.opened : one.key < other.key
      }
  }
}
