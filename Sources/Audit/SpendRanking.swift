import Units

/// Who spent the most: names with what their calls came to, the dearest first.
package struct SpendRanking: Hashable, Sendable {
  /// One name's sums.
  package struct Row: Hashable, Sendable {
    package let name: String
    package let sums: SpendSums

    package init(name: String, sums: SpendSums) {
      self.name = name
      self.sums = sums
    }
  }

  /// Names that are kept.
  package static let rowsMax = 100

  package let rows: [Row]
  package let total: SpendSums

  /// Adds up what is of one name; of two that cost the same the one with more calls is first, then by name.
  ///
  /// - Throws: ``SumFault`` when a sum cannot be held.
  package init(_ parts: some Sequence<(name: String, sums: SpendSums)>) throws(SumFault) {
    var byName: [String: SpendSums] = [:]
    var total = SpendSums()
    for part in parts {
      byName[part.name, default: SpendSums()] += part.sums
      total += part.sums
    }
    try total.check()
    for sums in byName.values { try sums.check() }
    rows = byName.map { Row(name: $0.key, sums: $0.value) }
      .sorted { a, b in
        if a.sums.cost != b.sums.cost { return a.sums.cost > b.sums.cost }
        return a.sums.calls != b.sums.calls ? a.sums.calls > b.sums.calls : a.name < b.name
      }
      .prefix(Self.rowsMax).map { $0 }
    self.total = total
  }
}
