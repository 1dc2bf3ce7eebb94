import Testing
import Units

@Suite struct JSONTreeTests {
  @Test func `values know their lines`() throws {
    let tree = try JSONTree(parsing: "{\n \"a\": [1,\n  \"x\\u00e9\\ud83d\\ude00\"],\n \"b\": null}")
    #expect(tree["a"]?.line == 2)
    #expect(tree["a"]?.elements?.last?.line == 3)
    #expect(tree["a"]?.elements?.last?.string == "xé😀")
    #expect(tree["b"]?.line == 4)
  }

  @Test(arguments: [
    ("", "line 1: the document ends where a value should stand"),
    ("{\"a\":1,}", "line 1: a member needs a name in quotes"),
    ("{\"a\" 1}", "line 1: 'a' needs a colon behind it"), ("[1 2]", "line 1: an array is not closed here"),
    ("{}\n{}", "line 2: there is text behind the document's end"),
    ("\"a", "line 1: a text is not closed"), ("\"\\q\"", "line 1: an escape that JSON does not have"),
    ("\"\\ud800\"", "line 1: half of a surrogate pair"), ("yes", "line 1: a value that JSON does not have"),
  ])
  func `a mistake has its line`(text: String, fault: String) {
    #expect(throws: JSONTreeFault.self) { try JSONTree(parsing: text) }
    do { _ = try JSONTree(parsing: text) } catch { #expect(error.description == fault) }
  }

  @Test func `text is written as it is read`() throws {
    let text = "a\"b\\c\n\t\r\u{1}é😀"
    #expect(try JSONTree(parsing: JSONText.quoted(text)).string == text)
  }
}
