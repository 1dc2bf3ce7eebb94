import Audit
import Calls
import Sidecar
import Store
import Units
import Watch

/// Reads what a frame of `top` shows, look by look.
struct TopReading {
  /// Open incidents that are read.
  static let incidentsMost = 200
  /// How long the sums of the day and the month stand before they are read again.
  ///
  /// Unit: microseconds.
  static let slowMicroseconds: Int64 = 10 * Timestamp.microsecondsPerSecond

  private let reader: LedgerReader
  private let calendar: ZoneCalendar
  private let sockets: DaemonSockets
  private var recent = RecentSpend()
  private var look = LedgerReader.RecentLook()
  private var slow: (at: Timestamp, sums: SlowSums)?

  /// What costs more to read, and changes less from one look to the next.
  private struct SlowSums {
    let today: SpendSums
    let month: SpendSums
    let day: TopValues.Window
    let expected: ExpectedHour
  }

  init(_ reader: LedgerReader, _ calendar: ZoneCalendar, _ sockets: DaemonSockets) {
    self.reader = reader
    self.calendar = calendar
    self.sockets = sockets
  }

  /// What there is to show now.
  mutating func values(at now: Timestamp) throws -> TopValues {
    try reader.addRecent(to: &recent, &look, at: now)
    let slow = try slowSums(at: now)
    let silences = try reader.silences(at: now).filter { $0.from <= now }
    let incidents = try reader.incidents(most: Self.incidentsMost).filter { $0.closedAt == nil }
      .map { found in
        TopValues.Incident(
          id: found.id, severity: found.severity, rule: found.rule, labels: Self.labels(found.labels),
          since: found.openedAt, excess: found.excess, ackedBy: found.ackedBy,
          isSilenced: silences.contains { found.falls(under: $0) })
      }
    let urgency = ["critical": 0, "warning": 1]
    return TopValues(
      now: now, clock: clock(now), folder: reader.folder, daemon: sockets.state(), today: slow.today,
      month: slow.month,
      windows: [
        .minutes: try window(slots: 10, at: now), .hour: try window(slots: RecentSpend.slots, at: now),
        .day: slow.day,
      ], expected: slow.expected.amount(at: now),
      incidents: incidents.sorted { a, b in
        let (first, second) = (urgency[a.severity] ?? 2, urgency[b.severity] ?? 2)
        return first != second ? first < second : (b.since, a.id) < (a.since, b.id)
      }, isCut: look.isCut(at: now))
  }

  // MARK: - Sums

  private func window(slots: Int64, at now: Timestamp) throws -> TopValues.Window {
    let parts = try recent.sums(ofLast: slots, at: now).map { dimension, sums in
      (subject: try reader.subject(of: dimension), sums: sums)
    }
    return TopValues.Window(
      length: RecentSpend.length(ofLast: slots, at: now),
      rankings: [
        .team: try SpendRanking(parts.lazy.map { ($0.subject.team, $0.sums) }),
        .model: try SpendRanking(parts.lazy.map { ($0.subject.model, $0.sums) }),
        .key: try SpendRanking(parts.lazy.map { ($0.subject.key, $0.sums) }),
      ])
  }

  private mutating func slowSums(at now: Timestamp) throws -> SlowSums {
    if let slow, slow.at <= now, now.microseconds - slow.at.microseconds < Self.slowMicroseconds { return slow.sums }
    let day = calendar.lasting(at: now)
    let first = Day(number: day.day.number - day.day.civil.day + 1)
    let month = Span(
      from: calendar.start(of: first), to: calendar.start(of: ZoneCalendar.firstOfNextMonth(first)))
    // Whole hours, which the ledger keeps the sums of: the one under way, and 23 before it.
    let hours = Span.hours(now.hour - 23..<now.hour + 1)
    let rows = try reader.spend(SpendQuery(span: hours, zone: "UTC", keys: [.team, .model, .key])).rows
    func ranking(_ place: Int) throws -> SpendRanking {
      try SpendRanking(rows.lazy.map { ($0.values[place], $0.sums) })
    }
    let sums = SlowSums(
      today: try total(day.span), month: try total(month ?? day.span),
      day: TopValues.Window(
        length: max(now.microseconds - hours.from.microseconds, 1),
        rankings: [.team: try ranking(0), .model: try ranking(1), .key: try ranking(2)]),
      expected: try reader.expectedHour(
        at: now, backs: ExpectedHour.weeks.map { calendar.hoursBack(weeks: $0, from: now) }))
    slow = (now, sums)
    return sums
  }

  private func total(_ span: Span) throws -> SpendSums {
    try reader.spend(SpendQuery(span: span, zone: calendar.name, keys: [.team])).total
  }

  // MARK: - Words

  /// `2026-11-20 13:00:00 Europe/Berlin`.
  private func clock(_ now: Timestamp) -> String {
    let second = Timestamp(
      microseconds: now.microseconds - now.microseconds % Timestamp.microsecondsPerSecond)
    return calendar.text(second).prefix(19).replacing("T", with: " ") + " " + calendar.name
  }

  private static func labels(_ json: String) -> String {
    guard let members = try? JSONTree(parsing: json).members else { return "" }
    return members.map { "\($0.name)=\($0.value.string ?? "")" }.joined(separator: " ")
  }
}
