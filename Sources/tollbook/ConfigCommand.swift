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
      lines of key = value.

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
    if output.json {
      let members = rows.map { key, value, decidedBy in
        (
          key.rawValue,
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
    return Answer(table.text(output.paint(surroundings)))
  }
}
