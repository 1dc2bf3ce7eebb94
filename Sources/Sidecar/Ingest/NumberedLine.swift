/// The number in front of a line, where the hello asked for `"framing":"numbered"`: `4182 {…}`.
///
/// What follows the one space is the line as it stands, whatever it is: its bytes are never changed
/// to number it, so it is booked, or refused, as it would be without a daemon.
struct NumberedLine {
  /// Bytes of the longest number, and the space behind it.
  static let prefixBytesMax = 20

  /// From 1 to 2^63 - 1.
  let number: Int64
  /// Bytes of the number and the space.
  let prefixBytes: Int

  /// Nil when the bytes do not begin with a number and a space.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    var number: Int64 = 0
    var place = 0
    while place < min(bytes.count, Self.prefixBytesMax) {
      let digit = bytes[place] &- 48
      guard digit < 10 else { break }
      let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int64(digit))
      guard !overflow, !carry else { return nil }
      number = sum
      place += 1
    }
    guard number > 0, place < bytes.count, bytes[place] == UInt8(ascii: " ") else { return nil }
    self.number = number
    prefixBytes = place + 1
  }

  /// The line behind the number.
  func line(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[prefixBytes...])
  }
}
