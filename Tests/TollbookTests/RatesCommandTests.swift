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
}
