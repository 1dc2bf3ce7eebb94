import ArgumentParser
import Audit
import Rates
import Store
import Units

struct SpendCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "spend",
    abstract: "Show who spent how much on what.",
    discussion: """
      Groups calls by any of: team, project, user, key, environment, tag:NAME, route, provider, \
      issuer, model, operation, tier, region, hour, day, week, month.

      Calls without a price are counted as unpriced and are in no amount. The margin is what \
      routes added over the providers' own rates, as far as those are known.

      EXAMPLES
        tollbook spend --by team,model
        tollbook spend --by day --from 2026-11 --to 2026-12 --zone Europe/Berlin
        tollbook spend --by user --where team=search --where route=huggingface
        tollbook spend --by tag:feature --json
      """)

  @Option(help: ArgumentHelp("What to group by, with commas between.", valueName: "keys"))
  var by = "team"

  @OptionGroup var wanted: WantedOptions
  @OptionGroup var span: SpanOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Write CSV.")
  var csv = false

  func answer(_ surroundings: Surroundings) throws -> Answer {
    if output.json, csv {
      throw CommandFault(
        misuse: "--json and --csv ask for two forms of one answer.",
        try: "tollbook spend --by \(ShellText.quoted(by)) --csv")
    }
    let keys = try Self.keys(by)
    let wanted = try self.wanted.values()
    let asked = try span.asked(of: data, surroundings)
    let (calendar, reader, meant) = (asked.calendar, asked.reader, asked.span)
    if asked.isOfNothing, !output.json, !csv {
      return Answer(
        "The ledger at \(reader.folder) holds no calls yet.\n",
        hints: ["Book some: tollbook ingest\(data.hint) FILE"])
    }
    let report = try reader.spend(
      SpendQuery(
        span: meant, zone: calendar.name, keys: keys,
        periods: try calendar.periods(keys, over: meant), wanted: wanted))
    if output.json {
      return Answer(
        report.json(from: calendar.text(meant.from), to: calendar.text(meant.to)) + "\n")
    }
    if csv { return Answer(report.csv) }
    return Answer(
      report.table(calendar, output.paint(surroundings)),
      hints: report.rows.isEmpty
        ? ["No call began in that span. See what there is: tollbook status\(data.hint)"]
        : ["Routed against direct: tollbook compare\(data.hint)"])
  }

  static func keys(_ text: String) throws(CommandFault) -> [SpendKey] {
    var keys: [SpendKey] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      let key = try SpendKey.named(String(name).trimmed, option: "--by")
      if !keys.contains(key) { keys.append(key) }
    }
    return keys
  }
}

extension String {
  var trimmed: String {
    var text = Substring(self)
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
