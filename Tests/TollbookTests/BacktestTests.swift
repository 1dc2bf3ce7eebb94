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

  @Test func `what providers state is held against what was booked`() throws {
    func call(_ id: String, _ cost: String, _ input: Int) -> String {
      #"{"id":"\#(id)","at":"2026-11-20T10:00:00Z","provider":"together","model":"large","cost":\#(cost),"#
        + #""units":{"input":\#(input)}}"#
    }
    // 50 dollars booked twice, and 51.1 stated each time: 2.2 dollars of 102.2 are 2.15 %.
    let lines = [call("d1", "51.1", 50_000_000), call("d2", #""51.1""#, 50_000_000)]
    // Half a million million dollars, and none at all, are no statements.
    let odd = [call("d3", "5e11", 1), call("d4", "9e300", 1), call("d5", "0", 1_000_000)]
    let sample = try SampleLedger([lines + odd])
    let json = try sample.ask(["backtest", "2026-11-20", "2026-11-21", "--json"]).out
    #expect(json.contains(#""rule":"stated_drift","labels":{"model":"large","provider":"together"}"#))
    #expect(json.contains(#""actual":"102.200000000","expected":"100.000000000","excess":"2.200000000""#))
  }

  @Test func `a month's budget is watched from the month's first day`() throws {
    let sample = try SampleLedger(Self.lines)
    // 28.8 dollars a day: seven days are 201.6, and the loop's 36 and nine days' 259.2 come to 295.2.
    let json = try sample.ask(["backtest", "2026-11-08", "2026-11-10", "--budget", "480", "--json"]).out
    // Half of 480 are 240. By noon of the 8th 216 are spent, and each bucket of the loop adds 3.1: the eighth takes it
    // from 237.7 to 240.8, and begins at 12:35.
    #expect(json.contains(#""rule":"budget_threshold","labels":{"budget":"all","percent":"50","period":"2026-11"}"#))
    #expect(json.contains(#""opened":"2026-11-08T12:35:00Z""#))
    // Four fifths, 384, are not reached. Thirty days at this rate are 864: told first when three days are over.
    #expect(!json.contains(#""percent":"80""#))
    let third = try sample.ask(["backtest", "2026-11-03", "2026-11-04", "--budget", "480", "--json"]).out
    #expect(third.contains(#""rule":"budget_forecast","labels":{"budget":"all"},"severity":"warning","#))
    #expect(third.contains(#""opened":"2026-11-03T23:55:00Z""#) && !json.contains("budget_forecast"))
    // The loop's hour: 37.2 dollars, where 14.4 times an even hour of 480 ÷ 720 are 9.6.
    #expect(json.contains(#""rule":"budget_burn","labels":{"budget":"all"},"severity":"critical","#))
    #expect(json.contains(#""budget":"480.000000000""#))
    #expect(try sample.ask("backtest", "2026-11-08", "2026-11-10", "--budget", "0").exit == .misused)
    #expect(try sample.ask("backtest", "2026-11-08", "2026-11-10", "--budget", "x").exit == .misused)
  }

  @Test func `calls without a price are told`() throws {
    let sample = try SampleLedger()
    let json = try sample.ask(["backtest", "2026-11-19", "2026-11-22", "--json"]).out
    #expect(json.contains(#""rule":"unpriced_calls","labels":{"model":"unheard-of","provider":"together"}"#))
    #expect(json.contains(#""measure":{"name":"unpriced_calls","now":1,"usual":0}"#))
    // A call that was broken off has no amount either, and no price is missing.
    let broken = [#"{"id":"x1","at":"2026-11-20T10:00:00Z","provider":"together","model":"large","status":"canceled"}"#]
    #expect(try SampleLedger([broken]).ask("backtest", "2026-11-20", "2026-11-21").out.contains("None."))
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
