import Testing
import Units

@Suite struct AmountTests {
  @Test(arguments: [
    ("0", 0), ("1", 1_000_000_000), ("0.0072", 7_200_000), ("-3.5", -3_500_000_000),
    ("0.000000001", 1), ("9223372036.854775807", Int64.max), ("1.0000000000", 1_000_000_000),
  ])
  func `dollars are read to the nano`(text: String, nanos: Int64) throws {
    #expect(try Amount(dollars: text) == Amount(nanos: nanos))
  }

  @Test(arguments: [
    "", ".", "-", "1.", ".5", "1e3", "$1", "1,000", "0.0000000001", "9223372036.854775808", "--1", "1-",
    "٣", "1 ",
  ])
  func `what is no plain decimal is no amount`(text: String) {
    #expect(throws: DecimalFault.self) { try Amount(dollars: text) }
  }

  @Test(arguments: [
    (Int64(0), "0.000000000"), (1, "0.000000001"), (-1, "-0.000000001"), (7_200_000, "0.007200000"),
    (-1_500_000_000, "-1.500000000"), (Int64.max, "9223372036.854775807"),
    (Int64.min, "-9223372036.854775808"),
  ])
  func `an amount is written with nine decimals`(nanos: Int64, text: String) throws {
    #expect(Amount(nanos: nanos).description == text)
    #expect(try Amount(dollars: text).nanos == nanos)
  }

  @Test func `plain decimals drop the zeros at their end`() {
    #expect(DecimalText.plain(1_500_000, decimals: 6) == "1.5")
    #expect(DecimalText.plain(1_000_000, decimals: 6) == "1")
    #expect(DecimalText.plain(-1, decimals: 6) == "-0.000001")
    #expect(DecimalText.plain(7, decimals: 0) == "7")
  }
}
