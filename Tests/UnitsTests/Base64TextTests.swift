import Testing
import Units

@Suite struct Base64TextTests {
  // RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func `bytes become letters and bytes again`(text: String, letters: String) {
    #expect(Base64Text.encoded(Array(text.utf8)) == letters)
    #expect(Base64Text.decoded(letters) == Array(text.utf8))
  }

  @Test(arguments: ["Z", "Zm9vY", "Zm 9v", "Zg==Zg==", "Zm9v-_"])
  func `what is no base 64 is nothing`(letters: String) {
    #expect(Base64Text.decoded(letters) == nil)
  }

  @Test func `every byte comes back`() {
    let bytes = (0...255).map { UInt8($0) }
    #expect(Base64Text.decoded(Base64Text.encoded(bytes)) == bytes)
  }
}
