/// How much of each meter a call used, in the meter's smallest parts.
///
/// Absent and nought are different things: a meter that was never stated is not `present`.
package struct Usage: Sendable {
  package var quantities: InlineArray<24, Int64>
  /// Bit `meter.rawValue` is set when the meter was stated.
  package var present: UInt32

  /// The most a single meter may state, in its smallest parts: 115 days in microseconds.
  ///
  /// Sums stand in `Int64`: a batch of 100,000 such calls stays a ninth of the way to its end.
  package static let quantityMax: Int64 = 10_000_000_000_000
  /// The most of a meter that is counted in whole units: tokens, images, characters.
  package static let wholeQuantityMax: Int64 = 10_000_000_000

  @inlinable package init() {
    quantities = InlineArray(repeating: 0)
    present = 0
  }

  @inlinable package subscript(meter: Meter) -> Int64 {
    get { quantities[Int(meter.rawValue)] }
    set {
      quantities[Int(meter.rawValue)] = newValue
      present |= 1 &<< UInt32(meter.rawValue)
    }
  }

  @inlinable package func has(_ meter: Meter) -> Bool {
    present & (1 &<< UInt32(meter.rawValue)) != 0
  }

  @inlinable package var isEmpty: Bool { present == 0 }

  /// The whole prompt: fresh, cached and written tokens together.
  ///
  /// Decides the context band.
  @inlinable package var promptTokens: Int64 {
    var sum: Int64 = 0
    for meter in Usage.promptMeters { sum &+= quantities[Int(meter)] }
    return sum
  }

  @usableFromInline package static let promptMeters: [UInt8] =
    Meter.allCases.filter(\.isPrompt).map(\.rawValue)

  /// The stated meters, in ``Meter``'s order.
  package var stated: [(meter: Meter, quantity: Int64)] {
    Meter.allCases.filter(has).map { ($0, self[$0]) }
  }
}

extension Usage: Equatable {
  package static func == (a: Usage, b: Usage) -> Bool {
    a.present == b.present && Meter.allCases.allSatisfy { a[$0] == b[$0] }
  }
}
