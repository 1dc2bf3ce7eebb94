import Calls
import Units

/// One product's prices for one span of time, under one set of conditions.
package final class RateCard: Sendable {
  let form: CardForm
  /// First instant in force; midnight UTC of the card's `from`.
  package let from: Timestamp
  /// First instant no longer in force; nil while the card has neither an end nor a successor.
  package let until: Timestamp?
  package let tariff: Tariff
  /// File and line the card was read from.
  package let place: String
  package let file: String
  /// Canonical JSON of all that decides an amount; what ``digest`` is of.
  package let text: String
  /// SHA-256 of ``text``, in hexadecimal.
  package let digest: String

  init(
    form: CardForm, from: Timestamp, until: Timestamp?, tariff: Tariff, place: String, file: String,
    digest: RateFileReader.Digest
  ) {
    let text = form.text
    self.form = form
    self.from = from
    self.until = until
    self.tariff = tariff
    self.place = place
    self.file = file
    self.text = text
    self.digest = digest(text)
  }

  private init(_ card: RateCard, from: Timestamp, until: Timestamp?) {
    form = card.form
    self.from = from
    self.until = until
    tariff = card.tariff
    place = card.place
    file = card.file
    text = card.text
    digest = card.digest
  }

  package var issuer: String { form.issuer }
  package var route: String { form.route }
  package var provider: String { form.provider }
  package var model: String { form.model }
  package var conditions: Conditions { form.conditions }
  /// The contract that the card belongs to; nil for a list price.
  package var contract: String? { form.contract }
  package var source: String { form.source ?? "" }
  package var readOn: Day { form.readOn ?? form.from }

  package func isInForce(at instant: Timestamp) -> Bool {
    from <= instant && (until.map { instant < $0 } ?? true)
  }

  func overlaps(_ other: RateCard) -> Bool {
    (until.map { other.from < $0 } ?? true) && (other.until.map { from < $0 } ?? true)
  }

  /// The same prices in that part of their span; nil when nothing is left of it.
  func clipped(from first: Timestamp?, until last: Timestamp?) -> RateCard? {
    let begins = max(from, first ?? from)
    let ends = [until, last].compactMap { $0 }.min()
    if let ends, ends <= begins { return nil }
    return RateCard(self, from: begins, until: ends)
  }

  // MARK: - Charging

  /// What a call costs under this card.
  ///
  /// Usage that contradicts itself has no price; what the line leaves in doubt makes it partial.
  package func charge(_ call: Call) -> Charge {
    if call.outcome == .error, tariff.billsSuccessOnly || call.usage.isEmpty { return .nothing }
    if call.flags.contains(.contradictory) { return .unpriced(.contradictoryUsage) }
    let charge = tariff.charge(call.usage, outcome: call.outcome)
    if case .exact = charge.state, !call.flags.isDisjoint(with: .incomplete) {
      return Charge(
        state: .partial(missing: 0), amount: charge.amount, exact: charge.exact,
        denominator: charge.denominator)
    }
    return charge
  }
}
