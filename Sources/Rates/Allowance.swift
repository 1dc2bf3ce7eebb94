import Calls
import Units

/// Units that an issuer gives away in each month or day before it bills any.
///
/// No card knows of them: a call's price does not depend on the calls before it. They are a credit of the
/// month, booked afterwards; see ``Tariff/charge(_:outcome:less:)``.
package struct Allowance: Hashable, Sendable, DatedTerm {
  /// Who gives them: canonical in a ``RateBook``.
  package internal(set) var issuer: String
  package let name: String
  package let meter: Meter
  /// How much of the meter is free in each period, in its smallest parts.
  package let quantity: Int64
  /// The same in the file's words: `5K searches`.
  package let words: String
  /// The models whose calls it is for, by any of their names; empty for all of the issuer's.
  package let models: [String]
  /// The tier in which the calls were served; nil for every tier.
  package let tier: String?
  package let every: Cycle
  /// Whose clocks begin the month or the day.
  package let zone: ZoneOffsets
  /// It holds for periods that begin on a day from the first of these up to the second.
  package let from: Day
  package internal(set) var until: Day?
  package let source: String
  package let readOn: Day
  package let file: String
  let line: Int

  /// How often it begins anew.
  package enum Cycle: String, Hashable, Sendable, CaseIterable {
    case month, day
  }

  // MARK: - Which calls

  /// The first day, by the zone's clocks, of the period that an instant lies in.
  package func period(at instant: Timestamp) -> Day {
    let local = Timestamp(microseconds: instant.microseconds + zone.offset(at: instant).microseconds).day
    return every == .day ? local : Month(of: local).first
  }

  /// Whether it holds for the period that begins on that day.
  package func holds(on day: Day) -> Bool { from <= day && until.map { day < $0 } ?? true }

  /// Whether calls of that subject use it up; `product` is the name that their card gives the model.
  package func covers(_ subject: Subject, product: String?) -> Bool {
    guard models.isEmpty || models.contains(subject.model) || product.map(models.contains) ?? false else {
      return false
    }
    guard let tier else { return true }
    return CardChoice.isStandard(tier) ? CardChoice.isStandard(subject.tier) : subject.tier == tier
  }

  /// Whether a call could use units of both, so that nobody could say which it used.
  func meets(_ other: Allowance) -> Bool {
    guard issuer == other.issuer, name != other.name, meter == other.meter else { return false }
    guard until.map({ other.from < $0 }) ?? true, other.until.map({ from < $0 }) ?? true else { return false }
    if let tier, let others = other.tier, tier != others,
      !(CardChoice.isStandard(tier) && CardChoice.isStandard(others))
    {
      return false
    }
    return models.isEmpty || other.models.isEmpty || !Set(models).isDisjoint(with: other.models)
  }

  // MARK: - Saying it

  /// All that decides how much is free, as canonical JSON: what a document records.
  package var text: String {
    JSONText.object(members)
  }

  /// The members of ``text``, for objects that say more.
  package var members: [(String, String)] {
    [
      ("allowance", JSONText.quoted(name)), ("meter", JSONText.quoted(meter.name)),
      ("free", JSONText.quoted(words)), ("every", JSONText.quoted(every.rawValue)),
      ("zone", JSONText.quoted(zone.name)), ("models", JSONText.array(models.map(JSONText.quoted))),
      ("tier", JSONText.optional(tier)), ("from", JSONText.quoted("\(from)")),
      ("until", JSONText.optional(until?.description)), ("source", JSONText.quoted(source)),
      ("read_on", JSONText.quoted("\(readOn)")), ("file", JSONText.quoted(file)),
    ]
  }
}

extension RateBook {
  /// What an issuer gives away, by name and day.
  package func allowances(of issuer: String) -> [Allowance] {
    let name = canonical(issuer)
    return allowances.filter { $0.issuer == name }.sorted { ($0.name, $0.from) < ($1.name, $1.from) }
  }
}
