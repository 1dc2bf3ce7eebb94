import Books
import Calls
import Units

/// Keeps dead letters and quarantined calls, the newest of each up to a limit.
///
/// What goes for want of room stays counted: `refusal` counts every line for ever.
struct DeadLetterTable {
  private var plain: Int
  private var quarantined: Int
  /// No letter without facts, or with them, is older than this.
  private var oldestPlain: Int64 = 0
  private var oldestQuarantined: Int64 = 0
  private let limits: WriterLimits

  init(_ statements: BookingStatements, limits: WriterLimits) throws(StoreFault) {
    self.limits = limits
    let count = statements.countLetters
    guard try count.step() else { preconditionFailure("a count has a row") }
    plain = Int(count.int64(0))
    quarantined = Int(count.int64(1))
    count.reset()
  }

  /// Adds a line that became no call.
  mutating func add(
    _ letter: DeadLetter, client: String?, _ statements: BookingStatements, _ database: Database
  ) throws(StoreFault) -> Int64 {
    plain += 1
    return try insert(
      received: letter.received, client: client, number: letter.number, reason: letter.reason,
      length: letter.length, sha256: letter.sha256, facts: nil, statements, database)
  }

  /// Adds a sound call that could not be booked, with its facts.
  mutating func quarantine(
    facts: String, received: Timestamp, reason: Refusal, client: String?, number: Int64,
    _ statements: BookingStatements, _ database: Database
  ) throws(StoreFault) -> Int64 {
    quarantined += 1
    return try insert(
      received: received, client: client, number: number, reason: reason, length: 0,
      sha256: sha256(of: facts), facts: facts, statements, database)
  }

  private func insert(
    received: Timestamp, client: String?, number: Int64, reason: Refusal, length: Int,
    sha256: [UInt8], facts: String?, _ statements: BookingStatements, _ database: Database
  ) throws(StoreFault) -> Int64 {
    let insert = statements.insertLetter
    insert.bind(1, received.microseconds)
    insert.bind(2, client ?? "")
    insert.bind(3, client == nil ? nil : number)
    insert.bind(4, reason.rawValue)
    insert.bind(5, length)
    insert.bind(6, blob: sha256)
    insert.bind(7, facts)
    try insert.run()
    return database.lastInsertedRow
  }

  /// A letter was dropped.
  mutating func forget(hasFacts: Bool) {
    if hasFacts { quarantined -= 1 } else { plain -= 1 }
  }

  /// Drops the oldest letters over the limits, and says how many.
  mutating func trim(
    _ statements: BookingStatements
  ) throws(StoreFault) -> (plain: Int, quarantined: Int) {
    let dropped = (
      plain: try Self.drop(plain - limits.deadLetters, &oldestPlain, statements.dropLetters),
      quarantined: try Self.drop(
        quarantined - limits.quarantined, &oldestQuarantined, statements.dropQuarantined)
    )
    plain -= dropped.plain
    quarantined -= dropped.quarantined
    return dropped
  }

  private static func drop(
    _ count: Int, _ oldest: inout Int64, _ statement: Statement
  ) throws(StoreFault) -> Int {
    guard count > 0 else { return 0 }
    statement.bind(1, oldest)
    statement.bind(2, count)
    var dropped = 0
    while try statement.step() {
      oldest = max(oldest, statement.int64(0))
      dropped += 1
    }
    return dropped
  }

  /// Counts refused lines by their reason.
  static func count(
    _ refusals: [Refusal: Int], _ statements: BookingStatements
  ) throws(StoreFault) {
    for (reason, lines) in refusals.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      statements.countRefusals.bind(1, reason.rawValue)
      statements.countRefusals.bind(2, lines)
      try statements.countRefusals.run()
    }
  }
}
