import Units

/// A client that sends every day has gone silent.
///
/// What is not sent is not booked, and no report shows what it does not know. Fires when it is silent for an hour and
/// for one and a half times the longest silence of its past; that is learnt for three days first, and forgotten by
/// halves in about a month, so that nights and weekends are none.
package struct SilentClientRule: Sendable {
  /// Unit: buckets.
  package static let leastSilence: Int32 = 12
  package static let learningBuckets = 3 * Bucket.perDay
  package static let clientsMax = 10_000
  static let ratio = 1.5
  private static let kept = 1 - 1 / 12_000.0

  struct Client: Sendable {
    var first: Bucket
    var last: Bucket
    /// The longest silence, in buckets.
    var longest: Double
    var isSilent = false

    mutating func waitOneBucket() {
      first = first.next
      last = last.next
    }
  }

  var clients: [String: Client] = [:]

  package init() {}

  /// Takes the names of the clients that sent in a closed bucket; nil where nobody listened.
  ///
  /// While nobody listened nobody was silent: such a bucket is no time at all.
  package mutating func close(_ bucket: Bucket, heard: Set<String>?) -> [Finding] {
    guard let heard else {
      for name in clients.keys { clients[name]?.waitOneBucket() }
      return []
    }
    var findings: [Finding] = []
    for (name, old) in clients.sorted(by: { $0.key < $1.key }) {
      var client = old
      client.longest *= Self.kept
      let silence = bucket.number - client.last.number
      let key = IncidentKey(.silentClient, [IncidentKey.Label("client", name)])
      if heard.contains(name) {
        client.longest = max(client.longest, Double(silence))
        client.last = bucket
        if client.isSilent { findings.append(Finding(key, .over(.backToNormal))) }
        client.isSilent = false
      } else if !client.isSilent, client.last.number - client.first.number >= Self.learningBuckets,
        silence >= Self.leastSilence, Double(silence) > Self.ratio * client.longest
      {
        client.isSilent = true
        var evidence = IncidentEvidence(since: client.last)
        evidence.view = "silence"
        evidence.measure = IncidentEvidence.Measure(
          "silent_minutes", now: Double(silence) * 5, usual: (client.longest * 5).rounded())
        findings.append(Finding(key, .alarm(evidence), severity: .warning))
      } else if silence > 28 * Bucket.perDay {
        // It is gone for good.
        if client.isSilent { findings.append(Finding(key, .over(.newNormal))) }
        clients[name] = nil
        continue
      }
      clients[name] = client
    }
    for name in heard.sorted() where clients[name] == nil && clients.count < Self.clientsMax {
      clients[name] = Client(first: bucket, last: bucket, longest: 1)
    }
    return findings
  }
}
