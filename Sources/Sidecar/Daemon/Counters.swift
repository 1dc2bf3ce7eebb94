import Calls
import Synchronization
import Watch

/// What the daemon has done since it started, for `/metrics`: one writer each, any reader.
package final class Counters: Sendable {
  package let linesTaken = Atomic<Int>(0)
  package let linesReplayed = Atomic<Int>(0)
  package let linesPassedOver = Atomic<Int>(0)
  package let callsBooked = Atomic<Int>(0)
  package let duplicates = Atomic<Int>(0)
  package let observed = Atomic<Int>(0)
  package let streamsBrokenOff = Atomic<Int>(0)
  package let corrections = Atomic<Int>(0)
  package let quarantined = Atomic<Int>(0)
  package let batches = Atomic<Int>(0)
  package let commitFailures = Atomic<Int>(0)
  package let commitMicroseconds = Atomic<Int>(0)
  package let longestCommitMicroseconds = Atomic<Int>(0)
  package let connectionsOpen = Atomic<Int>(0)
  package let connectionsAccepted = Atomic<Int>(0)
  package let connectionsRefused = Atomic<Int>(0)
  package let connectionsCutOff = Atomic<Int>(0)
  package let datagramsReceived = Atomic<Int>(0)
  package let postsTaken = Atomic<Int>(0)
  package let postsRefused = Atomic<Int>(0)
  package let forwardRecords = Atomic<Int>(0)
  package let bytesRead = Atomic<Int>(0)
  package let ratesReloaded = Atomic<Int>(0)
  package let ratesRefused = Atomic<Int>(0)
  package let alertsSent = Atomic<Int>(0)
  package let alertsRetried = Atomic<Int>(0)
  package let alertsDead = Atomic<Int>(0)
  package let watchBuckets = Atomic<Int>(0)
  package let watchFindings = Atomic<Int>(0)
  package let watchSeries = Atomic<Int>(0)
  package let watchTurnedAway = Atomic<Int>(0)
  /// The end of the last bucket that the watch has closed, in seconds since 1970; 0 before the first.
  package let watchClosedSeconds = Atomic<Int>(0)
  private let incidents: [Atomic<Int>.Box] = Severity.allCases.map { _ in Atomic<Int>.Box() }
  private let refusals: [Atomic<Int>.Box] = Refusal.allCases.map { _ in Atomic<Int>.Box() }
  private let ignorings: [Atomic<Int>.Box] = Ignored.allCases.map { _ in Atomic<Int>.Box() }

  /// Numbers that senders left out, by client.
  private let gaps = Gate<[String: Int]>([:])
  /// Clients whose gaps are told apart; those of further ones go under an empty name.
  private static let gapClientsMax = 100

  package init() {}

  func count(gaps count: Int64, of client: String) {
    gaps.change { gaps in
      gaps[gaps[client] != nil || gaps.count < Self.gapClientsMax ? client : "", default: 0] += Int(count)
    }
  }

  /// Numbers left out since the start, by client, in the order of their names.
  package var missing: [(client: String, lines: Int)] {
    gaps.change { $0 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  package func countRefusal(_ reason: Refusal) {
    guard let place = Refusal.allCases.firstIndex(of: reason) else { return }
    refusals[place].count.add(1, ordering: .relaxed)
  }

  package func count(_ reason: Ignored) {
    guard let place = Ignored.allCases.firstIndex(of: reason) else { return }
    ignorings[place].count.add(1, ordering: .relaxed)
  }

  /// Notes how many incidents of each severity fire.
  func setIncidents(open: [Int]) {
    for (box, count) in zip(incidents, open) { box.count.store(count, ordering: .relaxed) }
  }

  /// Incidents that fire now, by severity.
  package var openIncidents: [(severity: String, incidents: Int)] {
    zip(Severity.allCases, incidents).map { ($0.name, $1.count.load(ordering: .relaxed)) }
  }

  /// Lines ignored since the start, by reason, in the order of the reasons.
  package var ignored: [(reason: Ignored, lines: Int)] {
    zip(Ignored.allCases, ignorings).map { ($0, $1.count.load(ordering: .relaxed)) }
  }

  /// Lines refused since the start, by reason, in the order of the reasons.
  package var refused: [(reason: Refusal, lines: Int)] {
    zip(Refusal.allCases, refusals).map { ($0, $1.count.load(ordering: .relaxed)) }
  }
}

extension Atomic<Int> {
  package func add(_ count: Int) { add(count, ordering: .relaxed) }
  package var now: Int { load(ordering: .relaxed) }

  /// An atomic in a list, which takes no values that cannot be copied.
  fileprivate final class Box: Sendable {
    let count = Atomic<Int>(0)
  }
}
