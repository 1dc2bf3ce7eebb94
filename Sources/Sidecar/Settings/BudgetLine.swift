import Units
import Watch

/// A budget as a line of the configuration has it: `budget.search = 500 team=search`.
package struct BudgetLine: Hashable, Sendable {
  package static let prefix = "budget."
  /// Budgets of a configuration.
  package static let budgetsMax = 100

  package let name: String
  package let amount: Amount
  /// Whose calls count; none for everybody's.
  package let labels: [WatchLabel]

  /// The budget in the months of a zone.
  package func budget(in zone: ZoneOffsets) -> Budget? {
    Budget(
      name: name, labels: labels.map { IncidentKey.Label($0.name, $0.value) }, amount: amount, zone: zone)
  }

  /// Reads a line's value, or tells what is wrong with it.
  package init(name: String, value: String) throws(WatchLineFault) {
    guard WatchLineFault.isName(name, most: Budget.nameMax) else { throw .badName(name) }
    var words = value.split(whereSeparator: \.isWhitespace).map(String.init)
    let amount = words.isEmpty ? "" : words.removeFirst()
    guard let dollars = try? Amount(dollars: amount), dollars > .zero else { throw .badAmount(amount) }
    self.name = name
    self.amount = dollars
    labels = try WatchLabel.read(words)
    if labels.count > Budget.matchersMax { throw .tooMany(most: Budget.matchersMax) }
  }
}

/// A dimension and its value, as lines about the watch name them: `team=search`.
package struct WatchLabel: Hashable, Sendable {
  package static let names = ["team", "project", "model", "provider", "key", "route"]

  package let name: String
  package let value: String

  /// Reads words, each a dimension, `=` and a value; each dimension once.
  static func read(_ words: [String]) throws(WatchLineFault) -> [WatchLabel] {
    var labels: [WatchLabel] = []
    for word in words {
      let name = String(word.prefix { $0 != "=" })
      let value = String(word.dropFirst(name.count + 1))
      guard names.contains(name), !value.isEmpty else {
        throw .badLabel(word, nearest: nearest(to: name, in: names))
      }
      if labels.contains(where: { $0.name == name }) { throw .twice(name) }
      labels.append(WatchLabel(name: name, value: value))
    }
    return labels
  }
}
