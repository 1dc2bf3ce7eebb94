import Calls
import Rates
import Units

/// Prices calls and gives each the number of its dimension.
///
/// Remembers, for every subject, the cards in force and for which instants that holds, so that a
/// known subject is priced without looking anything up. One table serves one thread.
package struct DimensionTable {
  /// How many dimensions have a number so far.
  package private(set) var count: Int32 = 0
  private var rates: RateBook
  private var numbers: [Key: Int32] = [:]
  /// What is known of each subject, by its number in the ``SubjectTable``.
  private var known: ContiguousArray<Spans> = []

  private struct Key: Hashable {
    let subject: Subject
    let inferred: Bool
    let card: String
    let direct: String
    let reason: UInt8
    let band: Int
  }

  /// One answer of the rate book, and the dimensions it has led to: base band first, with and
  /// without a direct counterpart.
  private struct Span {
    let from: Int64
    let until: Int64
    let cards: CardsInForce
    var compared: Int32 = -1
    var alone: Int32 = -1
  }

  private struct Spans {
    let subject: Subject
    let inferred: Bool
    var latest: Span?
    var others: [Span] = []
  }

  /// Spans remembered of one subject: prices that change by the hour make a new one every few hours.
  private static let spansMax = 16

  package init(rates: RateBook) { self.rates = rates }

  /// Takes up another book: calls from here on are priced by it.
  package mutating func replace(rates: RateBook) {
    self.rates = rates
    known.removeAll(keepingCapacity: true)
  }

  /// Prices a call and appends it to `batch`, with its details where the price says more.
  package mutating func book(
    _ call: inout Call, of subjects: borrowing SubjectTable, details: inout DetailText,
    sender: Int32, into batch: BookBatch
  ) {
    let place = Int(call.subject)
    while known.count <= place { _ = know(subjects.subjects[known.count]) }
    var span = span(place, at: call.at)
    if call.billableMicros >= 0 || call.flags.contains(.fromParameters) {
      settleUsage(&call, card: span.cards.card, &details)
    }
    let (charge, base) = span.cards.charges(call)
    let number = dimension(place, &span, call, compared: base != nil, batch)
    tell(charge.state, cardless: span.cards.card == nil, &call, &details)
    let others = call.usage.present & ~0b111
    if others != 0 {
      for (meter, quantity) in call.usage.stated where meter.rawValue > 2 && quantity > 0 {
        batch.otherMeters.append(
          OtherMeter(call: Int32(batch.calls.count), meter: meter, quantity: quantity))
      }
    }
    if call.reference != 0 { batch.providerIDs += 1 }
    if call.flags.contains(.providerKey) { batch.providerIDs += 1 }
    batch.calls.append(
      BookedCall(call, dimension: number, charge: charge, base: base, sender: sender))
  }

  // MARK: - Calls that are booked

  /// Takes up a subject as its line stated it.
  ///
  /// - Returns: its place here, and the subject that the book makes of it.
  package mutating func know(_ subject: Subject) -> (place: Int, completed: Subject) {
    let (completed, inferred) = rates.completed(subject)
    known.append(Spans(subject: completed, inferred: inferred))
    return (known.count - 1, completed)
  }

  /// Prices a call anew whose subject has that place; a dimension that is new goes to `batch`.
  package mutating func price(
    _ call: inout Call, place: Int, into batch: BookBatch
  ) -> (charge: Charge, base: Charge?, dimension: Int32) {
    var span = span(place, at: call.at)
    if call.flags.contains(.fromParameters), let usage = span.cards.card?.billedUsage(of: call) {
      call.usage = usage
    }
    let (charge, base) = span.cards.charges(call)
    return (charge, base, dimension(place, &span, call, compared: base != nil, batch))
  }

  // MARK: - Cards in force

  private mutating func span(_ place: Int, at instant: Timestamp) -> Span {
    let at = instant.microseconds
    if let latest = known[place].latest, at >= latest.from, at < latest.until { return latest }
    if let index = known[place].others.firstIndex(where: { at >= $0.from && at < $0.until }) {
      let found = known[place].others[index]
      if let latest = known[place].latest { known[place].others[index] = latest }
      known[place].latest = found
      return found
    }
    let resolution = rates.resolve(known[place].subject, at: instant)
    let span = Span(
      from: resolution.from.microseconds, until: resolution.until.microseconds,
      cards: CardsInForce(resolution))
    if let latest = known[place].latest { known[place].others.append(latest) }
    if known[place].others.count > Self.spansMax { known[place].others.removeFirst() }
    known[place].latest = span
    return span
  }

  // MARK: - Dimensions

  private mutating func dimension(
    _ place: Int, _ span: inout Span, _ call: Call, compared: Bool, _ batch: BookBatch
  ) -> Int32 {
    var band = 0
    let cards = span.cards
    if let card = cards.card, !card.tariff.bands.isEmpty {
      band = card.tariff.band(promptTokens: call.usage.promptTokens)
    }
    if band == 0 {
      let number = compared ? span.compared : span.alone
      if number >= 0 { return number }
    }
    let direct = compared ? cards.direct : nil
    let entry = known[place]
    let reason = cards.card == nil ? cards.reason : nil
    let key = Key(
      subject: entry.subject, inferred: entry.inferred, card: cards.card?.digest ?? "",
      direct: direct?.digest ?? "", reason: reason?.rawValue ?? 0, band: band)
    let number: Int32
    if let old = numbers[key] {
      number = old
    } else {
      number = count
      count += 1
      numbers[key] = number
      batch.newDimensions.append(
        Dimension(
          subject: entry.subject, providerInferred: entry.inferred, card: cards.card,
          direct: direct, reason: reason, band: band))
    }
    if band == 0 {
      if compared { known[place].latest?.compared = number } else { known[place].latest?.alone = number }
    }
    return number
  }

  // MARK: - Details

  private func settleUsage(_ call: inout Call, card: RateCard?, _ details: inout DetailText) {
    if let usage = card?.billedUsage(of: call) { call.usage = usage }
    let extra = call.usage.stated.filter { $0.meter.rawValue > 2 }
    guard !extra.isEmpty else { return }
    details.reopen(call.details)
    for (meter, quantity) in extra { details.add(meter, quantity) }
    call.details = details.end()
  }

  /// Notes what the amount does not cover, and why.
  private func tell(
    _ state: ChargeState, cardless: Bool, _ call: inout Call, _ details: inout DetailText
  ) {
    switch state {
    case .partial(let missing) where missing != 0:
      let names = Meter.allCases.filter { missing & (1 << UInt32($0.rawValue)) != 0 }
      details.reopen(call.details)
      details.add("missing", json: JSONText.array(names.map { JSONText.quoted($0.name) }))
      call.details = details.end()
    case .unpriced(let reason) where !cardless || reason == .contradictoryUsage:
      details.reopen(call.details)
      details.add("unpriced", json: JSONText.quoted(reason.name))
      call.details = details.end()
    default: break
    }
  }
}
