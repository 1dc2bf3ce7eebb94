import Audit
import Books
import Units
import Watch

/// An account with the number the ledger gave it.
struct LedgerAccount: Hashable {
  let id: Int64
  let account: Account
}

extension LedgerReader {
  /// What the ledger holds, at a glance.
  package func status() throws(StoreFault) -> LedgerStatus {
    try snapshot { () throws(StoreFault) in
      let marks = try self.marks()
      let refusals = try self.refusals()
      let span = try hours()
      let issuers = try trialBalance().issuers
      let watchedTo = try watchedBucket()?.next.start
      let query = try query("status")
      guard try query.step() else { preconditionFailure("a select without from has a row") }
      defer { query.reset() }
      return LedgerStatus(
        calls: query.int64(0), rows: query.int64(1), entries: query.int64(2),
        batches: query.int64(3), accounts: query.int64(4), dimensions: query.int64(5),
        cards: query.int64(6), deadLetters: query.int64(7), observations: query.int64(8),
        refusals: refusals, unpriced: query.int64(9), cost: Amount(nanos: query.int64(10)), span: span,
        lastCommit: query.optionalInt64(11).map(Timestamp.init(microseconds:)),
        head: query.optionalText(12), marks: marks, issuers: issuers, watchedTo: watchedTo)
    }
  }

  /// How far each sender's numbered lines are booked, the latest seen first.
  package func marks() throws(StoreFault) -> [MarkRecord] {
    let query = try query("marks")
    var marks: [MarkRecord] = []
    while try query.step() {
      marks.append(
        MarkRecord(
          client: query.text(0), epoch: query.int64(1), number: query.int64(2),
          gaps: query.int64(3), replays: query.int64(4), seen: query.timestamp(5)))
    }
    return marks
  }

  private func refusals() throws(StoreFault) -> [(reason: String, lines: Int64)] {
    let query = try query("refusals")
    var refusals: [(reason: String, lines: Int64)] = []
    while try query.step() { refusals.append((query.text(0), query.int64(1))) }
    return refusals
  }

  /// The last `count` lines that became no call, the latest first.
  package func deadLetters(_ count: Int) throws(StoreFault) -> [DeadLetterRecord] {
    let query = try query("dead-letters")
    query.bind(":count", Int64(count))
    var letters: [DeadLetterRecord] = []
    while try query.step() {
      letters.append(
        DeadLetterRecord(
          id: query.int64(0), received: query.timestamp(1), client: query.text(2),
          number: query.optionalInt64(3), reason: query.text(4), length: query.int64(5),
          sha256: query.text(6), facts: query.optionalText(7)))
    }
    return letters
  }

  /// One of them; nil when there is none of that number, or no longer.
  package func deadLetter(_ id: Int64) throws(StoreFault) -> DeadLetterRecord? {
    let query = try query("dead-letter")
    query.bind(":id", id)
    defer { query.reset() }
    guard try query.step() else { return nil }
    return DeadLetterRecord(
      id: query.int64(0), received: query.timestamp(1), client: query.text(2), number: query.optionalInt64(3),
      reason: query.text(4), length: query.int64(5), sha256: query.text(6), facts: query.optionalText(7))
  }

  /// How many refused lines have each digest, in hexadecimal; calls in quarantine are no lines.
  package func letterDigests() throws(StoreFault) -> [String: Int] {
    let query = try query("letter-digests")
    var digests: [String: Int] = [:]
    while try query.step() { digests[query.text(1), default: 0] += 1 }
    return digests
  }

  /// Every account with its turnover.
  package func trialBalance() throws(StoreFault) -> TrialBalance {
    let query = try query("trial-balance")
    var lines: [AccountBalance] = []
    while try query.step() {
      lines.append(
        AccountBalance(
          account: try account(query.text(1), query.text(2)), debit: query.int64(3),
          credit: query.int64(4)))
    }
    return TrialBalance(lines: lines)
  }

  /// The general ledger of some UTC days, or of all; the ledger's own balances with the latter.
  package func export(_ days: Range<Day>?) throws(StoreFault) -> LedgerExport {
    try snapshot { () throws(StoreFault) in
      let accounts = try self.accounts()
      let query = try query("general-ledger")
      query.bind(":from_day", Int64(days?.lowerBound.number ?? Int(Int32.min)))
      query.bind(":to_day", Int64(days?.upperBound.number ?? Int(Int32.max)))
      var movements: [LedgerExport.Movement] = []
      while try query.step() {
        movements.append(
          LedgerExport.Movement(
            day: try day(query.int64(0)), kind: Self.kind(query.int64(1)),
            debit: try account(query.int64(2)), credit: try account(query.int64(3)),
            amount: query.int64(4), entries: query.int64(5)))
      }
      return LedgerExport(
        accounts: accounts, movements: movements,
        balances: days == nil ? try trialBalance().lines : nil, head: try status().head ?? "none")
    }
  }

  /// The entries of one batch.
  package func entries(of batch: Int64) throws(StoreFault) -> [EntryRecord] {
    let query = try query("batch-entries")
    query.bind(":batch", batch)
    query.bind(":first_entry", try firstEntry(of: batch))
    var entries: [EntryRecord] = []
    while try query.step() {
      let commodity = query.text(6)
      entries.append(
        EntryRecord(
          id: query.int64(0), batch: query.int64(1), day: try day(query.int64(2)),
          kind: Self.kind(query.int64(3)), debit: try account(query.text(4), commodity),
          credit: try account(query.text(5), commodity), amount: query.int64(7)))
    }
    return entries
  }

  /// The number of a batch's first entry, or of the next batch's when it has none.
  ///
  /// Found by halving: batches only rise with the numbers of their entries, and have no index.
  private func firstEntry(of batch: Int64) throws(StoreFault) -> Int64 {
    var below: Int64 = 0
    var above = Int64.max / 2
    while below < above {
      let middle = below + (above - below) / 2
      let query = try query("entry-from")
      query.bind(":id", middle)
      if try query.step(), query.int64(1) < batch {
        below = min(query.int64(0), above - 1) + 1
      } else {
        above = middle
      }
      query.reset()
    }
    return below
  }

  /// The chart, in the order of opening.
  package func accounts() throws(StoreFault) -> [Account] {
    let query = try query("accounts")
    var accounts: [Account] = []
    while try query.step() {
      let account = try account(query.text(1), query.text(2))
      accountsByID[query.int64(0)] = LedgerAccount(id: query.int64(0), account: account)
      accounts.append(account)
    }
    return accounts
  }

  /// The day of an entry, as days since 1970.
  func day(_ number: Int64) throws(StoreFault) -> Day {
    guard Span.writtenDays.contains(number) else {
      throw .corrupt(path: database.path, what: "an entry is of day \(number)")
    }
    return Day(number: Int(number))
  }

  private func account(_ id: Int64) throws(StoreFault) -> Account {
    guard let known = accountsByID[id] else {
      throw .corrupt(
        path: database.path, what: "entries point to account \(id), which is not there")
    }
    return known.account
  }

  private func account(_ name: String, _ commodity: String) throws(StoreFault) -> Account {
    guard let commodity = Account.Commodity(rawValue: commodity),
      let account = Account(name: name, commodity: commodity)
    else { throw .corrupt(path: database.path, what: "'\(name)' is no name of an account") }
    return account
  }

  /// The name of an entry's kind; a number for one of a later version.
  static func kind(_ code: Int64) -> String {
    Entry.Kind(rawValue: Int(code))?.name ?? "kind_\(code)"
  }
}
