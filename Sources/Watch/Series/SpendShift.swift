import Calls
import Units

/// Who among a series' callers has spent more than in the same hours before, and who is new.
///
/// Filled from the ledger when an incident opens, so that nothing of it is kept between. Whole nanodollars.
package struct SpendShift: Sendable {
  /// Looked at one after the other; the same money stands in each of them.
  ///
  /// The first two are told also where there is but one value.
  private static let names = ["key", "user", "team", "project", "model", "provider"]
  /// Values told apart; beyond them later ones are passed over.
  static let valuesMax = 20_000

  private struct Place: Hashable {
    let name: Int
    let value: String
  }

  private struct Sums {
    var now: Int64 = 0
    var before: Int64 = 0
    var isKnown = false
  }

  private let labels: [IncidentKey.Label]
  private let names: [String]
  private var sums: [Place: Sums] = [:]

  /// Nil for an incident whose labels are no dimensions of calls.
  package init?(_ key: IncidentKey) {
    switch key.rule {
    case .spendSpike, .newSpender, .providerWide, .unitPriceJump, .unpricedCalls: break
    default: return nil
    }
    labels = key.labels
    let own = Set(key.labels.map(\.name))
    names = Self.names.filter { !own.contains($0) }
  }

  /// Whether a subject's calls are among those of the incident.
  package func covers(_ subject: Subject) -> Bool { labels.allSatisfy { subject.value(of: $0.name) == $0.value } }

  /// Takes spend of the incident's hours.
  package mutating func add(now spend: Amount, of subject: Subject) { change(subject) { $0.now &+= spend.nanos } }

  /// Takes spend of the same hours of an earlier day.
  package mutating func add(before spend: Amount, of subject: Subject) {
    change(subject) {
      $0.before &+= spend.nanos
      $0.isKnown = true
    }
  }

  /// Notes that a subject called before.
  package mutating func note(_ subject: Subject) { change(subject) { $0.isKnown = true } }

  private mutating func change(_ subject: Subject, _ body: (inout Sums) -> Void) {
    guard covers(subject) else { return }
    for (name, text) in names.enumerated() {
      let place = Place(name: name, value: subject.value(of: text))
      guard !place.value.isEmpty, sums[place] != nil || sums.count < Self.valuesMax else { continue }
      body(&sums[place, default: Sums()])
    }
  }

  /// Those who spent most beyond `part` of `whole` of what they spent before, half to even, the largest first.
  ///
  /// What was seen before is of several days and of whole hours; the incident is a part of so much time.
  package func contributors(part: Int64, of whole: Int64) -> [Notice.Contributor] {
    var values: [Int: Int] = [:]
    for place in sums.keys { values[place.name, default: 0] += 1 }
    let found = sums.compactMap { place, sums -> (place: Place, excess: Int64, isNew: Bool)? in
      guard names[place.name] == "key" || names[place.name] == "user" || values[place.name] != 1 else { return nil }
      let before = whole > 0 ? Rounding.halfEven.divide(Int128(sums.before) * Int128(part), by: Int128(whole)) : 0
      let excess = Int128(sums.now) - before
      return excess > 0 ? (place, Int64(clamping: excess), !sums.isKnown) : nil
    }
    return found.sorted { ($1.excess, $0.place.name, $0.place.value) < ($0.excess, $1.place.name, $1.place.value) }
      .prefix(NoticeLimits.contributorsMax)
      .map {
        Notice.Contributor(
          dimension: names[$0.place.name], value: $0.place.value, excess: Amount(nanos: $0.excess), isNew: $0.isNew)
      }
  }
}
