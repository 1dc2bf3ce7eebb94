import ArgumentParser
import Store
import Units
import Watch

struct AlertsFeedback: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "feedback",
    abstract: "Say what an alert was worth: yes, no or planned.",
    discussion: """
      yes: it was right to tell. no: it was none; for 30 days its rule takes 15 % more to fire for the \
      same labels. planned: it was meant to be; its rule and labels are silent for a day, or until the \
      time given.

      EXAMPLES
        tollbook alerts feedback 9f3c no
        tollbook alerts feedback 9f3c planned --until tomorrow
      """)

  @Argument(help: "The incident's id, or its beginning.")
  var incident: String
  @Argument(help: ArgumentHelp("yes, no or planned.", valueName: "verdict"))
  var verdict: String
  @Option(help: ArgumentHelp("How long what was planned is silent: a day or a time.", valueName: "time"))
  var until: String?
  @OptionGroup var options: ActOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    guard let feedback = Feedback(name: verdict) else {
      let near = nearest(to: verdict, in: Feedback.allCases.map(\.name))
      throw CommandFault(
        misuse: "'\(verdict)' is no verdict." + (near.map { " Did you mean '\($0)'?" } ?? ""),
        try: "tollbook alerts feedback \(ShellText.quoted(incident)) \(near ?? "no")")
    }
    if until != nil, feedback != .planned {
      throw CommandFault(
        misuse: "--until says how long what was planned is silent, and the verdict is \(verdict).",
        try: "tollbook alerts feedback \(ShellText.quoted(incident)) \(verdict)")
    }
    let end = try until.map {
      try SilenceSpan.end(at: $0, surroundings, of: "alerts feedback \(ShellText.quoted(incident)) planned")
    }
    let reader = try options.data.reader(surroundings)
    let found = try reader.incident(named: incident, options.data)
    let act = try options.act(.feedback(found.id, feedback, until: end), surroundings)
    let outcome = try options.say(act, reader, surroundings)
    let done =
      switch act.kind {
      case .feedback(_, .no, _): "Noted: for 30 days it takes more to tell of the like of \(found.id)."
      case .feedback(_, .planned, let until): "Noted: the like of \(found.id) is silent until \(until ?? act.at)."
      default: "Noted: \(found.id) was right to tell."
      }
    return try options.answer(outcome, done: done)
  }
}
