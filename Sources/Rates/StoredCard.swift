import Calls
import Units

/// A rate card read back from the text that the ledger keeps of it.
///
/// The text is ``RateCard/text``: canonical JSON of all that decides an amount. What was charged
/// under a card can be worked out again from it, long after the price file has changed.
package struct StoredCard: Sendable {
  package let issuer: String
  package let route: String
  package let provider: String
  package let model: String
  package let from: Day
  /// As ``Conditions/text``: `tier=flex;region=eu`; empty for none.
  package let conditions: String
  package let source: String?
  package let readOn: Day?
  package let contract: String?
  /// What the stated rates are multiplied by, and why: `1.1` for `region=us`.
  package let factors: [(times: String, reason: String)]
  /// The billing rules in words: `at least 10 seconds of audio_seconds`.
  package let rules: [String]
  package let tariff: Tariff
  /// The base table, then the context bands by rising threshold; never empty.
  package let tables: [Table]

  /// The rates of one context band.
  package struct Table: Sendable {
    /// Prompt tokens strictly over this pay the band; 0 for the base.
    package let over: Int64
    package fileprivate(set) var rates: RateTable
    /// Each stated rate in its file's words: `0.15 USD per 1M tokens`.
    package let words: [Meter: String]

    /// A meter's rate in words, and the meter whose rate it borrows; nil when it has none.
    package func rate(of meter: Meter) -> (words: String, borrowed: Meter?)? {
      if let words = words[meter] { return (words, nil) }
      guard let lender = rates.standIns[meter], let words = words[lender] else { return nil }
      return (words, lender)
    }

    /// The table with its rates multiplied; the words stay as they were stated.
    fileprivate func times(_ factor: Factor, _ unit: MeterUnit?) throws(StoredCardFault) -> Table {
      guard let scaled = rates.times(factor, unit) else { throw .lacks("factors") }
      var table = self
      table.rates = scaled
      return table
    }
  }

  /// - Throws: ``StoredCardFault`` when the text is no card of this version.
  package init(text: String) throws(StoredCardFault) {
    let tree: JSONTree
    do { tree = try JSONTree(parsing: text) } catch { throw .notJSON("\(error)") }
    func required(_ name: String) throws(StoredCardFault) -> String {
      guard let text = tree[name]?.string else { throw .lacks(name) }
      return text
    }
    issuer = try required("issuer")
    route = try required("route")
    provider = try required("provider")
    model = try required("model")
    guard let from = Day(try required("from")) else { throw .lacks("from") }
    self.from = from
    conditions = try required("when")
    contract = tree["contract"]?.string
    source = tree["source"]?.string
    readOn = tree["read_on"]?.string.flatMap { Day($0) }
    var tables: [Table] = []
    for element in tree["rates"]?.elements ?? [] { tables.append(try Self.table(element)) }
    var factors: [(times: String, reason: String)] = []
    var whole: [Factor] = []
    for element in tree["factors"]?.elements ?? [] {
      guard let times = element["times"]?.string, let factor = Factor(times) else { throw .lacks("factors") }
      let unit = element["unit"]?.string.flatMap { MeterUnit(rawValue: $0) }
      let what = unit.map { ", rates per \($0.rawValue)" } ?? ""
      factors.append((times, (element["for"]?.string ?? "") + what))
      if unit == nil { whole.append(factor) }
      tables = try tables.map { (table) throws(StoredCardFault) in try table.times(factor, unit) }
    }
    rules = Self.words(tree["rules"])
    self.factors = factors
    self.tables = tables
    tariff = try Self.tariff(tree, tables, whole)
  }

  private static func words(_ rules: JSONTree?) -> [String] {
    func each(_ name: String, _ sentence: (String, String) -> String) -> [String] {
      (rules?[name]?.members ?? []).map { sentence($0.name, $0.value.string ?? "") }
    }
    let least = rules?["minimum_charge"]?.string.map { ["at least \($0) USD a call"] } ?? []
    return each("minimum") { "at least \($1) of \($0)" } + each("round_up") { "\($0) up to whole \($1)" } + least
  }

  /// The tariff of the tables, with the rules and the rounding that the text states.
  private static func tariff(
    _ tree: JSONTree, _ tables: [Table], _ factors: [Factor]
  ) throws(StoredCardFault) -> Tariff {
    guard let base = tables.first?.rates else { throw .lacks("rates") }
    guard let rounding = tree["rounding"]?.string.flatMap({ Rounding(rawValue: $0) }) else {
      throw .lacks("rounding")
    }
    var rules: BillingRules?
    if let stated = tree["rules"] {
      var reader = BillingRuleReader(file: "")
      guard let read = reader.read(stated)?.rules, reader.faults.isEmpty else { throw .lacks("rules") }
      var least = read.minimumCharge
      for factor in factors {
        guard let product = factor.times(least) else { throw .lacks("rules") }
        least = product
      }
      rules = BillingRules(minimums: read.minimums, steps: read.steps, minimumCharge: least)
    }
    return Tariff(
      base: base, bands: tables.dropFirst().map { Tariff.Band(over: $0.over, table: $0.rates) }, rules: rules,
      rounding: rounding, billsSuccessOnly: tree["bills"]?.string == "success")
  }

  private static func table(_ tree: JSONTree) throws(StoredCardFault) -> Table {
    guard case .number(let digits) = tree["over"]?.value, let over = Int64(digits),
      let members = tree["rates"]?.members
    else { throw .lacks("rates") }
    var rates: [Meter: MeterRate] = [:]
    var sameAs: [Meter: Meter] = [:]
    var words: [Meter: String] = [:]
    for member in members {
      guard let meter = Meter(name: member.name), let text = member.value.string else {
        throw .badRate(member.name)
      }
      if text.hasPrefix("=") {
        guard let lender = Meter(name: text.dropFirst()) else { throw .badRate(member.name) }
        sameAs[meter] = lender
      } else {
        guard let rate = rate(text) else { throw .badRate(member.name) }
        rates[meter] = rate
        words[meter] = text
      }
    }
    guard let table = RateTable(rates, sameAs: sameAs) else { throw .badRate("rates") }
    return Table(over: over, rates: table, words: words)
  }

  /// The rate that `0.15 USD per 1M tokens` states.
  private static func rate(_ words: String) -> MeterRate? {
    guard let split = words.firstRange(of: " USD per "),
      let per = RatePer(String(words[split.upperBound...])),
      let femtos = try? DecimalText.scaled(String(words[..<split.lowerBound]), decimals: 15)
    else { return nil }
    return MeterRate(femtos: femtos, parts: Int128(per.parts))
  }

  /// The table of a prompt of that many tokens.
  package func table(promptTokens: Int64) -> Table {
    tables.last { promptTokens > $0.over } ?? tables[0]
  }

  /// What a call of that usage costs under this card, as ``RateCard/charge(_:)`` reckons.
  package func charge(_ usage: Usage, outcome: Outcome) -> Charge { tariff.charge(usage, outcome: outcome) }

  package var rounding: Rounding { tariff.rounding }
  package var billsSuccessOnly: Bool { tariff.billsSuccessOnly }
}

/// Why a text is no stored card.
package enum StoredCardFault: Error, Hashable, Sendable, CustomStringConvertible {
  case notJSON(String)
  case lacks(String)
  case badRate(String)

  package var description: String {
    switch self {
    case .notJSON(let why):
      "The stored card is not JSON: \(why). Run `tollbook verify` to see whether the ledger was changed."
    case .lacks(let name):
      "The stored card has no readable '\(name)'. "
        + "Read this ledger with the version that wrote it, or a later one."
    case .badRate(let name):
      "The stored card's rate of '\(name)' cannot be read. "
        + "Read this ledger with the version that wrote it, or a later one."
    }
  }
}
