import Books
import Foundation
import Sidecar
import Store
import TestSupport
import Testing
import Units

@testable import tollbook

/// A ledger that is kept by a script, which reads like one.
///
///     at 2026-11-20T10:00:00Z
///     call huggingface 1.00 2026-11-05T08:00:00Z
///     $ apply --issuer huggingface --month 2026-11
///       2026-11-20 credit_use 1.00 Liabilities:Accrued:huggingface < Assets:Credits:huggingface:2026-11
///       left 1.00, unpaid 0.00
///
/// `at` sets the clock; `call` books one that costs that much, billed by `huggingface`, `openrouter`,
/// `novita` or, with `own-key`, by novita though it went through huggingface; `$` is
/// `tollbook credits`, and what stands below it is what it did. `refund` takes usage back.
final class CreditScript {
  private let sample: SampleLedger
  private let pricing: String
  private var now = "2026-11-20T10:00:00Z"
  private var calls = 0

  /// Every input token costs 0.10 USD a million, whoever bills it.
  static let rateFiles = [
    "novita.json": """
    {"issuer":"novita","source":"s","read_on":"2026-08-22","models":[
      {"model":"small","cards":[{"from":"2026-01-01","per":"1M tokens","rates":{"input":"0.10"}}]}]}
    """,
    "huggingface.json": """
    {"issuer":"huggingface","route":"huggingface","rounding":"up","source":"s","read_on":"2026-08-22",
     "plans":[
      {"plan":"pro","credit":"2.00","per":"account","every":"month","from":"2026-01-01","spends_on":"inference"},
      {"plan":"team","credit":"2.00","per":"seat","every":"month","from":"2026-01-01","spends_on":"inference"}],
     "models":[
      {"model":"org/small","provider":"novita","direct":"small","cards":[
        {"from":"2026-01-01","per":"1M tokens","rates":{"input":"0.10"}}]}]}
    """,
    "openrouter.json": """
    {"issuer":"openrouter","route":"openrouter","source":"s","read_on":"2026-08-22",
     "fees":[{"on":"top_up","times":"0.055","minimum":"0.80","from":"2026-01-01"}],
     "models":[{"model":"small","provider":"novita","cards":[
        {"from":"2026-01-01","per":"1M tokens","rates":{"input":"0.10"}}]}]}
    """,
  ]

  private static let products = [
    "huggingface": #""route":"huggingface","provider":"novita","model":"org/small""#,
    "own-key": #""route":"huggingface","provider":"novita","issuer":"novita","model":"org/small""#,
    "openrouter": #""route":"openrouter","provider":"novita","model":"small""#,
    "novita": #""provider":"novita","model":"small""#,
  ]

  init() throws {
    sample = try SampleLedger([[]], rateFiles: Self.rateFiles)
    pricing = sample.folder + "/pricing"
    try FileManager.default.createDirectory(atPath: pricing, withIntermediateDirectories: true)
    for (name, text) in Self.rateFiles {
      try text.write(toFile: pricing + "/" + name, atomically: true, encoding: .utf8)
    }
  }

  // MARK: - Running

  /// Runs a script, expects what stands in it, and that the books are whole and balance after each step.
  static func expect(_ script: String, at place: SourceLocation = #_sourceLocation) throws {
    let ledger = try CreditScript()
    if let changes = try ledger.changes(from: script) {
      Issue.record("the ledger went another way:\n\(changes)", sourceLocation: place)
    }
    try ledger.expectSound(at: place)
  }

  /// Where the ledger goes another way than the script; nil when it does not.
  func changes(from script: String) throws -> String? {
    var came = ""
    for line in script.split(separator: "\n") where !line.hasPrefix("  ") && !line.isEmpty {
      came += try run(String(line))
    }
    return lineChanges(from: script + "\n", to: came)
  }

  private func run(_ line: String) throws -> String {
    let words = line.split(separator: " ").map(String.init)
    switch words.first {
    case "at": now = words[1]
    case "call":
      calls += 1
      let tokens = try Amount(dollars: words[2]).nanos / 100
      try sample.add([
        [
          #"{"id":"call-\#(calls)","at":"\#(words[3])","team":"search","units":{"input":\#(tokens)},"#
            + (try #require(Self.products[words[1]])) + "}"
        ]
      ])
    case "refund":
      let writer = try LedgerWriter(folder: sample.folder, now: Timestamp(microseconds: 0))
      defer { writer.close() }
      let entry = try Entry(
        day: try #require(Day(words[3])), kind: .refund, debit: .accrued(words[1]),
        credit: .inference(team: "search", project: ""), amount: Amount(dollars: words[2]).nanos)
      let note = LedgerDocument(
        kind: "credit_note", issuer: words[1], reference: words[3], amount: nil, text: "{}")
      _ = try writer.post(note, [LedgerDocument.Posting(entry)], at: try #require(Timestamp(now)))
    default:
      let text = try answer(Array(words.dropFirst()))
      let verified = try sample.ask(["verify"], at: now)
      #expect(verified.exit == .clean, "after \(line): \(verified.out)")
      return line + "\n" + text
    }
    return line + "\n"
  }

  /// What a command did, in the words of the script.
  private func answer(_ words: [String]) throws -> String {
    let takesPrices = ["grant", "top-up", "plans"].contains(words.first)
    let answer = try sample.ask(
      ["credits"] + words + ["--json"] + (takesPrices ? ["--pricing", pricing] : []), at: now)
    guard answer.out.hasPrefix("{") else {
      return "  \(answer.exit.rawValue) " + answer.out.split(separator: "\n").joined(separator: " |") + "\n"
    }
    let tree = try JSONTree(parsing: answer.out)
    var text = ""
    for entry in tree["entries"]?.elements ?? [] {
      func member(_ name: String) -> String { entry[name]?.string ?? "?" }
      text += "  \(member("day")) \(member("kind")) \(Self.short(member("amount")))"
      text += " \(member("debit")) < \(member("credit"))\n"
    }
    var facts: [String] = text.isEmpty ? ["nothing"] : []
    if let left = tree["credits"]?["left"]?.string { facts.append("left " + Self.short(left)) }
    if let unpaid = tree["unpaid"]?.string { facts.append("unpaid " + Self.short(unpaid)) }
    if tree["kind"]?.string == "top_up" || tree["kind"]?.string == "settlement" {
      facts.append("prepaid " + Self.short(tree["prepaid"]?.string ?? "?"))
    }
    if answer.exit != .clean { facts.append("exits with \(answer.exit.rawValue)") }
    return text + "  " + facts.joined(separator: ", ") + "\n"
  }

  /// `1.50` for `1.500000000`: two decimals, and more where there are.
  private static func short(_ amount: String) -> String {
    var text = amount
    while text.hasSuffix("0"), text.split(separator: ".").last?.count ?? 0 > 2 { text.removeLast() }
    return text
  }

  /// What a person reads who types these, one after another.
  static func transcript(_ script: String) throws -> String {
    let ledger = try CreditScript()
    var text = ""
    for line in script.split(separator: "\n").map(String.init) {
      guard line.hasPrefix("$ ") else {
        _ = try ledger.run(line)
        continue
      }
      let words = line.split(separator: " ").dropFirst(2).map(String.init)
      let takesPrices = ["grant", "top-up", "plans"].contains(words.dropFirst().first ?? "")
      let answer = try ledger.sample.ask(words + (takesPrices ? ["--pricing", ledger.pricing] : []), at: ledger.now)
      text += "\(line)\n\(ledger.sample.scrubbed(answer.out))"
      if answer.exit != .clean { text += "(exits with \(answer.exit.rawValue))\n" }
      text += "\n"
    }
    return text
  }

  // MARK: - Judging

  /// The books can be asked, and hledger accepts them where it is installed.
  private func expectSound(at place: SourceLocation) throws {
    let status = try sample.ask(["status"], at: now)
    #expect(status.exit == .clean, "\(status.out)", sourceLocation: place)
    guard Checker.path(of: "hledger") != nil else { return }
    let journal = try sample.ask(["export", "--format", "hledger"], at: now).out
    let check = try Checker.run("hledger", ["-f", "FILE", "check", "-s"], on: journal)
    #expect(check.status == 0, "\(check.output)", sourceLocation: place)
  }
}
