import Watch

/// Lines of the configuration that there may be many of, each with a name of its own: `receiver.ops = slack …`.
struct NamedLines {
  private(set) var receivers: [Receiver] = []
  private(set) var budgets: [BudgetLine] = []
  private(set) var planned: [PlannedWindow] = []
  /// Budgets and planned windows as they were written: key, value, place.
  private(set) var written: [(key: String, value: String, place: String)] = []
  /// Where each name stands.
  private var places: [String: String] = [:]

  /// Takes a line whose key is one of these; false for any other.
  mutating func take(
    _ key: String, _ value: String, _ place: String, _ faults: inout [ConfigurationFault]
  ) -> Bool {
    let prefixes = [ReceiverLine.prefix, BudgetLine.prefix, PlannedLine.prefix]
    guard let prefix = prefixes.first(where: key.hasPrefix) else { return false }
    if let earlier = places[key] { faults.append(.twice(key, place, other: earlier)) }
    places[key] = place
    let name = String(key.dropFirst(prefix.count))
    if prefix == ReceiverLine.prefix {
      addReceiver(name, value, place, &faults)
      return true
    }
    written.append((key, value, place))
    do throws(WatchLineFault) {
      if prefix == BudgetLine.prefix {
        budgets.append(try BudgetLine(name: name, value: value))
        if budgets.count > BudgetLine.budgetsMax { throw .tooMany(most: BudgetLine.budgetsMax) }
      } else {
        planned.append(try PlannedLine.read(name: name, value: value))
        if planned.count > PlannedLine.windowsMax { throw .tooMany(most: PlannedLine.windowsMax) }
      }
    } catch {
      faults.append(.watch(key, place: place, error))
    }
    return true
  }

  private mutating func addReceiver(
    _ name: String, _ value: String, _ place: String, _ faults: inout [ConfigurationFault]
  ) {
    var found: [ReceiverFault] = []
    let receiver = ReceiverLine.read(name: name, value: value, place: place, &found)
    if let receiver { receivers.append(receiver) }
    if receivers.count > ReceiverLine.receiversMax { found.append(.tooMany(most: ReceiverLine.receiversMax)) }
    faults += found.map { .receiver(name, place: place, $0) }
  }
}
