import ArgumentParser
import Audit
import Units

/// Which calls are meant, by what their subjects say.
struct WantedOptions: ParsableArguments {
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Only calls with this value; again for other keys, or for more values.",
      valueName: "key=value"))
  var wanted: [String] = []

  /// Values that a call must have, by key.
  func values() throws(CommandFault) -> [SpendKey: Set<String>] {
    var values: [SpendKey: Set<String>] = [:]
    for text in wanted {
      guard let equals = text.firstIndex(of: "=") else {
        throw CommandFault(
          misuse: "--where has '\(text)', which has no '='.",
          try: "tollbook spend --where team=search")
      }
      let key = try SpendKey.named(String(text[..<equals]), option: "--where")
      guard !key.isTime else {
        throw CommandFault(
          misuse: "--where has '\(key.name)', which is a time.",
          try: "tollbook spend --from 2026-11-20 --to 2026-11-21")
      }
      values[key, default: []].insert(String(text[text.index(after: equals)...]))
    }
    return values
  }
}

extension SpendKey {
  /// The key of that name, or a fault that tells the nearest.
  static func named(_ name: String, option: String) throws(CommandFault) -> SpendKey {
    if let key = SpendKey(name: name) { return key }
    let near = nearest(to: name, in: SpendKey.plain.map(\.name))
    throw CommandFault(
      misuse: "\(option) has '\(name)', which is nothing to group by."
        + (near.map { " Did you mean '\($0)'?" } ?? ""),
      try: "tollbook help spend")
  }
}
