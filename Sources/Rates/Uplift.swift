import Calls
import Units

/// A surcharge or discount on whole cards: under a condition, as a region's uplift, or by contract.
struct Uplift {
  let line: Int
  let conditions: Conditions
  let factor: Factor
  /// The span in which it holds; a missing end is open.
  let from: Day?
  let until: Day?
  /// Models it is for, by name; nil for all.
  let models: Set<String>?
  /// What is lifted: rates of meters of this unit; nil for all, and the smallest charge with them.
  let unit: MeterUnit?

  /// The card under this uplift: dearer or cheaper, for the span both have in common; nil when there is none,
  /// or when the card is one for that condition itself.
  ///
  /// - Throws: ``RateFault/Kind/tooFine(model:)`` when 64 bits cannot hold the product.
  func applied(
    to card: RateCard, reason: String, contract: String? = nil, digest: RateFileReader.Digest
  ) throws(RateFault) -> RateCard? {
    if let models, !models.contains(card.model) { return nil }
    guard conditions.wanted.keys.allSatisfy({ card.conditions.wanted[$0] == nil }) else { return nil }
    let begins = max(card.from, from?.start ?? card.from)
    let ends = [card.until, until?.start].compactMap { $0 }.min()
    if let ends, ends <= begins { return nil }
    guard let tariff = card.tariff.times(factor, unit) else {
      throw RateFault(file: card.file, line: line, .tooFine(model: card.model))
    }
    var form = card.form
    form.conditions = card.conditions.and(conditions)
    form.factors.append(CardForm.Multiplier(factor: factor, unit: unit, reason: reason))
    if let contract { form.contract = contract }
    return RateCard(
      form: form, from: begins, until: ends, tariff: tariff, place: card.place, file: card.file,
      digest: digest)
  }
}

extension RateCard {
  /// This card, and it under every uplift and every set of uplifts that can hold together.
  ///
  /// In its span a card that is stated for some of an uplift's conditions stands before the derived one: it
  /// is lifted by the others instead.
  ///
  /// - Throws: ``RateFault/Kind/liftedTwice(model:when:)`` when two uplifts say different things of one call.
  func with(
    _ uplifts: [Uplift], stated: [RateCard], digest: RateFileReader.Digest
  ) throws(RateFault) -> [RateCard] {
    var all = [self]
    for uplift in uplifts {
      var derived: [RateCard] = []
      for card in all {
        guard let made = try uplift.applied(to: card, reason: uplift.conditions.text, digest: digest) else { continue }
        derived += made.outside(
          stated.filter {
            $0.conditions != conditions && $0.conditions.implies(conditions)
              && made.conditions.implies($0.conditions)
          })
      }
      if let twice = derived.first(where: { made in
        all.contains { $0.conditions == made.conditions && $0.overlaps(made) }
      }) {
        throw RateFault(
          file: file, line: uplift.line, .liftedTwice(model: model, when: "when \(twice.conditions.text)"))
      }
      all += derived
      guard all.count <= Self.derivedMax else {
        throw RateFault(file: file, line: uplift.line, .tooManyUplifts(most: Self.derivedMax))
      }
    }
    return all
  }

  /// What is left of the card's span beside those of `others`: as many cards as there are pieces.
  func outside(_ others: [RateCard]) -> [RateCard] {
    others.reduce([self]) { pieces, other in
      pieces.flatMap { piece in
        [
          piece.clipped(from: nil, until: other.from),
          other.until.flatMap { piece.clipped(from: $0, until: nil) },
        ].compactMap { $0 }
      }
    }
  }

  /// Cards that uplifts may make of one.
  private static var derivedMax: Int { 256 }
}
