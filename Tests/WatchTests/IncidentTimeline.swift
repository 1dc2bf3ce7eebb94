import Testing
import Units
import Watch

/// Findings as a table, and what is told of them as another; a bucket for each row's time.
///
///     00:00  alarm team=search                10  240
///     06:00  over  team=search
///
/// A finding's numbers are what was spent so far beyond nothing expected, and what a day costs: dollars.
struct IncidentTimeline {
  var book: IncidentBook
  private(set) var told: [String] = []
  private(set) var moves: [IncidentMove] = []
  private var findings: [Bucket: [Finding]] = [:]

  init(_ rows: String = "", limits: IncidentLimits = IncidentLimits()) throws {
    book = IncidentBook(limits: limits)
    try run(rows)
  }

  /// Bucket 0 is 1970-01-01T00:00Z; `26:05` is five past two on the second day.
  static func bucket(_ text: some StringProtocol) throws -> Bucket {
    let parts = String(text).split(separator: ":")
    return Bucket(number: try #require(Int32(parts[0])) * 12 + (try #require(Int32(parts[1]))) / 5)
  }

  static func key(_ labels: some StringProtocol, rule: AlertRule = .spendSpike) -> IncidentKey {
    let labels = String(labels).split(separator: ",").map { label in
      let parts = label.split(separator: "=").map(String.init)
      return IncidentKey.Label(parts[0], parts[1])
    }
    return IncidentKey(rule, labels)
  }

  static func evidence(_ cells: [String], at bucket: Bucket) throws -> IncidentEvidence {
    var evidence = IncidentEvidence(since: bucket)
    if cells.count > 3 { evidence.spend = try Amount(dollars: cells[3]) }
    if cells.count > 4 { evidence.dayAhead = try Amount(dollars: cells[4]) }
    for cell in cells.dropFirst(5) {
      if let strength = Double(cell) {
        evidence.strength = strength
      } else {
        // `model=large,team=search:90%`, a part and what it explains of the whole.
        let parts = cell.split(separator: ":")
        let permille = try #require(Int64(parts[1].dropLast())) * 10
        evidence.contributors.append(
          IncidentEvidence.Contributor(labels: key(parts[0]).labels, excess: .zero, permille: permille, isNew: false))
      }
    }
    return evidence
  }

  /// Runs rows, and every bucket between them and to the end of the last one.
  mutating func run(_ rows: String) throws {
    var byBucket: [(bucket: Bucket, findings: [Finding])] = []
    for row in rows.split(separator: "\n") {
      let cells = row.split(separator: " ").map(String.init)
      let bucket = try Self.bucket(cells[0])
      let evidence = try Self.evidence(cells, at: bucket)
      let change: Finding.Change? =
        switch cells[1] {
        case "pending": .pending(evidence)
        case "passed": .passed
        case "alarm": .alarm(evidence)
        case "stands": .standing(evidence)
        case "seen": .seen(evidence, calmBuckets: 24)
        case "over": .over(.backToNormal)
        case "reset": .over(.budgetReset)
        default: nil
        }
      if byBucket.last?.bucket != bucket { byBucket.append((bucket, [])) }
      guard let change else { continue }
      let key = Self.key(cells[2])
      let provider = key.value(of: "provider") ?? (cells[2].contains("model=p-") ? "p" : "")
      byBucket[byBucket.count - 1].findings.append(Finding(key, change, provider: provider))
    }
    for (bucket, findings) in byBucket { try close(bucket, findings) }
  }

  mutating func close(_ bucket: Bucket, _ findings: [Finding] = []) throws {
    if let last = book.last {
      for number in last.number + 1..<max(bucket.number, last.number + 1) {
        hear(book.close(Bucket(number: number), []))
      }
    }
    hear(book.close(bucket, findings))
  }

  mutating func hear(_ moves: [IncidentMove]) {
    self.moves += moves
    told += moves.map(Self.text)
  }

  /// `06:00 resolved back_to_normal warning team=search`.
  static func text(_ move: IncidentMove) -> String {
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let number = move.bucket.number
    let kind =
      switch move.kind {
      case .noted: "noted"
      case .fired: move.incident.sequence > 1 ? "fired#\(move.incident.sequence)" : "fired"
      case .updated(let reason): "updated \(reason)"
      case .resolved(let ending): "resolved \(ending.name)"
      }
    let labels = move.incident.key.labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
    return "\(two(number / 12)):\(two(number % 12 * 5)) \(kind) \(move.incident.severity.name) \(labels)"
  }
}

func expectTold(_ timeline: IncidentTimeline, _ told: String, _ location: SourceLocation = #_sourceLocation) {
  let lines = told.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }.map(String.init)
  #expect(timeline.told == lines, sourceLocation: location)
}
