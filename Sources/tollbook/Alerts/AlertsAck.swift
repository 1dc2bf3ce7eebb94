import ArgumentParser
import Store
import Watch

struct AlertsAck: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "ack",
    abstract: "Say that somebody has an incident.",
    discussion: """
      It is repeated no more; when it grows, and when it ends, that is told all the same.

      EXAMPLES
        tollbook alerts ack 9f3c
        tollbook alerts ack 9f3c-sk2m1 --by ann
      """)

  @Argument(help: "The incident's id, or its beginning.")
  var incident: String
  @OptionGroup var options: ActOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let reader = try options.data.reader(surroundings)
    let found = try reader.incident(named: incident, options.data).open(options.data)
    let outcome = try options.say(options.act(.ack(found.id), surroundings), reader, surroundings)
    return try options.answer(
      outcome, done: "\(outcome.act.author) has \(found.id): it is repeated no more; its growth and its end are told.")
  }
}

struct AlertsResolve: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve",
    abstract: "End an incident by hand.",
    discussion: """
      Whoever was told that it began is told that it is over. It opens again when its rule finds it \
      anew, not because it still stands.

      EXAMPLES
        tollbook alerts resolve 9f3c
      """)

  @Argument(help: "The incident's id, or its beginning.")
  var incident: String
  @OptionGroup var options: ActOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let reader = try options.data.reader(surroundings)
    let found = try reader.incident(named: incident, options.data).open(options.data)
    let outcome = try options.say(options.act(.resolve(found.id), surroundings), reader, surroundings)
    return try options.answer(outcome, done: "\(found.id) is over: those who were told of it are told so.")
  }
}

extension IncidentRecord {
  /// - Throws: ``CommandFault`` when it is over.
  func open(_ data: DataOptions) throws(CommandFault) -> IncidentRecord {
    guard let closedAt else { return self }
    throw CommandFault("Incident \(id) has been over since \(closedAt).", try: "tollbook alerts show \(id)\(data.hint)")
  }
}
