/// The rules that look at one file at a time.
enum HouseRules {
  static let pure: Set = ["Units", "Calls", "Rates", "Books", "Audit", "Watch"]
  /// Between a rate card and a report money is whole.
  static let money: Set = ["Units", "Calls", "Rates", "Books", "Audit", "Store"]
  static let linesMax = 300
  static let columnsMax = 120

  static let all: [HouseRule] = shape + words + doors

  private static let anywhere: @Sendable (String) -> Bool = { _ in true }
  private static let isSource: @Sendable (String) -> Bool = {
    $0.hasPrefix("Sources/") && $0.hasSuffix(".swift")
  }
  private static let isPure: @Sendable (String) -> Bool = { pure.contains(module(of: $0)) }
  private static func outside(_ modules: String...) -> @Sendable (String) -> Bool {
    { isSource($0) && !modules.contains(module(of: $0)) }
  }

  private static let shape = [
    HouseRule(
      name: "a file is at most \(linesMax) lines long", cure: "two concepts stand in it: split it",
      appliesTo: { $0.hasSuffix(".swift") }, breaks: .judged { $0.count > linesMax ? [$0.count] : [] },
      bad: String(repeating: "let x = 1\n", count: linesMax + 1),
      good: String(repeating: "let x = 1\n", count: linesMax)),
    // A comment may hold a table. Tests set lines of JSON and ledgers as they are.
    HouseRule(
      name: "a line is at most \(columnsMax) columns long", cure: "break it", appliesTo: isSource,
      breaks: .line(.text, "^(?! */// \\|).{\(columnsMax + 1)}"),
      bad: String(repeating: "x", count: columnsMax + 1),
      good: String(repeating: "x", count: columnsMax)),
    HouseRule(
      name: "a type of the core says what it is", cure: "write a sentence above it",
      appliesTo: isPure, breaks: .judged(undocumentedTypes),
      bad: "\npackage struct Entry {\n", good: "/// One movement.\n@frozen\npackage struct Entry {\n"),
  ]

  private static let words = [
    HouseRule(
      name: "money is whole", cure: "hold nanodollars in Int64, products in Int128",
      appliesTo: { money.contains(module(of: $0)) },
      breaks: .line(.bare, #"\b(Double|Float|CGFloat|TimeInterval)\b"#), bad: "let cost: Double = 0",
      good: "let cost: Int64 = 0  // no Double, nor \"Float\""),
    HouseRule(
      name: "nothing is forced", cure: "throw, or make the mistake impossible", appliesTo: isSource,
      breaks: .line(.bare, #"\b(try|as)!"#), bad: "let x = try! read()", good: "let x = try read()"),
    HouseRule(
      name: "a fault is thrown, or a precondition",
      cure: "throw a typed fault, or state the reason in a precondition", appliesTo: isSource,
      breaks: .line(.bare, #"\bfatalError\("#), bad: "fatalError()",
      good: "preconditionFailure(\"no memory for a lock\")"),
    HouseRule(
      name: "nothing is public", cure: "write package: this is one program, no library",
      appliesTo: isSource, breaks: .line(.bare, "^ *(public|open) "), bad: "public struct Entry {",
      good: "package struct Entry {"),
    HouseRule(
      name: "types bear the field's nouns", cure: "say what it is: entry, statement, reader, folder",
      appliesTo: isSource,
      breaks: .line(
        .bare,
        #"\b(struct|class|enum|actor|protocol|typealias) \w*(Manager|Helpers?|Utils?|Utilities|Info|Data)\b"#),
      bad: "final class RateManager {", good: "struct RateBook {"),
    HouseRule(
      name: "one word, one meaning", cure: "it is a Call, a Charge, an Amount, a RateCard, a commit",
      appliesTo: isSource,
      breaks: .line(.bare, #"\b(struct|class|enum|actor|protocol) (Request|Transaction|Cost|Price)\b"#),
      bad: "package struct Transaction {", good: "package struct Charge {"),
    HouseRule(
      name: "work is finished before it lands", cure: "finish it, or leave it out",
      appliesTo: anywhere, breaks: .line(.text, #"\b(TODO|FIXME|XXX|HACK)\b"#),
      bad: "// TODO: round", good: "// Rounds half to even."),
    HouseRule(
      name: "no path of one machine", cure: "write it relative to the repository",
      appliesTo: anywhere, breaks: .line(.text, #"(^|[\s"'`(=:])(/work/|/root/|/home/\w)"#),
      bad: "see /work/notes.md", good: "see docs/line.md, or teamwork/root/"),
  ]

  private static let doors = [
    HouseRule(
      name: "only the terminal prints", cure: "return the text, or tell it to the EventLog",
      appliesTo: outside("tollbook", "tollbench"),
      breaks: .line(.bare, #"(?<![.\w]|func )(print|debugPrint|dump|NSLog)\("#), bad: "  print(total)",
      good: "return table.print(total)"),
    HouseRule(
      name: "the core has no clock and no chance", cure: "take the time, or the seed, as an argument",
      appliesTo: isPure,
      breaks: .line(
        .bare,
        #"\b(Date\(\)|ContinuousClock|SuspendingClock|SystemRandomNumberGenerator|clock_gettime|getenv|tb_(wall|steady)_us)|\.random\("#
      ),
      bad: "let now = ContinuousClock.now", good: "let now = arrival"),
    HouseRule(
      name: "SQLite has one door", cure: "ask Store", appliesTo: outside("Store"),
      breaks: .line(.bare, #"\b(sqlite3_|SQLITE_)"#), bad: "sqlite3_step(statement)",
      good: "try statement.step()"),
    HouseRule(
      name: "sockets have one door", cure: "ask Sidecar", appliesTo: outside("Sidecar", "tollbench"),
      breaks: .line(.bare, #"\b(tb_(listen|accept|connect|epoll|send|receive)\w*|curl_\w+|socket)\("#),
      bad: "let s = tb_listen_unix(path, 0o660, 128)", good: "let s = try IngestSocket(path: path)"),
    HouseRule(
      name: "SQL stands in .sql files", cure: "put it in ledgers/queries, and name it in Store",
      appliesTo: outside("Store"),
      breaks: .line(.code, #"(?i)"\s*(select .* from|insert into|update .* set|delete from) "#),
      bad: "run(\"select * from call\")", good: "run(named: .call)"),
  ]

  /// Types at the top of a file that no doc comment leads, attributes between them aside.
  private static let undocumentedTypes: @Sendable ([Substring]) -> [Int] = { lines in
    lines.indices.filter { place in
      let words = lines[place].split(separator: " ").prefix { $0 != ":" }
      guard lines[place].hasPrefix("package "),
        words.contains(where: { ["struct", "class", "enum", "protocol", "actor"].contains($0) })
      else { return false }
      var above = place - 1
      while above >= 0, lines[above].hasPrefix("@") { above -= 1 }
      return above < 0 || !lines[above].hasPrefix("///")
    }
    .map { $0 + 1 }
  }
}
