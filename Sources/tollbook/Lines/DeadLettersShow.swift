import ArgumentParser
import Audit
import Calls
import Store
import Units

struct DeadLettersShow: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Say why one line was refused, and what to do about it.",
    discussion: """
      Of a call in quarantine it shows what the line stated beside what is booked. What a line said is never \
      kept, so never shown.

      EXAMPLES
        tollbook dead-letters show 17
        tollbook dead-letters show 17 --json
      """)

  @Argument(help: ArgumentHelp("The dead letter's number.", valueName: "id"))
  var id: Int64
  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let reader = try data.reader(surroundings)
    let letter = try reader.letter(id, hint: data.hint)
    let facts = letter.facts.flatMap(LetterFacts.init)
    var contrast: [LetterContrast] = []
    if let facts, let seq = facts.bookedAs {
      contrast = LetterContrast.of(facts, and: try reader.explanation(of: .seq(seq)))
    }
    if output.json { return Answer(letter.json(contrast: contrast) + "\n") }
    return Answer(letter.text(facts, contrast, output.paint(surroundings)), hints: hints(letter, facts))
  }

  private func hints(_ letter: DeadLetterRecord, _ facts: LetterFacts?) -> [String] {
    guard facts != nil else {
      return ["Once it is mended: tollbook dead-letters replay\(data.hint) FILE"]
    }
    return [
      "Book it as a call of its own: tollbook dead-letters accept\(data.hint) \(letter.id)",
      "Let it go: tollbook dead-letters drop\(data.hint) \(letter.id)",
    ]
  }
}

extension LedgerReader {
  /// The dead letter of a number.
  func letter(_ id: Int64, hint: String) throws -> DeadLetterRecord {
    guard let letter = try deadLetter(id) else {
      throw CommandFault(
        "There is no dead letter \(id): it was settled, or went for want of room.",
        try: "tollbook dead-letters list\(hint)")
    }
    return letter
  }
}

extension DeadLetterRecord {
  fileprivate func text(_ facts: LetterFacts?, _ contrast: [LetterContrast], _ paint: Paint) -> String {
    var text = paint.bold("Dead letter \(id)") + ", received \(received)"
    text += client.isEmpty ? "" : ", line \(number.map { "\($0)" } ?? "?") of the client '\(client)'"
    text += "\n  \(reason): " + (Refusal(rawValue: reason)?.explanation ?? "A reason of a later version.") + "\n"
    guard let facts else {
      return text + "  \(NumberText.grouped(length)) bytes, SHA-256 \(sha256)\n"
    }
    text += "  at \(facts.at), \(facts.outcome)"
    for (name, value) in facts.names { text += ", \(name) \(value)" }
    text += "\n"
    guard let seq = facts.bookedAs else { return text }
    var table = TextTable([.text("  meter"), .number("it states"), .number("#\(seq) has booked"), .number("more")])
    for row in contrast {
      func shown(_ quantity: Int64) -> String {
        DecimalText.plain(Int128(quantity), decimals: row.meter.unit.decimals)
      }
      table.add(["  \(row.meter.name)", shown(row.stated), shown(row.booked), shown(row.stated - row.booked)])
    }
    return text + table.text(paint)
  }

  fileprivate func json(contrast: [LetterContrast]) -> String {
    let rows = contrast.map { row in
      func shown(_ quantity: Int64) -> String {
        JSONText.quoted(DecimalText.plain(Int128(quantity), decimals: row.meter.unit.decimals))
      }
      return JSONText.object([
        ("meter", JSONText.quoted(row.meter.name)), ("stated", shown(row.stated)), ("booked", shown(row.booked)),
      ])
    }
    return JSONText.object(members + [("contrast", JSONText.array(rows))])
  }
}
