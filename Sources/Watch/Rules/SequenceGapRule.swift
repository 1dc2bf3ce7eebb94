import Units

/// Numbers of a sender's lines are missing: lines that were made never arrived.
///
/// In acknowledged mode a number that is skipped is a call that nobody will ever book. Fires at the first, and ends
/// when a day had none.
package struct SequenceGapRule: Sendable {
  package static let sendersMax = 10_000

  var known: [String: Int64] = [:]

  package init() {}

  /// Takes how many numbers each client has skipped so far.
  package mutating func close(_ bucket: Bucket, skipped: [String: Int64]) -> [Finding] {
    var findings: [Finding] = []
    for (client, gaps) in skipped.sorted(by: { $0.key < $1.key }) {
      let before = known[client]
      guard before != nil || known.count < Self.sendersMax else { continue }
      known[client] = gaps
      // What a sender skipped before it was first looked at is nobody's news.
      guard let before, gaps > before else { continue }
      var evidence = IncidentEvidence(since: bucket)
      evidence.view = "gaps"
      evidence.measure = IncidentEvidence.Measure("missing_lines", now: Double(gaps - before), usual: 0)
      findings.append(
        Finding(
          IncidentKey(.sequenceGaps, [IncidentKey.Label("client", client)]),
          .seen(evidence, calmBuckets: Bucket.perDay), severity: .warning))
    }
    return findings
  }
}
