import Units

/// What was too small to alert anybody, told once a day to those who ask for it.
extension Notice {
  /// Incidents of the day that ends with `bucket`, on the zone's clocks: what was noted and nobody was alerted of.
  ///
  /// The dearest day ahead first; those beyond the limit of sentences are counted. Nil in other buckets, and when there
  /// was nothing. Its id is the day's, so that a replay tells the same.
  package static func digest(of book: IncidentBook, after bucket: Bucket, zone: ZoneOffsets) -> Notice? {
    let day = Self.day(of: bucket, zone)
    guard day != Self.day(of: bucket.next, zone) else { return nil }
    let noted = book.incidents
      .filter { $0.telling == .noted && Self.day(of: $0.fired, zone) == day }
      .sorted { ($1.evidence.dayAhead, $0.key) < ($0.evidence.dayAhead, $1.key) }
    guard let first = noted.map(\.fired).min() else { return nil }
    // One sentence is left for those that have none of their own.
    let shown = noted.count > NoticeLimits.evidenceMax ? NoticeLimits.evidenceMax - 1 : noted.count
    var sentences = noted.prefix(shown).map { IncidentWords(incident: $0, zone: zone).sentence }
    if noted.count > shown { sentences.append("And \(noted.count - shown) more.") }
    let name = "digest-\(day)"
    return Notice(
      id: name, incident: name, fingerprint: "digest", kind: .digest, severity: .info, rule: "digest", labels: [],
      since: first.start, at: bucket.next.start,
      summary: "\(day): \(noted.count == 1 ? "one incident" : "\(noted.count) incidents") too small to alert anybody.",
      evidence: sentences)
  }

  private static func day(of bucket: Bucket, _ zone: ZoneOffsets) -> Day {
    let start = bucket.start
    return Timestamp(microseconds: start.microseconds + zone.offset(at: start).microseconds).day
  }
}
