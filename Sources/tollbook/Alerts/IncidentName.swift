import Store
import Units

extension LedgerReader {
  /// Incidents that are looked through for the nearest to an unknown one.
  private static let nearestAmong = 1_000
  /// Incidents that are named where a beginning is that of several.
  private static let namedMost = 5

  /// The incident that a person means by its id, or by the beginning of it.
  ///
  /// - Throws: ``CommandFault`` where there is none, with the nearest; and where there are several.
  func incident(named text: String, _ data: DataOptions) throws -> IncidentRecord {
    if let found = try incident(text) { return found }
    let ids = text.isEmpty ? [] : try incidentIDs(beginning: text, most: Self.namedMost + 1)
    if ids.count == 1, let found = try incident(ids[0]) { return found }
    if ids.count > 1 {
      let more = ids.count > Self.namedMost ? " and more" : ""
      throw CommandFault(
        "Several incidents begin with '\(text)': " + ids.prefix(Self.namedMost).joined(separator: ", ") + more + ".",
        try: "tollbook alerts show \(ids[0])\(data.hint)")
    }
    let all = try incidentIDs(beginning: "", most: Self.nearestAmong)
    // What was shortened is held against as much of each.
    let near = nearest(to: text, in: all) ?? nearest(to: text, in: all.map { String($0.prefix(text.count)) })
    let meant = near.flatMap { near in all.first { $0.hasPrefix(near) } }
    throw CommandFault(
      "There is no incident '\(text)'." + (meant.map { " Did you mean '\($0)'?" } ?? ""),
      try: "tollbook alerts list\(data.hint)")
  }
}
