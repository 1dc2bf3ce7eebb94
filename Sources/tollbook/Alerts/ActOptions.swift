import ArgumentParser
import CSystem
import Foundation
import Sidecar
import Store
import Units
import Watch

/// Who says something of incidents, and by which way it reaches the watch.
struct ActOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Who says it (default: your name on this host).", valueName: "name"))
  var by: String?

  @Option(
    name: .customLong("http-socket"),
    help: ArgumentHelp("The daemon's Unix socket for HTTP (default: as configured).", valueName: "path"))
  var httpSocket: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  /// Milliseconds that the watch is given for its answer, and between two looks at the ledger.
  static let answerMilliseconds: Int64 = 5_000
  static let lookMilliseconds: UInt32 = 50

  /// What became of an act.
  struct Outcome {
    let act: Act
    let id: Int64
    /// `done`, or why not; nil when the watch has not answered.
    let answer: String?
    /// Whether a daemon holds the ledger.
    let hasDaemon: Bool
  }

  /// The name that acts are kept under.
  func author(_ surroundings: Surroundings) -> String {
    let environment = surroundings.environment
    let named = [by, environment["SUDO_USER"], environment["USER"], environment["LOGNAME"]]
    if let name = named.lazy.compactMap({ $0 }).first(where: { !$0.isEmpty }) { return name }
    guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return "uid \(getuid())" }
    return String(cString: name)
  }

  func act(_ kind: Act.Kind, _ surroundings: Surroundings) throws -> Act {
    do throws(ActFault) {
      return try Act(kind, author: author(surroundings), at: surroundings.now)
    } catch {
      throw CommandFault(misuse: error.description, try: "tollbook help alerts")
    }
  }

  // MARK: - On its way

  /// Hands an act to the daemon, or keeps it for the next one where none runs, and waits a while for the watch.
  func say(_ act: Act, _ reader: LedgerReader, _ surroundings: Surroundings) throws -> Outcome {
    let writer: LedgerWriter
    do throws(StoreFault) {
      writer = try LedgerWriter(folder: reader.folder, now: surroundings.now)
    } catch {
      guard case .locked(_, let process) = error else { throw error }
      let id = try post(act, reader, holder: process, surroundings)
      return Outcome(act: act, id: id, answer: try answer(to: id, reader), hasDaemon: true)
    }
    defer { writer.close() }
    guard let id = try writer.add(act) else {
      throw CommandFault(
        "Too many acts wait for the daemon. Start it, and say it again when it has answered some.",
        try: "tollbook serve\(data.hint)")
    }
    return Outcome(act: act, id: id, answer: nil, hasDaemon: false)
  }

  private func post(
    _ act: Act, _ reader: LedgerReader, holder: Int32, _ surroundings: Surroundings
  ) throws -> Int64 {
    let socket = try Settings.load(flags: [.data: data.data, .httpSocket: httpSocket], surroundings)[.httpSocket].value
    let mend = "tollbook alerts list\(data.hint), or name the daemon's socket with --http-socket"
    guard socket != "off", tb_path_kind(socket) == 1 else {
      throw CommandFault(
        "Process \(holder) holds the ledger, and it has no socket for HTTP at \(socket). Acts reach a daemon over it.",
        try: mend)
    }
    let reply: DaemonSocket.Reply
    do throws(DaemonSocket.Unheard) {
      let ledger = (try? reader.ledgerID()).flatMap { $0 }.map { "?ledger=\($0)" } ?? ""
      reply = try DaemonSocket(path: socket).post(act.post, to: "/v1/alerts/acts\(ledger)")
    } catch {
      switch error {
      case .unreached(let why):
        throw CommandFault("The daemon's socket \(socket) cannot be reached: \(why).", try: mend)
      case .inDoubt(let why):
        throw CommandFault(
          "The daemon at \(socket) has not answered: \(why). The act may be on disk, and does no harm twice.", try: mend
        )
      }
    }
    let tree = try? JSONTree(parsing: reply.body)
    if reply.status == 200, case .number(let digits) = tree?["act"]?.value, let id = Int64(digits) { return id }
    let message = tree?["error"]?["message"]?.string ?? "It answered with status \(reply.status)."
    throw CommandFault("The daemon did not take it. \(message)", try: mend)
  }

  /// Looks at the act until the watch has answered it, or the time is up.
  private func answer(to id: Int64, _ reader: LedgerReader) throws -> String? {
    let end = tb_steady_us() + Self.answerMilliseconds * 1_000
    while true {
      if let answer = try reader.act(id)?.answer { return answer }
      if tb_steady_us() >= end { return nil }
      tb_pause(Self.lookMilliseconds * 1_000)
    }
  }

  // MARK: - What is said of it

  /// The answer of a command: `done` in words, or why nothing was done, or that it waits.
  func answer(_ outcome: Outcome, done: String) throws -> Answer {
    let isRefused = outcome.answer.map { $0 != "done" } ?? false
    if output.json {
      return Answer(
        JSONText.object([
          ("act", "\(outcome.id)"), ("kind", JSONText.quoted(outcome.act.name)),
          ("incident", JSONText.optional(outcome.act.incident)), ("author", JSONText.quoted(outcome.act.author)),
          ("daemon", "\(outcome.hasDaemon)"), ("answer", JSONText.optional(outcome.answer)),
        ]) + "\n", exit: isRefused ? .failed : .clean)
    }
    if isRefused { throw CommandFault(outcome.answer ?? "", try: "tollbook alerts list\(data.hint)") }
    if outcome.answer != nil { return Answer(done + "\n") }
    let look =
      outcome.act.incident.map { "tollbook alerts show \($0)\(data.hint)" } ?? "tollbook alerts silences\(data.hint)"
    guard outcome.hasDaemon else {
      return Answer("Kept as act \(outcome.id). No daemon runs on this ledger: it takes effect when one does.\n")
    }
    return Answer(
      "Kept as act \(outcome.id). The watch has not answered within \(Self.answerMilliseconds / 1_000) seconds: "
        + "it takes effect when it does.\n", hints: ["What became of it: \(look)"])
  }
}

extension ActRecord {
  /// As `alerts show --json` promises it.
  var json: String {
    JSONText.object([
      ("act", "\(id)"), ("at", JSONText.quoted("\(at)")), ("author", JSONText.quoted(author)),
      ("kind", JSONText.quoted(kind)), ("body", body), ("answer", JSONText.optional(answer)),
    ])
  }

  /// `feedback no`, or the kind alone.
  fileprivate var words: String {
    guard let verdict = (try? JSONTree(parsing: body))?["verdict"]?.string else { return kind }
    return "\(kind) \(verdict)"
  }
}

extension [ActRecord] {
  /// What was said, one row each.
  func table(_ paint: Paint) -> String {
    var table = TextTable([.number("act"), .text("at"), .text("who"), .text("said"), .text("answer")])
    for act in self {
      table.add(["\(act.id)", "\(act.at)", act.author, act.words, act.answer ?? "waits for the daemon"])
    }
    return table.text(paint)
  }
}
