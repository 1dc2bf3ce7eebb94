import Calls
import Units

/// What a call in quarantine states of a meter, beside what is booked of the call that it disagrees with.
package struct LetterContrast: Hashable, Sendable {
  package let meter: Meter
  /// In the meter's smallest parts.
  package let stated: Int64
  package let booked: Int64

  /// The meters that either has, in the order of ``Meter``.
  package static func of(_ facts: LetterFacts, and call: CallExplanation) -> [LetterContrast] {
    var booked = Usage()
    for row in call.rows {
      for (meter, quantity) in row.record.usage.stated { booked[meter] &+= quantity }
    }
    return Meter.allCases.compactMap { meter in
      let stated = facts.quantities[meter] ?? 0
      guard stated != 0 || booked[meter] != 0 else { return nil }
      return LetterContrast(meter: meter, stated: stated, booked: booked[meter])
    }
  }
}
