import Calls
import Units

/// Reads a card's billing rules: `minimum`, `round_up` and `minimum_charge`.
struct BillingRuleReader: RateFaultGathering {
  let file: String
  var faults: [RateFault] = []

  init(file: String) { self.file = file }

  static let members = ["minimum", "round_up", "minimum_charge"]

  /// The rules, and their canonical JSON; nil when there are none.
  mutating func read(_ tree: JSONTree) -> (rules: BillingRules, text: String)? {
    guard Self.members.contains(where: { tree[$0] != nil }) else { return nil }
    var texts: [(name: String, json: String)] = []
    var quantities: [String: [Meter: Int64]] = [:]
    for name in ["minimum", "round_up"] {
      guard let stated = tree[name] else { continue }
      guard let members = stated.members else {
        fault(stated.line, .notAnObject("'\(name)'"))
        continue
      }
      var words: [(name: String, json: String)] = []
      for member in members {
        guard let meter = meter(member), let quantity = quantity(member, of: meter) else { continue }
        if quantities[name, default: [:]].updateValue(quantity, forKey: meter) != nil {
          fault(member.line, .duplicateMember(member.name))
        }
        words.append((member.name, JSONText.quoted(member.value.string ?? "")))
      }
      texts.append((name, JSONText.object(words.sorted { $0.name < $1.name })))
    }
    var least: Int128 = 0
    if let text = text(tree, "minimum_charge") {
      do {
        least = try DecimalText.scaled(text, decimals: 15)
        let line = tree["minimum_charge"]?.line ?? tree.line
        if least < 0 { fault(line, .negative("minimum_charge")) }
        let dollarsMax = RatePer.dollarsMax(.requests).dollars
        if least > dollarsMax * DecimalText.powerOfTen(15) {
          fault(line, .chargeOverLimit(text, limit: "\(dollarsMax)"))
          least = 0
        }
        texts.append(("minimum_charge", JSONText.quoted(text)))
      } catch {
        fault(tree["minimum_charge"]?.line ?? tree.line, .badDecimal("minimum_charge", error))
      }
    }
    let rules = BillingRules(
      minimums: quantities["minimum"] ?? [:], steps: quantities["round_up"] ?? [:], minimumCharge: max(least, 0))
    return (rules, JSONText.object(texts))
  }

  private mutating func meter(_ member: JSONTree.Member) -> Meter? {
    if let meter = Meter(name: member.name) { return meter }
    fault(
      member.line, .unknownMeter(member.name, nearest: nearest(to: member.name, in: Meter.allCases.map(\.name))))
    return nil
  }

  /// A quantity in words, `10 seconds` or `1 megapixel`, in the meter's smallest parts.
  private mutating func quantity(_ member: JSONTree.Member, of meter: Meter) -> Int64? {
    guard let text = member.value.string else {
      fault(member.line, .notText(member.name))
      return nil
    }
    guard let per = RatePer(text) else {
      fault(member.line, .badQuantity(text))
      return nil
    }
    guard per.unit == meter.unit else {
      fault(member.line, .quantityDiffers(meter: meter.name, wants: meter.unit.rawValue, text: text))
      return nil
    }
    // What is billed stays within what a call may state, so that no product of it overflows.
    let most = meter.unit.decimals > 0 ? Usage.quantityMax : Usage.wholeQuantityMax
    guard per.parts <= most else {
      let limit = "\(most / meter.unit.parts) \(meter.unit.rawValue)s"
      fault(member.line, .quantityOverLimit(meter: meter.name, text: text, limit: limit))
      return nil
    }
    return per.parts
  }
}
