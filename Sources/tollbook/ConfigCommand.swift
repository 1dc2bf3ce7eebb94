import ArgumentParser
import Sidecar
import Units

struct ConfigCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Show every setting, and what decided it.",
    discussion: """
      A flag beats the environment, that beats the file, that the default. The file is the first of \
      $TOLLBOOK_CONFIG, ~/.config/tollbook/tollbook.conf and /etc/tollbook/tollbook.conf; it has \
      lines of key = value. Of a receiver of alerts the kind and the host are shown, and no secret.

      EXAMPLES
        tollbook config
        TOLLBOOK_DATA=/srv/tollbook tollbook config --json
      """)

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let settings = try Settings.load(flags: [.data: data.data], surroundings)
    let pricing = Settings.pricing(settings)
    let rows = Configuration.Key.allCases.map { key in
      key == .pricing
        ? (key, pricing.path ?? "", pricing.decidedBy)
        : (key, settings[key].value, settings[key].decidedBy)
    }
    let receivers = settings.receivers.map { (ReceiverLine.prefix + $0.name, $0.shown, $0.place) }
    let watched = settings.watched.map { ($0.key, $0.value, $0.place) }
    if output.json {
      let members = (rows.map { ($0.0.rawValue, $0.1, $0.2) } + receivers + watched).map { name, value, decidedBy in
        (
          name,
          JSONText.object([
            ("value", JSONText.quoted(value)), ("decided_by", JSONText.quoted(decidedBy)),
          ])
        )
      }
      return Answer(JSONText.object(members) + "\n")
    }
    var table = TextTable([
      .text("setting"), .text("value"), .text("decided by"), .text("meaning"),
    ])
    for (key, value, decidedBy) in rows {
      table.add([key.rawValue, value.isEmpty ? "-" : value, decidedBy, key.meaning])
    }
    for (name, value, place) in receivers { table.add([name, value, place, "receiver of alerts"]) }
    for (name, value, place) in watched {
      let meaning = name.hasPrefix(BudgetLine.prefix) ? "what a month may cost" : "spend that is announced"
      table.add([name, value, place, meaning])
    }
    return Answer(table.text(output.paint(surroundings)))
  }
}
