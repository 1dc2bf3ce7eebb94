import Audit
import Testing
import Units

@Suite struct ExactMoneyTests {
  @Test(
    arguments: [
      (1_234_567_500_000, 1, "0.0012345675"), (0, 1, "0"), (15, 1, "0.000000000000015"),
      (-1_500_000_000_000_000, 1, "-1.5"), (1, 8, "0.000000000000000125"),
      (1_000_000_000_000_000, 3, "0.333333333333333333333…"),
      (3_000_000_000_000_000, 3, "1"),
    ] as [(Int128, Int64, String)])
  func `every digit is written, and what has no end is marked`(
    numerator: Int128, denominator: Int64, text: String
  ) {
    #expect(ExactMoney(numerator, over: denominator).text == text)
  }
}
