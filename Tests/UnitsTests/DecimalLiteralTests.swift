import Testing
import Units

@Suite struct DecimalLiteralTests {
  @Test(arguments: [
    ("0", "0"), ("0.0", "0"), ("-0.0", "0"), ("0e5", "0"), ("1", "1"), ("10", "10"), ("1e3", "1000"),
    ("1.5e-07", "0.00000015"), ("1.5E-07", "0.00000015"), ("3e+2", "300"), ("2.50", "2.5"), ("-0.25", "-0.25"),
    ("1e-06", "0.000001"), ("0.18000000000000002", "0.18000000000000002"), ("12e-1", "1.2"), ("100e-2", "1"),
  ])
  func `a literal is what it says, exactly`(text: String, plain: String) throws {
    #expect(try #require(DecimalLiteral(text)).description == plain)
  }

  @Test(arguments: [
    "", "-", ".5", "5.", "1e", "1e+", "01", "+1", "1 ", " 1", "0x1", "NaN", "Infinity", "1,5", "1_0", "1e99999",
    "1e41", "1e-41", "12345678901234567890123456789", "$1", "1.2.3", "--1",
  ])
  func `what is no number of JSON is none`(text: String) {
    #expect(DecimalLiteral(text) == nil)
  }

  @Test func `a shift moves the point and nothing else`() throws {
    let perToken = try #require(DecimalLiteral("1.5e-07"))
    #expect(perToken.shifted(6).description == "0.15")
    #expect(perToken.scaled(decimals: 15) == 150_000_000)
    #expect(perToken.scaled(decimals: 7) == nil)
    #expect((perToken * 60).description == "0.000009")
  }

  @Test(arguments: [
    ("0.18000000000000002", 15, 15, "0.18"), ("9.499999999999999e-07", 15, 15, "0.00000095"),
    ("0.25", 1, 15, "0.2"), ("0.35", 1, 15, "0.4"), ("1.23456", 15, 3, "1.235"), ("4e-20", 15, 15, "0"),
    ("123456", 3, 15, "123000"), ("0.1", 15, 15, "0.1"),
  ])
  func `rounding is half to even`(text: String, digits: Int, decimals: Int, plain: String) throws {
    let rounded = try #require(DecimalLiteral(text)).rounded(digits: digits, decimals: decimals)
    #expect(rounded.description == plain)
  }
}
