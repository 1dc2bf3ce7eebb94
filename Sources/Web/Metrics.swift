import Calls
import Sidecar

/// The daemon's counters in Prometheus' text format, version 0.0.4.
package enum Metrics {
  package static func text(_ counters: Counters, health: Health.State, residentBytes: Int64, cpuMicroseconds: Int64)
    -> String
  {
    var lines: [String] = []
    func add(_ name: String, _ kind: String, _ help: String, _ samples: [(labels: String, value: String)]) {
      lines.append("# HELP tollbook_\(name) \(help)")
      lines.append("# TYPE tollbook_\(name) \(kind)")
      for sample in samples { lines.append("tollbook_\(name)\(sample.labels) \(sample.value)") }
    }
    func counter(_ name: String, _ help: String, _ value: Int) {
      add(name, "counter", help, [("", "\(value)")])
    }
    counter("lines_taken_total", "Lines read as calls.", counters.linesTaken.now)
    counter("lines_replayed_total", "Lines sent again though taken before.", counters.linesReplayed.now)
    counter("lines_passed_over_total", "Blank lines, and lines that tell of no call.", counters.linesPassedOver.now)
    add(
      "lines_ignored_total", "counter", "Sound lines that tell of no call, by reason.",
      counters.ignored.map { ("{reason=\"\($0.reason.rawValue)\"}", "\($0.lines)") })
    add(
      "lines_refused_total", "counter", "Lines that became dead letters, by reason.",
      counters.refused.map { ("{reason=\"\($0.reason.rawValue)\"}", "\($0.lines)") })
    add(
      "lines_missing_total", "counter", "Numbers that senders in acknowledged mode left out, by client.",
      counters.missing.map { ("{client=\"\(label($0.client))\"}", "\($0.lines)") })
    counter("calls_booked_total", "Calls in committed batches.", counters.callsBooked.now)
    counter("calls_duplicate_total", "Calls whose id was booked before with the same content.", counters.duplicates.now)
    counter(
      "calls_observed_total", "Words of a call that another observer had told of: it is booked once.",
      counters.observed.now)
    counter("calls_corrected_total", "Further usage of streams, booked as the difference.", counters.corrections.now)
    counter(
      "streams_broken_off_total", "Streams that began and whose end never came.", counters.streamsBrokenOff.now)
    counter("calls_quarantined_total", "Sound calls kept aside, as for an id booked before.", counters.quarantined.now)
    counter("batches_committed_total", "Commits that are on disk.", counters.batches.now)
    counter(
      "commit_failures_total", "Commits that failed and were tried again or ended the daemon.",
      counters.commitFailures.now)
    add(
      "commit_seconds_total", "counter", "Time spent in commits.",
      [("", seconds(counters.commitMicroseconds.now))])
    add(
      "commit_longest_seconds", "gauge", "The longest commit since the start.",
      [("", seconds(counters.longestCommitMicroseconds.now))])
    add("connections_open", "gauge", "Senders connected now.", [("", "\(counters.connectionsOpen.now)")])
    counter("connections_accepted_total", "Senders accepted.", counters.connectionsAccepted.now)
    counter(
      "connections_refused_total", "Senders refused because too many were connected.", counters.connectionsRefused.now)
    counter(
      "connections_cut_off_total", "Senders cut off because they did not read their answers.",
      counters.connectionsCutOff.now)
    counter("datagrams_received_total", "Datagrams read.", counters.datagramsReceived.now)
    counter("posts_taken_total", "Posts whose lines were taken over HTTP.", counters.postsTaken.now)
    counter("posts_refused_total", "What was asked over HTTP and refused.", counters.postsRefused.now)
    counter("forward_records_total", "Records taken over Fluent Forward.", counters.forwardRecords.now)
    counter("bytes_read_total", "Bytes read from senders.", counters.bytesRead.now)
    counter("rates_reloaded_total", "Rate books taken up after the start.", counters.ratesReloaded.now)
    counter("rates_refused_total", "Rate books refused for their mistakes.", counters.ratesRefused.now)
    counter("alerts_sent_total", "Deliveries of alerts that a receiver took.", counters.alertsSent.now)
    counter("alerts_retried_total", "Deliveries of alerts that failed and are tried again.", counters.alertsRetried.now)
    counter("alerts_dead_total", "Deliveries of alerts that were given up.", counters.alertsDead.now)
    counter("watch_buckets_total", "Buckets of five minutes that the watch has closed.", counters.watchBuckets.now)
    counter("watch_findings_total", "What rules found in closed buckets, ever.", counters.watchFindings.now)
    counter("watch_turned_away_total", "Series and incidents that found no room, ever.", counters.watchTurnedAway.now)
    add("watch_series", "gauge", "Series that are watched.", [("", "\(counters.watchSeries.now)")])
    add(
      "watch_closed_seconds", "gauge", "End of the last bucket that the watch has closed, since 1970.",
      [("", "\(counters.watchClosedSeconds.now)")])
    add(
      "incidents_open", "gauge", "Incidents that fire now, by severity.",
      counters.openIncidents.map { ("{severity=\"\($0.severity)\"}", "\($0.incidents)") })
    add("ready", "gauge", "1 when lines are taken and committed.", [("", health == .ready ? "1" : "0")])
    add("resident_bytes", "gauge", "Memory of the process.", [("", "\(residentBytes)")])
    add("cpu_seconds_total", "counter", "Processor time of the process.", [("", seconds(Int(cpuMicroseconds)))])
    return lines.joined(separator: "\n") + "\n"
  }

  /// A text as the value of a label.
  private static func label(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }

  /// Microseconds as seconds with six decimals.
  private static func seconds(_ microseconds: Int) -> String {
    let fraction = String(microseconds % 1_000_000)
    return "\(microseconds / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction
  }
}
