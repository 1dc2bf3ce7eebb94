import ArgumentParser
import CSystem
import Foundation
import Sidecar
import Store
import Units

struct TopCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "top",
    abstract: "Watch what is being spent now.",
    discussion: """
      Spend of today and this month; the rate of the last five minutes and the last hour, against what \
      the same hours of the week cost in the four weeks before; who spends the most; what goes wrong. \
      It reads the ledger, and writes nothing.

      Keys: t, m and k break it down by team, model and key; 5, h and d show the last five minutes, \
      the last hour and the last 24 hours; q quits.

      Without a terminal, with --once and with --json it shows one frame and exits.

      EXAMPLES
        tollbook top
        tollbook top --every 10
        tollbook top --once
        tollbook top --json
      """)

  @Option(help: ArgumentHelp("Seconds between two looks (default: 2).", valueName: "seconds"))
  var every = 2
  @Flag(help: "Show one frame, and exit.")
  var once = false
  @Option(
    help: ArgumentHelp(
      "Whose days and months: an IANA name such as Europe/Berlin (default: the configured zone, else UTC).",
      valueName: "zone"))
  var zone: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  static let everyMax = 3_600
  /// Columns and lines of a frame where there is no window.
  static let plainWindow = (columns: 80, lines: 24)

  func answer(_ surroundings: Surroundings) throws -> Answer {
    var reading = try reading(surroundings)
    let values = try reading.values(at: surroundings.now)
    if output.json { return Answer(values.json + "\n") }
    let window = surroundings.outIsTerminal ? Self.window() : Self.plainWindow
    let frame = TopFrame(values: values, view: TopView(), isLive: false)
      .lines(width: window.columns, height: window.lines, paint: output.paint(surroundings))
    return Answer(frame.map { $0 + "\n" }.joined())
  }

  func run() throws {
    let surroundings = Surroundings.ofProcess()
    let isDumb = surroundings.environment["TERM"].map { $0.isEmpty || $0 == "dumb" } ?? true
    guard surroundings.outIsTerminal, isatty(STDIN_FILENO) == 1, !isDumb, !once, !output.json else {
      let answer = try answer(surroundings)
      return FileHandle.standardOutput.write(Data(answer.out.utf8))
    }
    try watch(surroundings)
  }

  private func reading(_ surroundings: Surroundings) throws -> TopReading {
    guard (1...Self.everyMax).contains(every) else {
      throw CommandFault(
        misuse: "--every has \(every), which is not 1 to \(Self.everyMax) seconds.", try: "tollbook top --every 2")
    }
    let settings = try Settings.load(flags: [.data: data.data, .zone: zone], surroundings)
    return TopReading(
      try data.reader(surroundings), try ZoneCalendar(named: settings[.zone].value),
      DaemonSockets(http: settings[.httpSocket].value, lines: settings[.socket].value))
  }

  // MARK: - On a terminal

  /// Draws frame after frame until a key, a signal or the terminal's end.
  private func watch(_ surroundings: Surroundings) throws {
    var reading = try reading(surroundings)
    let paint = output.paint(surroundings)
    var view = TopView()
    // What goes wrong at the first look is told before the terminal is taken.
    var values = try reading.values(at: Self.now())
    guard tb_terminal_enter() == 0 else { return try print(values, paint) }
    defer { tb_terminal_leave() }
    var nextLook = tb_steady_us() + Int64(every) * 1_000_000
    while draw(TopFrame(values: values, view: view, isLive: true), paint) {
      let wait = max(nextLook - tb_steady_us(), 0) / 1_000
      let key = tb_terminal_key(Int32(clamping: wait + 1))
      if key == -2 { return }
      // Control-Z.
      if key == 26 { tb_terminal_suspend() }
      if let byte = UInt8(exactly: key), view.press(byte) == .quit { return }
      guard tb_steady_us() >= nextLook else { continue }
      values = try reading.values(at: Self.now())
      nextLook = tb_steady_us() + Int64(every) * 1_000_000
    }
  }

  private func print(_ values: TopValues, _ paint: Paint) throws {
    _ = draw(TopFrame(values: values, view: TopView(), isLive: false), paint)
  }

  /// Draws over the frame before; false when nobody can see it any more.
  private func draw(_ frame: TopFrame, _ paint: Paint) -> Bool {
    let window = Self.window()
    let lines = frame.lines(width: window.columns, height: window.lines, paint: paint)
    // To the upper left; each line and what is below the last is cleared behind what is written.
    let text = "\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J"
    var left = Array(text.utf8)[...]
    while !left.isEmpty {
      let written = left.withUnsafeBytes { tb_write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      // -4: a signal came between, such as that the window has another size.
      guard written > 0 || written == -4 else { return false }
      left = left.dropFirst(max(written, 0))
    }
    return true
  }

  private static func window() -> (columns: Int, lines: Int) {
    var columns: Int32 = 0
    var lines: Int32 = 0
    guard tb_terminal_size(&columns, &lines) == 0, columns > 0, lines > 0 else { return plainWindow }
    return (Int(columns), Int(lines))
  }

  private static func now() -> Timestamp { Timestamp(microseconds: tb_wall_us()) }
}
