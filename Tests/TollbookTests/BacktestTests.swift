import Foundation
import TestSupport
import Testing

@testable import tollbook

/// Alerts that a span of the past would have raised.
@Suite struct BacktestTests {
  /// A call every five minutes of 100,000 input tokens, 0.1 dollars, from the 1st to the 9th of November; and for an
  /// hour from noon of the 8th thirty more of them each time: 12 × 30 × 0.1 = 36 dollars.
  static var lines: [[String]] {
    func line(_ id: String, _ minute: Int, _ input: Int) -> String {
      func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
      let at = "2026-11-\(two(1 + minute / 1440))T\(two(minute / 60 % 24)):\(two(minute % 60)):30Z"
      return #"{"id":"\#(id)","at":"\#(at)","team":"search","key":"ci","provider":"together","model":"large","#
        + #""units":{"input":\#(input)}}"#
    }
    var lines: [String] = []
    for bucket in 0..<9 * 288 {
      lines.append(line("c\(bucket)", bucket * 5, 100_000))
      guard (7 * 288 + 144..<7 * 288 + 156).contains(bucket) else { continue }
      for loop in 0..<30 { lines.append(line("loop-\(bucket)-\(loop)", bucket * 5 + 1, 100_000)) }
    }
    return stride(from: 0, to: lines.count, by: 900).map { Array(lines[$0..<min($0 + 900, lines.count)]) }
  }

  @Test func `one made spike is one alert, with what it was made of`() throws {
    let sample = try SampleLedger(Self.lines)
    var text = ""
    for command in [
      "backtest 2026-11-02 2026-11-08", "backtest 2026-11-08 2026-11-10", "backtest 2026-11-08 2026-11-10 --json",
      "backtest 2026-11-08 2026-11-10 --zone Europe/Berlin",
    ] {
      text += "$ tollbook \(command)\n"
      text += sample.scrubbed(try sample.ask(command.split(separator: " ").map(String.init)).out) + "\n"
    }
    let json = try sample.ask(["backtest", "2026-11-08", "2026-11-10", "--json"]).out
    // 288 + 360 calls of the 8th, 288 of the 9th: 57.6 + 36 dollars.
    #expect(json.contains(#""calls":936,"cost":"93.600000000""#))
    #expect(json.contains(#""total":{"alerts":1,"#) && json.contains(#""reason":"back_to_normal""#))
    #expect(json.contains(#""labels":{"model":"large","team":"search"}"#))
    #expect(json == (try sample.ask(["backtest", "2026-11-08", "2026-11-10", "--json"]).out))
    #expect(try sample.ask(["backtest", "2026-11-02", "2026-11-08"]).out.contains("None."))
    try expectGolden(text, "backtest.txt")
  }

  @Test func `calls without a price are told`() throws {
    let sample = try SampleLedger()
    let json = try sample.ask(["backtest", "2026-11-19", "2026-11-22", "--json"]).out
    #expect(json.contains(#""rule":"unpriced_calls","labels":{"model":"unheard-of","provider":"together"}"#))
    #expect(json.contains(#""measure":{"name":"unpriced_calls","now":1,"usual":0}"#))
    // All calls of the sample but its repeated stream line: 8, and what they cost in all.
    #expect(json.contains(#""total":{"alerts":1,"#) && json.contains(#""calls":8,"cost":"0.155190000""#))
  }

  @Test func `an empty ledger, an empty span and ends in the wrong order`() throws {
    let empty = try SampleLedger([])
    #expect(try empty.ask("backtest", "2026-11-01", "2026-11-02").out.contains("None."))
    #expect(try empty.ask("backtest", "2026-11-01", "2026-11-01").out.contains("None."))
    let wrong = try empty.ask("backtest", "2026-11-02", "2026-11-01")
    #expect(wrong.exit == .misused && wrong.out.contains("before it begins"))
    #expect(try empty.ask("backtest", "2020-01-01", "2026-11-01").exit == .misused)
  }
}
