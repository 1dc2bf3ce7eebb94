import ArgumentParser
import Audit
import Store
import Units

struct StatusCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show what the ledger holds and how far each sender is booked.",
    discussion: """
      EXAMPLES
        tollbook status
        tollbook status --data /var/lib/tollbook --json
      """)

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let reader = try data.reader(surroundings)
    let status = try reader.status()
    if output.json { return Answer(status.json(folder: reader.folder) + "\n") }
    return Answer(
      status.text(folder: reader.folder, output.paint(surroundings)),
      hints: status.deadLetters > 0
        ? ["Why lines were refused: tollbook dead-letters list\(data.hint)"]
        : ["Who spent it: tollbook spend\(data.hint) --by team,model"])
  }
}

extension LedgerStatus {
  /// The status as `status --json` promises it; docs/cli.md names each member.
  func json(folder: String) -> String {
    JSONText.object([
      ("data", JSONText.quoted(folder)), ("calls", "\(calls)"), ("entries", "\(entries)"),
      ("batches", "\(batches)"), ("rows", "\(rows)"), ("head", JSONText.optional(head)),
      ("accounts", "\(accounts)"),
      ("dimensions", "\(dimensions)"), ("cards", "\(cards)"), ("unpriced", "\(unpriced)"),
      ("cost", JSONText.quoted("\(cost)")),
      ("from", JSONText.optional(span.map { "\($0.from)" })),
      ("to", JSONText.optional(span.map { "\($0.to)" })),
      ("last_commit_at", JSONText.optional(lastCommit?.description)),
      ("dead_letters", "\(deadLetters)"), ("observations", "\(observations)"),
      ("refused", JSONText.object(refusals.map { ($0.reason, "\($0.lines)") })),
      (
        "senders",
        JSONText.array(
          marks.map { mark in
            JSONText.object([
              ("client", JSONText.quoted(mark.client)), ("epoch", "\(mark.epoch)"),
              ("number", "\(mark.number)"), ("gaps", "\(mark.gaps)"),
              ("replays", "\(mark.replays)"), ("seen_at", JSONText.quoted("\(mark.seen)")),
            ])
          })
      ), ("issuers", JSONText.array(issuers.map(\.json))),
      ("watched_to", JSONText.optional(watchedTo?.description)),
    ])
  }

  fileprivate func text(folder: String, _ paint: Paint) -> String {
    var facts = [
      ("ledger", folder), ("calls", NumberText.grouped(calls)),
      ("cost", NumberText.grouped("\(cost)") + " USD"),
      ("unpriced", NumberText.grouped(unpriced)), ("entries", NumberText.grouped(entries)),
      ("batches", NumberText.grouped(batches)), ("accounts", NumberText.grouped(accounts)),
      ("rate cards", NumberText.grouped(cards)),
      ("dead letters", NumberText.grouped(deadLetters)), ("told again", NumberText.grouped(observations)),
    ]
    if let span { facts.append(("calls from", "\(span.from) to \(span.to)")) }
    if let lastCommit { facts.append(("last commit", "\(lastCommit)")) }
    if let watchedTo { facts.append(("watched to", "\(watchedTo)")) }
    if let head { facts.append(("head", head)) }
    var text = facts.map { name, value in
      paint.bold(name) + String(repeating: " ", count: 14 - name.count) + value + "\n"
    }.joined()
    if issuers.contains(where: \.hasMoney) {
      text += "\n" + issuers.filter(\.hasMoney).table(paint)
    }
    if !marks.isEmpty {
      var table = TextTable([
        .text("sender"), .number("epoch"), .number("booked to"), .number("gaps"),
        .number("sent again"), .text("last seen"),
      ])
      for mark in marks {
        table.add([
          mark.client, "\(mark.epoch)", NumberText.grouped(mark.number),
          NumberText.grouped(mark.gaps), NumberText.grouped(mark.replays), "\(mark.seen)",
        ])
      }
      text += "\n" + table.text(paint)
    }
    if !refusals.isEmpty {
      var table = TextTable([.text("refused for"), .number("lines")])
      for refusal in refusals { table.add([refusal.reason, NumberText.grouped(refusal.lines)]) }
      text += "\n" + table.text(paint)
    }
    return text
  }
}
