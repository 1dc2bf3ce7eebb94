import Calls
import Units

/// Reads the cards of one model.
struct CardReader: RateFaultGathering {
  let file: String
  let model: String
  var faults: [RateFault] = []
  private var cardStatesPer = false
  private let zones: RateFileReader.Zones

  static let cardMembers =
    ["from", "until", "recorded_on", "when", "per", "rates", "bands", "uplifts"]
    + BillingRuleReader.members + ["source", "read_on", "confidence", "note"]

  init(file: String, model: String, zones: @escaping RateFileReader.Zones) {
    self.file = file
    self.model = model
    self.zones = zones
  }

  /// The draft of a card, or nil when a fault leaves none.
  mutating func read(_ tree: JSONTree) -> CardDraft? {
    guard members(of: tree, named: "a card of \(model)", known: Self.cardMembers) != nil else {
      return nil
    }
    if tree["from"] == nil { fault(tree.line, .missing("from", in: "a card of \(model)")) }
    let from = day(tree, "from")
    let until = day(tree, "until")
    if let from, let until, until <= from {
      fault(tree.line, .endsBeforeStart(from: "\(from)", until: "\(until)"))
    }
    let per = self.per(tree)
    var conditionReader = CardConditionReader(file: file, zones: zones)
    let conditions = conditionReader.read(tree["when"])
    var ruleReader = BillingRuleReader(file: file)
    let rules = ruleReader.read(tree)
    var upliftReader = UpliftReader(file: file, zones: zones)
    let uplifts = upliftReader.read(tree["uplifts"])
    faults += conditionReader.faults + ruleReader.faults + upliftReader.faults
    guard let rates = tree["rates"] else {
      fault(tree.line, .missing("rates", in: "a card of \(model)"))
      return nil
    }
    let base = table(rates, per: per)
    var bands: [Tariff.Band] = []
    var canonical = ["{\"over\":0,\"rates\":" + (base?.text ?? "{}") + "}"]
    if let stated = tree["bands"], stated.elements == nil { fault(stated.line, .notAList("bands")) }
    for band in tree["bands"]?.elements ?? [] {
      guard members(of: band, named: "a band", known: ["over", "from", "rates"]) != nil else { continue }
      guard let rates = band["rates"], (band["over"] == nil) != (band["from"] == nil) else {
        fault(band.line, .badBand("lacks 'over', 'from' or 'rates', or has both"))
        continue
      }
      guard let over = threshold(band) else {
        fault(band.line, .badThreshold(band["over"] == nil ? "from" : "over"))
        continue
      }
      if let last = bands.last, last.over >= over {
        fault(band.line, .badBand("does not rise: \(over) stands behind \(last.over)"))
      }
      if let banded = table(rates, per: per, mayBeEmpty: true) {
        bands.append(Tariff.Band(over: over, table: banded.table))
        canonical.append("{\"over\":\(over),\"rates\":" + banded.text + "}")
      }
    }
    let _: Confidence? = word(tree, "confidence")
    if let base, let rules = rules?.rules {
      let ruled = Set(rules.minimums.keys).union(rules.steps.keys)
      for meter in Meter.allCases where ruled.contains(meter) && !base.table.has(meter) {
        fault(tree.line, .ruleWithoutRate(meter.name, model: model))
      }
    }
    // Conditions that cannot be read are no conditions: the card is not one for every call.
    guard let from, let base, conditionReader.faults.isEmpty else { return nil }
    return CardDraft(
      line: tree.line, from: from, until: until, recordedOn: day(tree, "recorded_on"),
      conditions: conditions, base: base.table, bands: bands, rules: rules?.rules,
      canonicalRates: JSONText.array(canonical), canonicalRules: rules?.text, uplifts: uplifts,
      source: text(tree, "source"), readOn: day(tree, "read_on"))
  }

  /// The tokens that a band's prompts are over: those of `over`, or one less than `from`.
  private func threshold(_ band: JSONTree) -> Int64? {
    func count(_ name: String) -> Int64? {
      guard case .number(let digits) = band[name]?.value, let count = Int64(digits), count > 0 else { return nil }
      return count
    }
    switch (band["over"], band["from"]) {
    case (.some, nil): return count("over")
    case (nil, .some): return count("from").flatMap { $0 > 1 ? $0 - 1 : nil }
    default: return nil
    }
  }

  private mutating func per(_ tree: JSONTree) -> RatePer? {
    cardStatesPer = tree["per"] != nil
    return unit(tree)
  }

  private mutating func unit(_ tree: JSONTree) -> RatePer? {
    guard let text = text(tree, "per") else { return nil }
    if let per = RatePer(text) { return per }
    fault(tree["per"]?.line ?? tree.line, .badPer(text))
    return nil
  }

  /// The table of a `rates` object, with its canonical text.
  ///
  /// A band may have none: prompts of that length have no price here.
  private mutating func table(
    _ tree: JSONTree, per: RatePer?, mayBeEmpty: Bool = false
  ) -> (table: RateTable, text: String)? {
    guard let members = tree.members else {
      fault(tree.line, .notAnObject("'rates'"))
      return nil
    }
    guard !members.isEmpty || mayBeEmpty else {
      fault(tree.line, .noRates(model: model))
      return nil
    }
    var rates: [Meter: MeterRate] = [:]
    var sameAs: [Meter: Meter] = [:]
    var texts: [(name: String, json: String)] = []
    var seen: Set<String> = []
    for member in members {
      guard let meter = Meter(name: member.name) else {
        let near = nearest(to: member.name, in: Meter.allCases.map(\.name))
        fault(member.line, .unknownMeter(member.name, nearest: near))
        continue
      }
      if !seen.insert(member.name).inserted { fault(member.line, .duplicateMember(member.name)) }
      if let text = member.value.string, text.hasPrefix("=") {
        if let stands = Meter(name: text.dropFirst()) {
          sameAs[meter] = stands
          texts.append((member.name, JSONText.quoted(text)))
        } else {
          let name = String(text.dropFirst())
          let near = nearest(to: name, in: Meter.allCases.map(\.name))
          fault(member.line, .unknownMeter(name, nearest: near))
        }
        continue
      }
      guard let rate = rate(member, of: meter, per: per) else { continue }
      rates[meter] = rate.rate
      texts.append((member.name, JSONText.quoted(rate.text)))
    }
    let stated = Set(members.compactMap { Meter(name: $0.name) }).subtracting(sameAs.keys)
    for (meter, lender) in sameAs where !stated.contains(lender) {
      let line = members.first { $0.name == meter.name }?.line ?? tree.line
      fault(line, .noLender(meter.name, lender: lender.name))
    }
    guard let table = RateTable(rates, sameAs: sameAs) else {
      fault(tree.line, .tooFine(model: model))
      return nil
    }
    return (table, JSONText.object(texts.sorted { $0.name < $1.name }))
  }

  /// One meter's rate: a decimal text per the card's unit, or an object with a unit of its own.
  private mutating func rate(
    _ member: JSONTree.Member, of meter: Meter, per cardPer: RatePer?
  ) -> (rate: MeterRate, text: String)? {
    var per = cardPer
    var dollars = member.value.string
    if member.value.members != nil {
      _ = members(of: member.value, named: "'\(member.name)'", known: ["usd", "per"])
      dollars = text(member.value, "usd")
      per = unit(member.value)
    }
    guard let dollars else {
      fault(member.line, .notText(member.name))
      return nil
    }
    guard let per else {
      // A unit that is there and cannot be read has been noted already.
      let isStated = member.value.members == nil ? cardStatesPer : member.value["per"] != nil
      if !isStated { fault(member.line, .missing("per", in: "the rate of '\(member.name)'")) }
      return nil
    }
    guard per.unit == meter.unit else {
      fault(
        member.line, .unitDiffers(meter: meter.name, wants: meter.unit.rawValue, per: per.text))
      return nil
    }
    do {
      let femtos = try DecimalText.scaled(dollars, decimals: 15)
      guard femtos >= 0 else {
        fault(member.line, .negative(member.name))
        return nil
      }
      guard femtos <= Int128(Int64.max) * 1_000_000 else {
        fault(member.line, .badDecimal(member.name, .outOfRange(dollars)))
        return nil
      }
      let (bound, units) = RatePer.dollarsMax(meter)
      let limit = bound * DecimalText.powerOfTen(15) * Int128(per.parts) / Int128(meter.unit.parts)
      guard femtos * units <= limit else {
        fault(
          member.line,
          .implausible(
            meter: meter.name, rate: "\(dollars) USD per \(per.text)",
            bound: "\(bound) USD per \(units) \(meter.unit.rawValue)\(units > 1 ? "s" : "")"))
        return nil
      }
      if femtos > 0, let least = PlausibleSpan.leastFemtos(meter.unit), femtos < least * Int128(per.parts) {
        fault(
          member.line,
          .tooCheap(
            meter: meter.name, rate: "\(dollars) USD per \(per.text)", bound: PlausibleSpan.least(meter.unit).text))
        return nil
      }
      guard let rate = MeterRate(femtos: femtos, parts: Int128(per.parts)) else {
        fault(member.line, .tooFine(model: model))
        return nil
      }
      return (rate, "\(dollars) USD per \(per.text)")
    } catch {
      fault(member.line, .badDecimal(member.name, error))
      return nil
    }
  }
}

/// How far to trust a figure: its issuer's word, an open price set's, one third party's.
enum Confidence: String, CaseIterable { case own = "A", set = "B", single = "C" }
