import Audit
import Sidecar
import Store
import TestSupport
import Testing
import Units

@testable import tollbook

/// What `top` shows, in windows of every size.
@Suite struct TopTests {
  private static let now = Timestamp("2026-11-21T12:00:10Z") ?? Timestamp(microseconds: 0)

  private static func sums(_ calls: Int64, _ dollars: String, errors: Int64 = 0, unpriced: Int64 = 0) throws
    -> SpendSums
  {
    var sums = SpendSums()
    sums.calls = calls
    sums.cost = try Amount(dollars: dollars).nanos
    sums.errors = errors
    sums.unpriced = unpriced
    return sums
  }

  private static func values(
    incidents: Bool = true, daemon: DaemonSockets.State = .says("ok", reason: nil)
  ) throws -> TopValues {
    let team = try SpendRanking([
      ("search", sums(1_203, "3.1", errors: 12)), ("research and development of tomorrow's answers", sums(80, "1.9")),
      ("support", sums(40, "0.02", unpriced: 3)), ("", sums(1, "0.00000004")), ("日本語", sums(2, "0.005")),
    ])
    let model = try SpendRanking([
      ("large", sums(1_000, "4.9", errors: 12)), ("small", sums(326, "0.12500004", unpriced: 3)),
    ])
    let key = try SpendRanking((1...40).map { ("svc-\($0)", try sums($0, "0.\($0 + 100)")) })
    // 310 seconds: 0.41 dollars are 4.761290 an hour, 372 calls are 1.2 a second.
    let minutes = try SpendRanking([("search", sums(372, "0.41"))])
    let none = try SpendRanking([])
    func incident(
      _ id: String, _ severity: String, _ labels: String, minutes: Int64, _ excess: String, by: String? = nil,
      silenced: Bool = false
    ) throws -> TopValues.Incident {
      TopValues.Incident(
        id: id, severity: severity, rule: "spend_spike", labels: labels,
        since: Timestamp(microseconds: now.microseconds - minutes * 60_000_000), excess: try Amount(dollars: excess),
        ackedBy: by, isSilenced: silenced)
    }
    return TopValues(
      now: now, clock: "2026-11-21 12:00:10 UTC", folder: "/var/lib/tollbook", daemon: daemon,
      today: try sums(30_000, "61.25"), month: try sums(900_000, "1234.565"),
      windows: [
        .minutes: TopValues.Window(length: 310_000_000, rankings: [.team: minutes, .model: minutes, .key: minutes]),
        .hour: TopValues.Window(length: 3_610_000_000, rankings: [.team: team, .model: model, .key: key]),
        .day: TopValues.Window(length: 86_410_000_000, rankings: [.team: none, .model: none, .key: none]),
      ], expected: try Amount(dollars: "4.2"),
      incidents: incidents
        ? [
          try incident("9f3caa12bb-sk2m1", "critical", "team=search model=large", minutes: 55, "362.1", by: "ann"),
          try incident("77aa00ffee-sk2m2", "warning", "key=svc-7", minutes: 200, "12.345"),
          try incident("11aa00ffee-sk2m3", "warning", "key=svc-9", minutes: 6_000, "3", silenced: true),
        ] : [], isCut: false)
  }

  private static let paint = Paint(terminal: false, environment: [:], noColor: true)

  @Test func `frames fit their windows and read as they did`() throws {
    var text = ""
    func show(_ columns: Int, _ lines: Int, _ view: TopView, _ values: TopValues, live: Bool = true) throws {
      let frame = TopFrame(values: values, view: view, isLive: live).lines(
        width: columns, height: lines, paint: Self.paint)
      #expect(frame.count <= lines)
      for line in frame { #expect(TextTable.width(line) <= columns, "\(line)") }
      text += "--- \(columns)x\(lines)\n" + frame.map { $0 + "\n" }.joined() + "\n"
    }
    let full = try Self.values()
    try show(80, 24, TopView(), full)
    try show(40, 10, TopView(), full)
    try show(200, 60, TopView(), full)
    try show(
      80, 24, TopView(grouping: .key, window: .hour), try Self.values(incidents: false, daemon: .absent), live: false)
    try show(
      80, 24, TopView(grouping: .model, window: .day),
      try Self.values(daemon: .says("waiting", reason: "The disk is full.")))
    try show(80, 12, TopView(grouping: .team, window: .minutes), try Self.values(daemon: .listens))
    try expectGolden(text, "top.txt")
  }

  @Test func `no window is too small or too large, and none is overrun`() throws {
    let values = try Self.values()
    for columns in Array(0...90) + [149, 150, 151, 400] {
      for lines in [0, 1, 2, 3, 5, 8, 12, 13, 16, 20, 25, 100] {
        let frame = TopFrame(values: values, view: TopView(), isLive: lines % 2 == 0).lines(
          width: columns, height: lines, paint: Self.paint)
        #expect(frame.count <= lines && frame.allSatisfy { TextTable.width($0) <= columns }, "\(columns)x\(lines)")
      }
    }
  }

  @Test func `what would move the cursor is not shown, and colour takes no room`() throws {
    #expect(TopFrame.cut("a\u{1B}[2Jb", to: 20) == "a\u{FFFD}[2Jb")
    #expect(TopFrame.cut("日本語", to: 5) == "日本…")
    #expect(TopFrame.cut("abcdef", to: 3) == "ab…")
    #expect(TopFrame.cut("abc", to: 3) == "abc")
    let paint = Paint(terminal: true, environment: ["TERM": "xterm"], noColor: false)
    let frame = TopFrame(values: try Self.values(), view: TopView(), isLive: true).lines(
      width: 40, height: 24, paint: paint)
    #expect(frame[0] == "\u{1B}[1m2026-11-21 12:00:10 UTC  daemon ok  /va…\u{1B}[0m")
  }

  @Test(arguments: [
    (0 as Int64, "$0.00"), (1, "<$0.0001"), (50_000, "<$0.0001"), (50_001, "$0.0001"), (150_000, "$0.0002"),
    (999_999_999, "$1.0000"), (1_000_000_000, "$1.00"), (1_005_000_000, "$1.00"), (1_015_000_000, "$1.02"),
    (-1_234_567_000_000, "$-1,234.57"),
  ])
  func `money is rounded for reading, half to even`(nanos: Int64, wanted: String) {
    #expect(TopMoney.plain(nanos) == wanted)
  }

  @Test func `keys choose what is looked at`() {
    var view = TopView()
    for (key, wanted) in [
      ("m", TopView(grouping: .model, window: .hour)), ("d", TopView(grouping: .model, window: .day)),
      ("x", TopView(grouping: .model, window: .day)), ("k", TopView(grouping: .key, window: .day)),
      ("5", TopView(grouping: .key, window: .minutes)), ("t", TopView(grouping: .team, window: .minutes)),
      ("h", TopView(grouping: .team, window: .hour)),
    ] {
      #expect(view.press(key.utf8.first ?? 0) != .quit)
      #expect(view == wanted)
    }
    for byte in [UInt8(ascii: "q"), UInt8(ascii: "Q"), 3, 4] { #expect(view.press(byte) == .quit) }
  }

  /// Of the sample's calls only c7 began in the day before 12:00 but s1, c6, c5 and c4: see there.
  @Test func `one frame of a ledger, as text and as JSON`() throws {
    let sample = try SampleLedger()
    var text = ""
    for command in ["top --once", "top --json", "top --every 0", "top --zone Europe/Berlin --once"] {
      let answer = try sample.ask(command.split(separator: " ").map(String.init), at: "2026-11-21T08:03:00Z")
      text += "$ tollbook \(command)\n\(sample.scrubbed(answer.out))"
        .replacing(#/no daemon  .*/#, with: "no daemon  DIR")
      if answer.exit != .clean { text += "(exits with \(answer.exit.rawValue))\n" }
      text += "\n"
    }
    try expectGolden(text, "top-ledger.txt")
  }
}
