import Units
import Watch

/// What people say of incidents, and the list of silences that came of it.
extension LedgerWriter {
  private static let sql = NamedStatements("acts.sql")

  /// Keeps an act for the watch to answer; its id, or nil where too many wait already.
  package func add(_ act: Act) throws(StoreFault) -> Int64? {
    let limits = limits
    return try alter { (database) throws(StoreFault) in
      let waiting = try database.prepare(Self.sql["count_waiting"])
      waiting.bind(1, limits.actsWaiting)
      let isFull = try waiting.step() && waiting.int64(0) >= Int64(limits.actsWaiting)
      waiting.reset()
      if isFull { return nil }
      try Self.forgetActs(at: act.at, limits, database)
      try Self.run("add_act", database) {
        $0.bind(1, act.at.microseconds)
        $0.bind(2, act.author)
        $0.bind(3, act.name)
        $0.bind(4, act.incident)
        $0.bind(5, act.body)
      }
      return database.lastInsertedRow
    }
  }

  /// Forgets acts that were answered long ago, some rows at a time, in a transaction that is open.
  package static func forgetActs(
    at now: Timestamp, _ limits: WriterLimits, _ database: Database
  ) throws(StoreFault) {
    try run("forget_old", database) {
      $0.bind(1, now.microseconds - limits.outboxDays * 24 * Timestamp.microsecondsPerHour)
      $0.bind(2, limits.forgottenRows)
    }
    try run("forget_many", database) {
      $0.bind(1, limits.acts); $0.bind(2, limits.forgottenRows)
    }
  }

  // MARK: - In the watch's transaction

  /// Lists a silence as one that is in force, and takes those off that are over.
  package static func add(_ silence: Silence, at now: Timestamp, _ database: Database) throws(StoreFault) {
    try forgetSilences(at: now, database)
    try run("add_silence", database) {
      $0.bind(1, silence.id)
      $0.bind(2, JSONText.object([("matchers", Silence.Matcher.json(silence.matchers))]))
      $0.bind(3, silence.from.microseconds)
      $0.bind(4, silence.to.microseconds)
      $0.bind(5, silence.author)
      $0.bind(6, silence.reason)
    }
  }

  /// Takes a silence off the list.
  package static func endSilence(_ id: Int64, _ database: Database) throws(StoreFault) {
    try run("end_silence", database) { $0.bind(1, id) }
  }

  /// Takes those off the list that are over.
  package static func forgetSilences(at now: Timestamp, _ database: Database) throws(StoreFault) {
    try run("forget_silences", database) { $0.bind(1, now.microseconds) }
  }

  private static func run(
    _ name: String, _ database: Database, _ bind: (Statement) -> Void
  ) throws(StoreFault) {
    let statement = try database.prepare(sql[name])
    bind(statement)
    try statement.run()
  }
}
