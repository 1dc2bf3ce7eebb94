import Testing

@testable import tollbook

@Suite struct PaintTests {
  @Test(
    arguments: [
      (true, [:], false, true), (false, [:], false, false), (true, ["NO_COLOR": "1"], false, false),
      (true, ["NO_COLOR": ""], false, true), (true, ["TERM": "dumb"], false, false),
      (true, ["TERM": "xterm"], false, true), (true, [:], true, false),
      (false, ["TERM": "xterm"], true, false),
    ] as [(Bool, [String: String], Bool, Bool)])
  func `colour only on a terminal, and only where nobody asked for none`(
    terminal: Bool, environment: [String: String], noColor: Bool, isOn: Bool
  ) {
    #expect(Paint(terminal: terminal, environment: environment, noColor: noColor).isOn == isOn)
  }

  @Test func `paint that is off leaves text as it is`() {
    #expect(Paint(terminal: false, environment: [:], noColor: false).red("x") == "x")
    #expect(
      Paint(terminal: true, environment: [:], noColor: false).red("x") == "\u{1B}[31mx\u{1B}[0m")
    #expect(Paint(terminal: true, environment: [:], noColor: false).red("").isEmpty)
  }
}

@Suite struct TextTableTests {
  static let plain = Paint(terminal: false, environment: [:], noColor: true)

  @Test func `numbers stand to the right, the total under a rule, and no line trails`() {
    var table = TextTable([.text("team"), .number("calls"), .text("model")])
    table.add(["search", "1,204", "large"])
    table.add(["検索", "7", ""])
    table.addTotal(["total", "1,211", ""])
    #expect(
      table.text(Self.plain) == """
        team    calls  model
        search  1,204  large
        検索        7
        --------------------
        total   1,211

        """)
  }

  @Test func `what would move the cursor is not printed`() {
    var table = TextTable([.text("team")])
    table.add(["a\u{1B}[31mb"])
    #expect(table.text(Self.plain) == "team\na\u{FFFD}[31mb\n")
  }

  @Test(arguments: [
    ("0", "0"), ("999", "999"), ("1000", "1,000"), ("-1234567", "-1,234,567"),
    ("1234.567890123", "1,234.567890123"), ("-0.000000001", "-0.000000001"),
  ])
  func `digits before the point stand in threes`(number: String, text: String) {
    #expect(NumberText.grouped(number) == text)
  }

  @Test(arguments: [
    ("plain/path-1.db", "plain/path-1.db"), ("two words", "'two words'"), ("it's", "'it'\\''s'"),
    ("", "''"), ("$HOME", "'$HOME'"),
  ])
  func `a hint is what a shell reads back`(text: String, quoted: String) {
    #expect(ShellText.quoted(text) == quoted)
  }
}
