import Units

/// A mistake in a price file: where it stands, what it is, how to mend it.
package struct RateFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let file: String
  /// 0 when the fault is the whole file's.
  package let line: Int
  package let kind: Kind

  package enum Kind: Hashable, Sendable {
    case notJSON(String)
    case notAnObject(String)
    case missing(String, in: String)
    case unknownMember(String, nearest: String?)
    case duplicateMember(String)
    case notText(String)
    case emptyText(String)
    case badDay(String)
    case badDecimal(String, DecimalFault)
    case badPer(String)
    case unitDiffers(meter: String, wants: String, per: String)
    case unknownMeter(String, nearest: String?)
    case unknownCondition(String, nearest: String?)
    case negative(String)
    case implausible(meter: String, rate: String, bound: String)
    case tooCheap(meter: String, rate: String, bound: String)
    case noLender(String, lender: String)
    case badThreshold(String)
    case endsBeforeStart(from: String, until: String)
    case overlap(model: String, from: String, other: String)
    case duplicateCard(model: String, from: String, other: String)
    case duplicateProduct(model: String, other: String)
    case noRates(model: String)
    case badBand(String)
    case unknownCurrency(String)
    case unknownRounding(String)
    case tooFine(model: String)
    case nameTaken(String, by: String)
    case unreadable(String)
    case unknownZone(String)
    case badWindow(String)
    case badFactor(String)
    case badAlias(model: String)
    case tooManyUplifts(most: Int)
    case ambiguous(model: String, one: String, other: String, both: String)
    case discountOutsideContract
    case notAList(String)
    case unknownWord(String, of: String, nearest: String?, known: [String])
    case badShare(String)
    case duplicateTerm(String, from: String, other: String)
    case overlappingTerm(String, from: String, other: String)
    case termEndsBeforeStart(String, from: String, until: String)
    case termTwice(String, other: String)
    case badQuantity(String)
    case quantityDiffers(meter: String, wants: String, text: String)
    case quantityOverLimit(meter: String, text: String, limit: String)
    case chargeOverLimit(String, limit: String)
    case ruleWithoutRate(String, model: String)
    case standardTier(String)
    case liftedTwice(model: String, when: String)
    case badModels
    case badTermName(String, most: Int)
    case unknownModel(String, of: String, nearest: String?)
    case sharedUnits(String, other: String, meter: String, at: String)
  }

  package init(file: String, line: Int, _ kind: Kind) {
    self.file = file
    self.line = line
    self.kind = kind
  }

  package var description: String {
    (line > 0 ? "\(file):\(line): " : "\(file): ") + kind.sentence
  }
}

extension RateFault.Kind {
  /// Fact and remedy.
  package var sentence: String {
    func near(_ name: String?) -> String { name.map { " Did you mean '\($0)'?" } ?? "" }
    return switch self {
    case .notJSON(let what): "this is not JSON: \(what). Mend it, or restore the file."
    case .notAnObject(let what): "\(what) is no JSON object. See pricing/README.md for its form."
    case .missing(let name, let place): "\(place) has no '\(name)'. Add it; pricing/README.md says how."
    case .unknownMember(let name, let nearest):
      "'\(name)' is no member of this object.\(near(nearest)) Members are listed in pricing/README.md."
    case .duplicateMember(let name): "'\(name)' stands here twice. Delete one."
    case .notText(let name): "'\(name)' is no text. Put its value in quotes."
    case .emptyText(let name): "'\(name)' is empty. Write what it says, or leave it out."
    case .badDay(let text): "'\(text)' is no day. Write it as 2026-03-01."
    case .badDecimal(let name, let fault): "'\(name)': \(fault)"
    case .badPer(let text):
      "'\(text)' is no unit of a rate. Write a count and a unit, such as \"1M tokens\" or \"1 hour\"."
    case .unitDiffers(let meter, let wants, let per):
      "'\(meter)' is counted by the \(wants), but its rate is per \(per). State the rate per \(wants)."
    case .unknownMeter(let name, let nearest): "'\(name)' is no meter.\(near(nearest)) See pricing/README.md."
    case .unknownCondition(let name, let nearest):
      "'\(name)' is no condition of a card.\(near(nearest)) See pricing/README.md."
    case .negative(let name): "'\(name)' is negative. A rate is nought or more."
    case .implausible(let meter, let rate, let bound):
      "'\(meter)' at \(rate) is over \(bound). Check that 'per' is the unit of the figure's source."
    case .tooCheap(let meter, let rate, let bound):
      "'\(meter)' at \(rate) is under \(bound). Check that 'per' is the unit of the figure's source."
    case .noLender(let meter, let lender):
      "'\(meter)' is to cost what '\(lender)' does, which has no rate of its own here. State one of the two."
    case .badThreshold(let name):
      "'\(name)' of a band is no whole number of tokens. Write it as a number without quotes, such as 200000."
    case .endsBeforeStart(let from, let until):
      "the card ends on \(until), which is not after its start on \(from). Mend one of the days."
    case .overlap(let model, let from, let other):
      "\(model) has a card from \(from) inside the span of the card at \(other). End one where the other begins."
    case .duplicateCard(let model, let from, let other):
      "\(model) has two cards from \(from), the other at \(other). Delete one, or give the later its own date."
    case .duplicateProduct(let model, let other):
      "\(model) is priced twice, the other time at \(other). Keep one, and move the other's cards to it."
    case .noRates(let model): "a card of \(model) has no rates. Add one, or delete the card."
    case .badBand(let what): "a band \(what). Write {\"over\": 200000, \"rates\": {…}}, thresholds rising."
    case .unknownCurrency(let text): "'\(text)' is no currency we book. Write USD."
    case .unknownRounding(let text): "'\(text)' is no rounding rule. Write half_even, half_up or up."
    case .tooFine(let model):
      "rates of \(model) cannot be held exactly together. State them per larger counts."
    case .nameTaken(let name, let other): "'\(name)' is already the name of \(other). Delete one."
    case .unknownZone(let name):
      "'\(name)' is no time zone of this system. Write its IANA name, such as Asia/Shanghai, or install tzdata."
    case .badWindow(let text):
      "'\(text)' is no time of the week. Write hours as \"16:30-00:30\" and weekdays as \"mon-fri\"."
    case .badFactor(let text):
      "'\(text)' is nothing to multiply a price by. Write a decimal of 0.001 to 100, such as \"1.1\"."
    case .badAlias(let model):
      "an alias of \(model) is no text and no {\"name\", \"from\", \"until\"}. Write one of them."
    case .tooManyUplifts(let most):
      "uplifts would make more than \(most) cards of one model. Limit them by 'models', 'from' and 'until'."
    case .ambiguous(let model, let one, let other, let both):
      "a call of \(model) can meet the card when \(one) and that when \(other). Add one when \(both)."
    case .discountOutsideContract: "a list price has no discounts. Name the 'contract', or delete them."
    case .notAList(let name): "'\(name)' is no list. Write […]; pricing/README.md says what stands in it."
    case .unknownWord(let word, let name, let nearest, let known):
      "'\(word)' cannot stand in '\(name)'.\(near(nearest)) Write \(known.joined(separator: " or "))."
    case .badShare(let text):
      "'\(text)' is no share of an amount. Write a decimal of 0 to 1, such as \"0.055\" for 5.5 %."
    case .duplicateTerm(let name, let from, let other):
      "\(name) stands twice from \(from), the other time at \(other). Delete one, or give the later its own date."
    case .overlappingTerm(let name, let from, let other):
      "\(name) from \(from) begins inside the span of that at \(other). End one where the other begins."
    case .termEndsBeforeStart(let name, let from, let until):
      "\(name) ends on \(until), which is not after its start on \(from). Mend one of the days."
    case .termTwice(let name, let other):
      "\(name) stands in \(other) too. Keep all of it in one file."
    case .badQuantity(let text):
      "'\(text)' is no quantity. Write a count and a unit, such as \"10 seconds\" or \"5K searches\"."
    case .quantityDiffers(let meter, let wants, let text):
      "'\(meter)' is counted by the \(wants), and '\(text)' is none of it. State a quantity by the \(wants)."
    case .quantityOverLimit(let meter, let text, let limit):
      "'\(meter)': '\(text)' is more than one call can use, \(limit). Check the unit of the figure's source."
    case .chargeOverLimit(let text, let limit):
      "'minimum_charge' of \(text) USD is over \(limit) USD for one call. Check the figure at its source."
    case .ruleWithoutRate(let meter, let model):
      "'\(meter)' has a smallest or whole quantity, and \(model) no rate for it. State the rate, or delete the rule."
    case .standardTier(let tier):
      "'\(tier)' is the tier of cards that name none, so calls that state no tier would miss it. Leave 'tier' out."
    case .liftedTwice(let model, let when):
      "two uplifts or discounts multiply \(model) \(when) at once. "
        + "End one where the other begins, or tell them apart by 'models'."
    case .badTermName(let name, let most):
      "'\(name.prefix(40))' is no name of an allowance: an account is named by it. "
        + "Write 1 to \(most) bytes without colons."
    case .badModels: "'models' is no list of names. Write [\"large-1\"], or leave it out to mean all."
    case .unknownModel(let model, let term, let nearest):
      "\(term) is for '\(model)', which no file of its issuer prices.\(near(nearest)) Mend the name, or add the model."
    case .sharedUnits(let name, let other, let meter, let place):
      "allowances \(name) and \(other) (\(place)) both give \(meter) of the same calls. "
        + "Tell their calls apart by 'models' or 'tier', or end one where the other begins."
    case .unreadable(let why): "the file cannot be read: \(why). Mend its permissions or its path."
    }
  }
}
