import ArgumentParser
import Audit
import Store
import Units

struct DeadLettersAccept: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept",
    abstract: "Book a call in quarantine as a call of its own.",
    discussion: """
      For a call whose id was booked before with other content, and that is another call all the same: what \
      quarantine kept of it is priced at its own instant by the cards in force and booked, and its letter goes \
      in the same transaction. Twice accepted is booked once. Beside a daemon it goes through the daemon.

      A booked call itself is never changed by it: where the booked figures are wrong, accept the right ones and \
      take the wrong ones up with the issuer's statement.

      EXAMPLES
        tollbook dead-letters accept 17
      """)

  @Argument(help: ArgumentHelp("The dead letter's number.", valueName: "id"))
  var id: Int64
  @Option(help: ArgumentHelp("Folder of price files.", valueName: "dir"))
  var pricing: String?
  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let reader = try data.reader(surroundings)
    let letter = try reader.letter(id, hint: data.hint)
    guard let facts = letter.facts.flatMap(LetterFacts.init) else {
      throw CommandFault(
        "Of the dead letter \(id) nothing is kept but its hash, so there is nothing to book.",
        try: "tollbook dead-letters replay\(data.hint) FILE")
    }
    let name = "dead-letter:\(letter.id):\(letter.sha256.prefix(16))"
    let replay = try LetterReplay(data: data.data, pricing: pricing, defaults: [:], surroundings)
    try replay.take(facts.line(settling: letter.id, id: name))
    try replay.finish()
    let after = try data.reader(surroundings)
    guard try after.deadLetter(id) == nil, let row = try after.explanation(of: .id(name)).rows.first else {
      throw CommandFault("The dead letter \(id) was not booked.", try: "tollbook dead-letters list\(data.hint)")
    }
    let cost = row.record.cost.map { "\($0)" }
    if output.json {
      return Answer(
        JSONText.object([
          ("dead_letter", "\(id)"), ("seq", "\(row.record.seq)"), ("cost", JSONText.optional(cost)),
        ]) + "\n")
    }
    return Answer(
      "Dead letter \(id) is booked as call #\(row.record.seq): " + (cost.map { "\($0) USD" } ?? "no price") + ".\n",
      hints: ["Why it costs that: tollbook calls\(data.hint) '#\(row.record.seq)'"])
  }
}

struct DeadLettersDrop: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "drop",
    abstract: "Let a dead letter go, without booking anything.",
    discussion: """
      The count of lines that were refused for its reason stays. Beside a daemon it goes through the daemon.

      EXAMPLES
        tollbook dead-letters drop 17
        tollbook dead-letters drop 17 18 19
      """)

  @Argument(help: ArgumentHelp("Numbers of dead letters.", valueName: "id"))
  var ids: [Int64]
  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  /// Letters that one run drops.
  private static let idsMax = 10_000

  func answer(_ surroundings: Surroundings) throws -> Answer {
    guard (1...Self.idsMax).contains(ids.count) else {
      throw CommandFault(misuse: "Name 1 to \(Self.idsMax) dead letters.", try: "tollbook dead-letters list")
    }
    let reader = try data.reader(surroundings)
    for id in ids { _ = try reader.letter(id, hint: data.hint) }
    let replay = try LetterReplay(data: data.data, pricing: nil, defaults: [:], surroundings)
    for id in ids { try replay.take("{\"tollbook_letter\":\(id)}") }
    try replay.finish()
    if output.json { return Answer(JSONText.object([("dropped", JSONText.array(ids.map { "\($0)" }))]) + "\n") }
    return Answer(ids.count == 1 ? "Dead letter \(ids[0]) is gone.\n" : "\(ids.count) dead letters are gone.\n")
  }
}
