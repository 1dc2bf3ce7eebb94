import Units

/// Writes the rare details of calls as JSON text into one growing run of bytes.
///
/// Member names are our own; values are numbers, names of flags, or texts that were read by the
/// allow-list. A call without rare details adds nothing.
package struct DetailText {
  package var bytes: ContiguousArray<UInt8> = []
  private var start = 0

  package init() {}

  package mutating func begin() { start = bytes.count }

  /// The range that was written since ``begin()``; empty when nothing was.
  package mutating func end() -> Range<Int32> {
    if bytes.count > start { bytes.append(UInt8(ascii: "}")) }
    return Int32(start)..<Int32(bytes.count)
  }

  private mutating func name(_ name: StaticString) {
    bytes.append(bytes.count == start ? UInt8(ascii: "{") : UInt8(ascii: ","))
    bytes.append(UInt8(ascii: "\""))
    for place in 0..<name.utf8CodeUnitCount { bytes.append(name.utf8Start[place]) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
  }

  package mutating func add(_ name: StaticString, _ number: Int64) {
    self.name(name)
    append(number)
  }

  /// Digits without a detour by way of a string: many calls have a number here.
  private mutating func append(_ number: Int64) {
    var digits: InlineArray<20, UInt8> = InlineArray(repeating: 0)
    var rest = number.magnitude
    var place = 20
    repeat {
      place -= 1
      digits[place] = UInt8(truncatingIfNeeded: rest % 10) + 48
      rest /= 10
    } while rest > 0
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    while place < 20 {
      bytes.append(digits[place])
      place += 1
    }
  }

  /// A value that is JSON text already.
  package mutating func add(_ name: StaticString, json: String) {
    self.name(name)
    bytes.append(contentsOf: json.utf8)
  }

  /// A meter's quantity, in its smallest parts.
  package mutating func add(_ meter: Meter, _ quantity: Int64) {
    bytes.append(bytes.count == start ? UInt8(ascii: "{") : UInt8(ascii: ","))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: meter.name.utf8)
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    append(quantity)
  }

  /// Opens the details of the last call again, to add to them; close them with ``end()``.
  ///
  /// `range` is what ``end()`` returned for the call decoded last.
  package mutating func reopen(_ range: Range<Int32>) {
    precondition(range.isEmpty || Int(range.upperBound) == bytes.count, "not the last call's details")
    if range.isEmpty {
      start = bytes.count
    } else {
      start = Int(range.lowerBound)
      bytes.removeLast()
    }
  }
}
