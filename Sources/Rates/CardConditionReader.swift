import Units

/// Reads `when`: the conditions of a card or an uplift.
struct CardConditionReader: RateFaultGathering {
  let file: String
  let zones: RateFileReader.Zones
  var faults: [RateFault] = []

  init(file: String, zones: @escaping RateFileReader.Zones) {
    self.file = file
    self.zones = zones
  }

  mutating func read(_ tree: JSONTree?) -> Conditions {
    guard let tree else { return Conditions() }
    guard let members = tree.members else {
      fault(tree.line, .notAnObject("'when'"))
      return Conditions()
    }
    var wanted: [String: String] = [:]
    var clock: [String: String] = [:]
    for member in members {
      let isClock = Conditions.windowNames.contains(member.name)
      guard isClock || Conditions.names.contains(member.name) else {
        let near = nearest(to: member.name, in: Conditions.names + Conditions.windowNames)
        fault(member.line, .unknownCondition(member.name, nearest: near))
        continue
      }
      guard let value = text(member.value, named: member.name) else { continue }
      if member.name == "tier", CardChoice.isStandard(value) { fault(member.line, .standardTier(value)) }
      let former =
        isClock
        ? clock.updateValue(value, forKey: member.name) : wanted.updateValue(value, forKey: member.name)
      if former != nil { fault(member.line, .duplicateMember(member.name)) }
    }
    return Conditions(wanted, window: clock.isEmpty ? nil : window(clock, tree.line))
  }

  private mutating func window(_ clock: [String: String], _ line: Int) -> TimeWindow? {
    guard let name = clock["zone"] else {
      fault(line, .missing("zone", in: "'when' with hours or weekdays"))
      return nil
    }
    guard let zone = zones(name) else {
      fault(line, .unknownZone(name))
      return nil
    }
    let window = TimeWindow(hours: clock["hours"], weekdays: clock["weekdays"], zone: zone)
    if window == nil || clock.count == 1 {
      fault(line, .badWindow([clock["hours"], clock["weekdays"]].compactMap { $0 }.joined(separator: " ")))
    }
    return window
  }
}
