import ArgumentParser
import Store
import Units
import Watch

struct AlertsSilence: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "silence",
    abstract: "Tell nobody of incidents with certain labels for a while.",
    discussion: """
      A matcher is a label, a sign and a value: team=search, model!=large, key^=svc- (begins with). \
      All of them must hold; rule stands for the incident's rule. A label that an incident has not is \
      empty. What still fires when the silence ends is told then; what had been told of tells its end.

      EXAMPLES
        tollbook alerts silence team=search --for 2h --reason "load test"
        tollbook alerts silence rule=spend_spike key^=batch- --until 2026-12-01 --reason "back-fill"
      """)

  @Argument(help: ArgumentHelp("What labels incidents have.", valueName: "matcher"))
  var matchers: [String] = []
  @Option(name: .customLong("for"), help: ArgumentHelp("How long: 30m, 2h, 1d12h, 2w.", valueName: "time"))
  var length: String?
  @Option(help: ArgumentHelp("Up to when: a day or a time.", valueName: "time"))
  var until: String?
  @Option(help: ArgumentHelp("Why.", valueName: "text"))
  var reason: String?
  @OptionGroup var options: ActOptions

  private static let example = "tollbook alerts silence team=search --for 2h --reason \"load test\""

  func answer(_ surroundings: Surroundings) throws -> Answer {
    guard let reason, !reason.isEmpty else {
      throw CommandFault(
        misuse: "A silence needs a reason: those who look for it later want to know.", try: Self.example)
    }
    let command = "alerts silence " + matchers.map(ShellText.quoted).joined(separator: " ")
    let end: Timestamp
    switch (length, until) {
    case (let length?, nil): end = try SilenceSpan.end(after: length, surroundings, of: command)
    case (nil, let until?): end = try SilenceSpan.end(at: until, surroundings, of: command)
    default: throw CommandFault(misuse: "A silence needs an end: one of --for and --until.", try: Self.example)
    }
    let parsed: [Silence.Matcher]
    do throws(IncidentFault) {
      parsed = try matchers.map { (text) throws(IncidentFault) in try Silence.Matcher(text) }
    } catch { throw CommandFault(misuse: error.description, try: Self.example) }
    let reader = try options.data.reader(surroundings)
    let act = try options.act(
      .silence(parsed, from: surroundings.now, to: end, reason: reason), surroundings)
    let outcome = try options.say(act, reader, surroundings)
    return try options.answer(
      outcome, done: "Silence \(outcome.id): \(parsed.map(\.description).joined(separator: " ")) until \(end).")
  }
}

struct AlertsSilences: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "silences",
    abstract: "List the silences that are in force.",
    discussion: """
      EXAMPLES
        tollbook alerts silences
        tollbook alerts silences --json
      """)

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let silences = try data.reader(surroundings).silences(at: surroundings.now)
    if output.json {
      return Answer(JSONText.object([("silences", JSONText.array(silences.map(\.json)))]) + "\n")
    }
    if silences.isEmpty { return Answer("Nothing is silenced.\n") }
    var table = TextTable([
      .number("silence"), .text("matchers"), .text("from"), .text("until"), .text("who"), .text("why"),
    ])
    for silence in silences {
      table.add([
        "\(silence.id)", silence.matchers.map(\.description).joined(separator: " "), "\(silence.from)",
        "\(silence.to)", silence.author, silence.reason,
      ])
    }
    return Answer(
      table.text(output.paint(surroundings)),
      hints: ["End one: tollbook alerts unsilence \(silences[0].id)\(data.hint)"])
  }
}

struct AlertsUnsilence: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "unsilence",
    abstract: "End a silence before its time.",
    discussion: """
      What still fires is told with the next five minutes.

      EXAMPLES
        tollbook alerts unsilence 12
      """)

  @Argument(help: "The silence's number, as `tollbook alerts silences` shows it.")
  var silence: Int64
  @OptionGroup var options: ActOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let reader = try options.data.reader(surroundings)
    guard try reader.silences(at: surroundings.now).contains(where: { $0.id == silence }) else {
      throw CommandFault("No silence \(silence) is in force.", try: "tollbook alerts silences\(options.data.hint)")
    }
    let outcome = try options.say(options.act(.unsilence(silence), surroundings), reader, surroundings)
    return try options.answer(outcome, done: "Silence \(silence) is over: what still fires is told.")
  }
}

extension Silence {
  /// As `alerts silences --json` promises it.
  fileprivate var json: String {
    JSONText.object([
      ("id", "\(id)"), ("matchers", Silence.Matcher.json(matchers)), ("from", JSONText.quoted("\(from)")),
      ("until", JSONText.quoted("\(to)")), ("author", JSONText.quoted(author)), ("reason", JSONText.quoted(reason)),
    ])
  }
}
