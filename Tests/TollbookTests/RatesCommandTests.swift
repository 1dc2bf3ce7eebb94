import Calls
import Foundation
import Rates
import Sidecar
import Store
import TestSupport
import Testing

@testable import tollbook

@Suite struct RatesCommandTests {
  /// A folder of price files, and what the commands say of it.
  static func ask(_ files: [String: String], _ commands: [String]) throws -> String {
    let sample = try SampleLedger([])
    let folder = sample.folder + "/pricing"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, text) in files {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    var text = ""
    for command in commands {
      let arguments = command.split(separator: " ").map(String.init) + ["--pricing", folder]
      let answer = try sample.ask(arguments)
      text += "$ tollbook \(command)\n\(sample.scrubbed(answer.out))"
      if answer.exit != .clean { text += "(exits with \(answer.exit.rawValue))\n" }
      text += "\n"
    }
    return text
  }

  @Test func `cards are listed, shown and checked`() throws {
    let text = try Self.ask(
      SampleLedger.rateFiles,
      [
        "rates list", "rates list TOGETHER", "rates list nobody", "rates show large",
        "rates show org/large", "rates show org/large --json", "rates show lardge", "rates check",
        "rates check --json",
      ])
    try expectGolden(text, "rates.txt")
  }

  @Test func `a contract's cards are listed and shown beside the list prices`() throws {
    var files = SampleLedger.rateFiles
    files["together-contract.json"] = #"""
      {"issuer":"together","contract":"t-2026","source":"the contract","read_on":"2026-02-01",
       "discounts":[{"times":"0.8","from":"2026-02-01"}],
       "models":[{"model":"own","cards":[{"from":"2026-02-01","per":"1M tokens","rates":{"input":"0.90","output":"1.80"}}]}]}
      """#
    let text = try Self.ask(files, ["rates list together", "rates show large", "rates check"])
    try expectGolden(text, "rates-contract.txt")
  }

  @Test func `every mistake is told at once, with its place`() throws {
    var files = SampleLedger.rateFiles
    files["fal.json"] = files["fal.json"]?.replacing("0.05", with: "0,05")
      .replacing("\"cards\"", with: "\"crads\":1,\"cards\"")
    files["together.json"] = "{"
    let text = try Self.ask(files, ["rates check", "rates check --json", "rates list"])
    try expectGolden(text, "rates-mistakes.txt")
  }

  @Test func `every card that comes with the program can be read back from a ledger`() throws {
    let book = try Settings.rates(PricingFolder(path: nil, decidedBy: "test"))
    #expect(book.listed.count > 100)
    for card in book.listed {
      let stored = try StoredCard(text: card.text)
      for prompt in [1_000, 250_000, 2_000_000] as [Int64] {
        var call = Call()
        call.usage[.input] = prompt
        for meter in Meter.allCases where card.tariff.base.has(meter) && meter != .input {
          call.usage[meter] = 1_234_567
        }
        let charge = card.charge(call)
        let again = stored.charge(call.usage, outcome: .ok)
        #expect(charge.amount == again.amount && charge.exact == again.exact, "\(card.place)")
      }
    }
  }

  @Test func `config says what decided each setting`() throws {
    let sample = try SampleLedger([])
    try "zone = Europe/Berlin\nflush_ms = 20 # quick\n"
      .write(toFile: sample.folder + "/tollbook.conf", atomically: true, encoding: .utf8)
    let text =
      try sample.ask("config").out + "\n" + sample.ask("config", "--json").out
      + sample.ask("spend", "--json").out
    // Columns are as wide as the folder's name, which differs from machine to machine.
    try expectGolden(sample.scrubbed(text).replacing(/[ ]{2,}/, with: "  "), "config.txt")
  }

  @Test func `a file with every kind of mistake tells all of them in one run, by line`() throws {
    let sample = try SampleLedger([])
    let folder = sample.folder + "/pricing"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let text = #"""
      {
        "issuer": "acme",
        "source": "https://acme.example/pricing",
        "read_on": "2026-11-01",
        "currency": "EUR",
        "uplifts": [{ "when": { "region": "us" }, "times": "10%" }, { "when": { "region": "eu" }, "times": "1.1", "models": "large" }],
        "bills": "sucess",
        "plans": [
          { "plan": "pro", "credit": "2.00", "per": "account", "every": "month", "from": "2026-01-01", "until": "2026-06-01", "spends_on": "inference" },
          { "plan": "pro", "credit": "3.00", "per": "account", "every": "week", "from": "2026-03-01", "spends_on": "inference" }
        ],
        "fees": [{ "on": "top_up", "times": "5.5", "from": "2026-01-01" }],
        "allowances": [
          { "allowance": "free", "meter": "serches", "free": "5K tokens", "every": "month", "from": "2026-01-01" },
          { "allowance": "pages", "meter": "pages", "free": "1K pages", "every": "month", "from": "2026-01-01", "models": ["larg"] }
        ],
        "models": [
          {
            "model": "large",
            "cards": [
              { "from": "2026-01-01", "until": "2026-05-01", "per": "1M tokens", "rates": { "input": "3", "ouput": "15" } },
              { "from": "2026-04-01", "per": "1M tokens", "rates": { "input": "3" } },
              { "from": "2026-04-01", "per": "1 token", "rates": { "input": "3", "output": "15" } },
              { "from": "2026-06-01", "per": "1M tokens", "rates": { "input": 3, "output": "1e-6", "images": "0.04" } },
              { "from": "2026-07-01", "when": { "tire": "flex" }, "per": "1M tokens", "rates": { "input": "1" } },
              { "from": "2026-07-01", "when": { "hours": "9-17", "zone": "Asia/Shangai" }, "per": "1M tokens", "rates": { "input": "1" } },
              { "per": "1M tokens", "rates": { "input": "1" } },
              { "from": "2026-13-01", "per": "1M tokens", "rates": { "input": "-1" } }
            ]
          },
          {
            "model": "whisper",
            "cards": [
              { "from": "2026-01-01", "per": "1M tokens", "rates": { "audio_seconds": "0.36" } },
              { "from": "2026-02-01", "per": "1 fortnight", "rates": { "audio_seconds": "0.36" } },
              { "from": "2026-03-01", "per": "1 hour", "rates": { "audio_seconds": "0.36" }, "minimum": { "audio_seconds": "ten seconds" } },
              { "from": "2026-04-01", "until": "2026-04-01", "per": "1 hour", "rates": {} },
              { "from": "2026-05-01", "per": "1M tokens", "rates": { "input": "1" }, "bands": [{ "over": "200000", "rates": { "input": "2" } }] }
            ]
          },
          { "model": "large", "cards": [{ "from": "2026-01-01", "per": "1M tokens", "rates": { "input": "3" } }] },
          { "model": "none" },
          { "modle": "typo", "cards": [] },
          { "model": "deep", "provider": 3, "aliases": [5], "cards": [{ "from": "2026-01-01", "per": "1M tokens", "rates": { "input": "=outptu" }, "confidence": "Z", "recorded_on": "yesterday" }] },
          { "model": "cheap", "aliases": "cheap-1", "cards": [
            { "from": "2026-01-01", "per": "1M tokens", "rates": { "input": "0.000003", "reasoning": "=output" } },
            { "from": "2026-02-01", "per": "1M tokens", "rates": { "input": "1" }, "bands": { "over": 1 } }] },
          "large-2"
        ]
      }
      """#
    try text.write(toFile: folder + "/acme.json", atomically: true, encoding: .utf8)
    let answer = try sample.ask("rates", "check", "--pricing", folder)
    #expect(answer.exit == .found)
    try expectGolden(sample.scrubbed(answer.out), "rates-every-mistake.txt")
  }
}
