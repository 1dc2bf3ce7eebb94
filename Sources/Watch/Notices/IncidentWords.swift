import Units

/// What there is to say of an incident in plain words: who, how much against what, since when, and why.
struct IncidentWords {
  let incident: Incident
  /// On whose clocks instants are told.
  let zone: ZoneOffsets

  private var evidence: IncidentEvidence { incident.evidence }
  private static let order = ["budget", "client", "team", "project", "key", "model", "provider", "route"]

  /// `team search, model large`; what a rule adds to tell its incidents apart is not there.
  var who: String {
    let labels = incident.key.labels.filter { Self.order.contains($0.name) }.sorted {
      (Self.order.firstIndex(of: $0.name) ?? 0) < (Self.order.firstIndex(of: $1.name) ?? 0)
    }
    return labels.isEmpty ? "everybody" : labels.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
  }

  /// One sentence for whoever is woken by it.
  var sentence: String {
    let measure = evidence.measure
    let now = Self.short(measure?.now ?? 0)
    let usual = Self.short(measure?.usual ?? 0)
    let spent = Notice.dollars(evidence.spend)
    let allowed = Notice.dollars(evidence.expected)
    return switch incident.key.rule {
    case .spendSpike: "\(who): \(spent) spent since \(clock(evidence.since.start)), \(against)."
    case .newSpender: "\(who) is new here, and has spent \(spent) in its first day."
    case .providerWide:
      "Many series of \(who) spend more at once; the largest: \(spent) since "
        + "\(clock(evidence.since.start)), \(against)."
    case .budgetThreshold:
      "\(who): \(incident.key.value(of: "percent") ?? "") % is reached in \(incident.key.value(of: "period") ?? ""), "
        + "\(spent) of \(allowed)."
    case .budgetForecast: "\(who): at the rate of the last week the month ends at \(spent), and \(allowed) is allowed."
    case .budgetBurn:
      "\(who): \(spent) spent in \(window), where an even month spends \(allowed)."
    case .budgetExhaustion: "\(who): \(spent) of \(allowed) is spent, and the rest lasts \(now) hours at this rate."
    case .unitPriceJump: "\(who): a million tokens cost $\(now), usually $\(usual)."
    case .providerChange: "\(who): \(now) % of the model's calls go there in the last hour, usually \(usual) %."
    case .unpricedCalls:
      "\(who): calls have no price, so that no report and no budget sees them; \(now) in five minutes."
    case .statedDrift: "\(who): calls are stated to cost \(spent), and are booked at \(allowed), over about a day."
    case .paymentRequired:
      "\(who): calls are answered with 402, so nothing works until it is paid; \(now) in five minutes."
    case .errorRate: "\(who): \(now) % of calls fail in the last hour, usually \(usual) %."
    case .latency: "\(who): a call takes \(now) ms in the last hour, usually \(usual) ms."
    case .silentClient: "\(who) has sent nothing for \(now) minutes; its longest silence was \(usual)."
    case .sequenceGaps: "\(who): \(now) numbered lines never arrived, and will not be booked."
    }
  }

  /// `6 h`, of the view `6h`.
  private var window: String {
    let name = evidence.view
    return name.dropLast() + " " + name.suffix(1)
  }

  /// `where $3.10 was expected: 12 times as much, by more calls`.
  private var against: String {
    guard evidence.expected > .zero else { return "where nothing was expected" }
    let tenths = Rounding.halfEven.divide(
      Int128(evidence.spend.nanos) * 10, by: Int128(evidence.expected.nanos))
    let ratio = tenths >= 100 ? "\((tenths + 5) / 10)" : DecimalText.plain(tenths, decimals: 1)
    return "where \(Notice.dollars(evidence.expected)) was expected: \(ratio) times as much\(cause)"
  }

  private var cause: String {
    guard evidence.excess > .zero else { return "" }
    let percent = Int128(evidence.byCalls.nanos) * 100 / Int128(evidence.excess.nanos)
    if percent >= 80 { return ", by more calls" }
    return percent <= 20 ? ", as each call costs more" : ", by more calls that each cost more"
  }

  /// What of the excess is more calls, and what their cost.
  private var split: String {
    let excess = Notice.dollars(evidence.excess)
    let percent = Int128(evidence.byCalls.nanos) * 100 / Int128(evidence.excess.nanos)
    if percent >= 99 { return "All of the \(excess) beyond the expected is more calls; each costs what it did." }
    if percent < 1 {
      return "All of the \(excess) beyond the expected is what a call costs; there are no more of them."
    }
    return "Of the \(excess) beyond the expected, \(Notice.dollars(evidence.byCalls)) are more calls and "
      + "\(Notice.dollars(evidence.byUnitCost)) is that each costs more."
  }

  /// Why, in sentences: where its money comes from, and what it leads to.
  var reasons: [String] {
    var reasons: [String] = []
    if [.spendSpike, .providerWide].contains(incident.key.rule), evidence.excess > .zero {
      reasons.append(split)
    }
    if incident.key.rule.isOfBudget, evidence.dayAhead > .zero {
      reasons.append("At the rate of the last 6 hours a day costs \(Notice.dollars(evidence.dayAhead)).")
    }
    if incident.isFlapping { reasons.append("It comes and goes, so it is held firing for a day.") }
    if let author = incident.acknowledgedBy { reasons.append("\(author) looks after it.") }
    return reasons
  }

  /// `2026-11-08 12:00 UTC`, on the zone's clocks.
  func clock(_ instant: Timestamp) -> String {
    let local = Timestamp(microseconds: instant.microseconds + zone.offset(at: instant).microseconds)
    return "\(local)".prefix(16).replacing("T", with: " ") + " " + zone.name
  }

  /// Two decimals at most.
  static func short(_ value: Double) -> String {
    guard value.magnitude < 1e15 else { return "\(value)" }
    return DecimalText.plain(Int128((value * 100).rounded()), decimals: 2)
  }
}
