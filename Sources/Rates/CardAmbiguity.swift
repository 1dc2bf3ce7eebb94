import Units

extension [RateCard] {
  /// Pairs of cards that one call may meet, of which neither says more than the other, without a card for both.
  ///
  /// Which of them is right cannot be told from the file, so it is a mistake there. Two that cost the same,
  /// as one for a size and one for its resolution, are none.
  func ambiguities(line: Int) -> [RateFault] {
    var faults: [RateFault] = []
    var told: Set<String> = []
    for (place, one) in enumerated() where !one.conditions.isEmpty {
      for other in self[(place + 1)...] where !other.conditions.isEmpty && one.overlaps(other) {
        guard one.conditions != other.conditions, one.conditions.meets(other.conditions),
          !one.conditions.implies(other.conditions), !other.conditions.implies(one.conditions),
          !one.form.costsTheSame(as: other.form)
        else { continue }
        let both = one.conditions.and(other.conditions)
        let isSettled = contains {
          $0.conditions.implies(both) && both.implies($0.conditions) && $0.overlaps(one) && $0.overlaps(other)
        }
        guard !isSettled, told.insert(both.text).inserted else { continue }
        faults.append(
          RateFault(
            file: one.file, line: line,
            .ambiguous(
              model: one.model, one: one.conditions.text, other: other.conditions.text, both: both.text)))
      }
    }
    return faults
  }
}
