import Calls
import Units

/// The canonical text of a card: all that decides an amount, and where it was read.
///
/// The ledger keeps this text and its digest; ``StoredCard`` reads it back. What a card does not have is not
/// in the text.
struct CardForm: Sendable {
  var issuer: String
  var route: String
  var provider: String
  var model: String
  var from: Day
  var conditions: Conditions
  var rounding: Rounding
  var billsSuccessOnly: Bool
  /// The tables, as ``CardReader`` writes them: a JSON array.
  var rates: String
  /// The billing rules in their file's words; nil for none.
  var rules: String?
  /// What the rates are multiplied by, one after the other, and why.
  var factors: [Multiplier] = []
  var contract: String?
  var source: String?
  var readOn: Day?

  /// A factor, what it multiplies, and why.
  struct Multiplier: Hashable, Sendable {
    let factor: Factor
    /// Rates of meters of this unit; nil for all.
    let unit: MeterUnit?
    let reason: String
  }

  /// Whether both make the same amount of every usage, as far as their words tell.
  func costsTheSame(as other: CardForm) -> Bool {
    rates == other.rates && rules == other.rules
      && Set(factors.map { [$0.factor.text, $0.unit?.rawValue ?? ""] })
        == Set(other.factors.map { [$0.factor.text, $0.unit?.rawValue ?? ""] })
  }

  var text: String {
    var members = [
      ("issuer", JSONText.quoted(issuer)), ("route", JSONText.quoted(route)),
      ("provider", JSONText.quoted(provider)), ("model", JSONText.quoted(model)),
      ("from", JSONText.quoted("\(from)")), ("when", JSONText.quoted(conditions.text)),
      ("rounding", JSONText.quoted(rounding.rawValue)),
      ("bills", JSONText.quoted(billsSuccessOnly ? "success" : "usage")), ("rates", rates),
    ]
    if let rules { members.append(("rules", rules)) }
    if !factors.isEmpty {
      let times = factors.map {
        JSONText.object(
          [("times", JSONText.quoted($0.factor.text)), ("for", JSONText.quoted($0.reason))]
            + ($0.unit.map { [("unit", JSONText.quoted($0.rawValue))] } ?? []))
      }
      members.append(("factors", JSONText.array(times)))
    }
    if let contract { members.append(("contract", JSONText.quoted(contract))) }
    members.append(("source", JSONText.optional(source)))
    members.append(("read_on", JSONText.optional(readOn.map { "\($0)" })))
    return JSONText.object(members)
  }
}
