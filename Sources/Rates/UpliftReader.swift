import Calls
import Units

/// Reads `uplifts` and `discounts`: what whole cards are multiplied by, when, and for which models.
struct UpliftReader: RateFaultGathering {
  let file: String
  let zones: RateFileReader.Zones
  /// A discount may hold for every call; an uplift that does would be another price.
  let mayBeUnconditional: Bool
  var faults: [RateFault] = []

  init(file: String, zones: @escaping RateFileReader.Zones, mayBeUnconditional: Bool = false) {
    self.file = file
    self.zones = zones
    self.mayBeUnconditional = mayBeUnconditional
  }

  static let members = ["when", "times", "unit", "from", "until", "models", "source", "read_on", "note"]

  mutating func read(_ tree: JSONTree?) -> [Uplift] {
    guard let tree else { return [] }
    guard let elements = tree.elements else {
      fault(tree.line, .notAnObject("a list of uplifts"))
      return []
    }
    return elements.compactMap { uplift($0) }
  }

  private mutating func uplift(_ tree: JSONTree) -> Uplift? {
    guard members(of: tree, named: "an uplift", known: Self.members) != nil else { return nil }
    var reader = CardConditionReader(file: file, zones: zones)
    let conditions = reader.read(tree["when"])
    faults += reader.faults
    if !mayBeUnconditional, tree["when"]?.members?.isEmpty ?? (tree["when"] == nil) {
      fault(tree.line, .missing("when", in: "an uplift"))
    }
    let from = day(tree, "from")
    let until = day(tree, "until")
    if let from, let until, until <= from {
      fault(tree.line, .endsBeforeStart(from: "\(from)", until: "\(until)"))
    }
    guard let times = text(tree, "times") else {
      if tree["times"] == nil { fault(tree.line, .missing("times", in: "an uplift")) }
      return nil
    }
    guard let factor = Factor(times) else {
      fault(tree["times"]?.line ?? tree.line, .badFactor(times))
      return nil
    }
    var unit: MeterUnit?
    if let name = text(tree, "unit") {
      unit = MeterUnit(rawValue: name)
      if unit == nil { fault(tree["unit"]?.line ?? tree.line, .badPer(name)) }
    }
    var models: Set<String>?
    if let stated = tree["models"] {
      // Names that cannot be read are not all models.
      models = Set((stated.elements ?? []).compactMap(\.string))
      if stated.elements?.count != models?.count || models?.isEmpty ?? true { fault(stated.line, .badModels) }
    }
    return Uplift(
      line: tree.line, conditions: conditions, factor: factor, from: from, until: until, models: models,
      unit: unit)
  }
}
