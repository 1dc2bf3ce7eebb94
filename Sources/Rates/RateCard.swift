import Calls
import Units

/// One product's prices for one span of time, under one set of conditions.
package final class RateCard: Sendable {
  package let issuer: String
  package let route: String
  package let provider: String
  package let model: String
  package let conditions: Conditions
  /// First instant in force; midnight UTC of the card's `from`.
  package let from: Timestamp
  /// First instant no longer in force; nil while the card has neither an end nor a successor.
  package let until: Timestamp?
  package let base: RateTable
  /// Tables for larger prompts, by rising threshold.
  ///
  /// The whole call pays the band's rates.
  package let bands: [Band]
  package let rounding: Rounding
  /// The issuer bills successful calls only.
  package let billsSuccessOnly: Bool
  /// File and line the card was read from.
  package let place: String
  package let file: String
  package let source: String
  package let readOn: Day
  /// Canonical JSON of all that decides an amount; what ``digest`` is of.
  package let text: String
  /// SHA-256 of ``text``, in hexadecimal.
  package let digest: String

  package struct Band: Sendable {
    /// Prompt tokens strictly over this pay the band.
    package let over: Int64
    package let table: RateTable
  }

  package init(
    issuer: String, route: String, provider: String, model: String, conditions: Conditions,
    from: Timestamp, until: Timestamp?, base: RateTable, bands: [Band], rounding: Rounding,
    billsSuccessOnly: Bool, place: String, file: String, source: String, readOn: Day, text: String,
    digest: String
  ) {
    self.issuer = issuer
    self.route = route
    self.provider = provider
    self.model = model
    self.conditions = conditions
    self.from = from
    self.until = until
    self.base = base
    self.bands = bands
    self.rounding = rounding
    self.billsSuccessOnly = billsSuccessOnly
    self.place = place
    self.file = file
    self.source = source
    self.readOn = readOn
    self.text = text
    self.digest = digest
  }

  /// The table for a prompt of that many tokens.
  package func table(promptTokens: Int64) -> RateTable {
    var table = base
    for band in bands where promptTokens > band.over { table = band.table }
    return table
  }

  /// What a call costs under this card: the one place where outcome, band and rounding meet.
  ///
  /// A call that failed without usage costs nothing; under an issuer that bills successes only, so
  /// does one with usage. A call that succeeded without usage is unpriced, never free.
  package func charge(_ call: Call) -> Charge {
    if call.outcome == .error, billsSuccessOnly || call.usage.isEmpty { return .nothing }
    if call.flags.contains(.contradictory) { return .unpriced(.contradictoryUsage) }
    // The base table is charged where it stands: a copy of it would cost more than the charge.
    let charge =
      bands.isEmpty
      ? base.charge(call.usage, rounding: rounding)
      : table(promptTokens: call.usage.promptTokens).charge(call.usage, rounding: rounding)
    if call.usage.isEmpty, !base.has(.requests) { return .unpriced(.noUsage) }
    if case .exact = charge.state,
      !call.flags.isDisjoint(with: .incomplete)
    {
      return Charge(
        state: .partial(missing: 0), amount: charge.amount, exact: charge.exact,
        denominator: charge.denominator)
    }
    return charge
  }
}

/// What must hold of a call for a card to apply; an absent condition holds always.
package struct Conditions: Hashable, Sendable {
  /// Name and wanted value, sorted by name.
  ///
  /// Names: ``names``.
  package let wanted: [String: String]

  package static let names = ["tier", "region", "resolution", "size", "quality", "hardware"]

  package init(_ wanted: [String: String] = [:]) { self.wanted = wanted }

  /// Whether all conditions hold of `subject`.
  package func hold(of subject: Subject) -> Bool {
    wanted.allSatisfy { name, value in
      switch name {
      case "tier": subject.tier == value
      case "region": subject.region == value
      default: subject.variant.split(separator: ";").contains { $0 == "\(name)=\(value)" }
      }
    }
  }

  package var text: String {
    wanted.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ";")
  }
}
