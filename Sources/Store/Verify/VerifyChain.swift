import Audit
import Books
import Calls
import Units

/// Walks the chain of batches: seals, numbers, entries and amounts, each from the rows themselves.
struct VerifyChain: ~Copyable {
  private(set) var calls: Int64
  private(set) var entries: Int64
  private(set) var batches: Int64
  private(set) var head: [UInt8]
  private(set) var derived: VerifyDerived

  private let parts: VerifyParts
  private let batchRows: Statement
  private let entryRows: Statement
  private var callRows: VerifyCalls
  private var recharges: VerifyRecharges
  /// The newest document of the batches so far.
  private var document: Int64
  private var hasher: ChainHasher
  private var entryWaits: Bool
  private var anchoredHead: String?
  private let callsInAll: Int64
  /// The account that each name and commodity has.
  private let accountIDs: [Account: Int64]

  init(_ database: Database, _ parts: VerifyParts, anchoredHead: String?) throws(StoreFault) {
    // What throws comes first: a value that cannot be copied is made whole or not at all.
    let batchRows = try database.prepare(CarriedFile.query("verify-batches.sql"))
    let entryRows = try database.prepare(CarriedFile.query("verify-entries.sql"))
    let past = try VerifyPast(database)
    let callRows = try VerifyCalls(database, parts, past)
    let recharges = try VerifyRecharges(database, parts, past)
    let calls = try database.number("select max(last_seq) from batch") ?? 0
    self.calls = 0
    entries = 0
    batches = 0
    head = Array(repeating: 0, count: 32)
    derived = VerifyDerived()
    entryWaits = false
    self.parts = parts
    self.anchoredHead = anchoredHead
    self.batchRows = batchRows
    self.entryRows = entryRows
    self.callRows = callRows
    self.recharges = recharges
    document = 0
    callsInAll = calls
    accountIDs = Dictionary(
      parts.accounts.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    hasher = ChainHasher()
  }

  mutating func run(
    _ faults: inout VerifyFaults, _ progress: (Int64, Int64) -> Void
  ) throws(StoreFault) {
    try callRows.advance()
    entryWaits = try entryRows.step()
    while try batchRows.step() {
      try check(batch(), &faults)
      progress(calls, callsInAll)
    }
    if callRows.waits {
      faults.add(.sequence, "calls from #\(callRows.seq) on lie behind the last batch")
    }
    if entryWaits {
      faults.add(.sequence, "entries from \(entryRows.int64(0)) on lie behind the last batch")
    }
    try recharges.finish(&faults)
    if let anchoredHead, batches > 0 || anchoredHead != String(repeating: "0", count: 64) {
      faults.add(
        .head,
        "no batch has the seal \(anchoredHead): the ledger was changed after that head was kept, or is another one"
      )
    }
  }

  private struct Batch {
    let header: BatchHeader
    let root: [UInt8]
    let previous: [UInt8]
    let hash: [UInt8]
  }

  private func batch() -> Batch {
    Batch(
      header: BatchHeader(
        id: batchRows.int64(0), committed: batchRows.int64(1), base: batchRows.int64(2),
        firstAt: batchRows.int64(3), lastAt: batchRows.int64(4),
        firstSeq: batchRows.optionalInt64(5) ?? ChainHasher.null, lastSeq: batchRows.int64(6),
        cost: batchRows.int64(7), unpriced: batchRows.int64(8)),
      root: Array(batchRows.bytes(9)), previous: Array(batchRows.bytes(10)),
      hash: Array(batchRows.bytes(11)))
  }

  private mutating func check(_ batch: Batch, _ faults: inout VerifyFaults) throws(StoreFault) {
    let header = batch.header
    let id = header.id
    if id != batches &+ 1 {
      faults.add(.sequence, batch: id, "it follows batch \(batches)")
    }
    if batch.previous != head {
      faults.add(.chain, batch: id, "it is not chained to the one before")
    }
    let first = header.firstSeq == ChainHasher.null ? header.lastSeq &+ 1 : header.firstSeq
    if first != calls &+ 1 {
      faults.add(.sequence, batch: id, "its calls begin with #\(first), behind #\(calls)")
    }
    var sums = VerifyBatch()
    try callRows.take(
      through: header.lastSeq, after: document, header, &hasher, &sums, &derived, &faults)
    if sums.cost != header.cost {
      faults.add(
        .amount, batch: id,
        "it states \(Amount(nanos: header.cost)) USD, but its calls come to \(Amount(nanos: sums.cost))"
      )
    }
    if sums.unpriced != header.unpriced {
      faults.add(
        .amount, batch: id, "it states \(header.unpriced) unpriced calls, but has \(sums.unpriced)")
    }
    var made: [Int64: [Movement: Int]] = [0: entriesMade(by: sums, batch: id, &faults)]
    let recharged = try recharges.take(batch: id, &faults)
    for run in recharged.runs { made[run.document] = entriesMade(by: run, batch: id, &faults) }
    try takeEntries(of: id, made: made, &faults)
    parts.seal(id, &hasher)
    recharged.seal(&hasher)
    document = max(document, recharged.document)
    let root = hasher.root()
    if root != batch.root {
      faults.add(.chain, batch: id, "its rows are not those that were sealed")
    }
    let hash = ChainHasher.hash(
      ledgerID: parts.ledgerID, previous: batch.previous, header: header, root: batch.root)
    if hash != batch.hash { faults.add(.chain, batch: id, "its seal is not that of its header") }
    head = batch.hash
    if hex(head) == anchoredHead { anchoredHead = nil }
    batches = id
    calls = header.lastSeq
  }

  // MARK: - Entries

  private struct Movement: Hashable {
    let day: Int64
    let kind: Int64
    let debit: Int64
    let credit: Int64
    let amount: Int64
  }

  /// The entries that a batch's calls make, by the rules of the books.
  private func entriesMade(
    by sums: VerifyBatch, batch: Int64, _ faults: inout VerifyFaults
  ) -> [Movement: Int] {
    guard sums.moved <= Int128(Int64.max) else {
      faults.add(.amount, batch: batch, "its calls come to more than 9.2 billion USD")
      return [:]
    }
    var made = BatchEntries()
    for (key, sum) in sums.days {
      let entries = try? parts.dimensions[key.dimension]?.rules.entries(
        day: Day(number: Int(key.day)), cost: sum.cost, margin: sum.margin, unpriced: sum.unpriced)
      add(entries ?? [], to: &made, batch: batch, &faults)
    }
    return Self.movements(made)
  }

  /// The entries that a re-pricing run makes.
  private func entriesMade(
    by run: VerifyRecharges.Run, batch: Int64, _ faults: inout VerifyFaults
  ) -> [Movement: Int] {
    guard run.moved <= Int128(Int64.max) else {
      faults.add(.amount, batch: batch, "its recharges come to more than 9.2 billion USD")
      return [:]
    }
    var made = BatchEntries()
    for (key, sum) in run.reversed {
      let entries = try? parts.dimensions[key.dimension]?.rules.reversal(
        day: Day(number: Int(key.day)), cost: sum.cost, margin: sum.margin, unpriced: sum.unpriced)
      add(entries ?? [], to: &made, batch: batch, &faults)
    }
    for (key, sum) in run.rebooked {
      let entries = try? parts.dimensions[key.dimension]?.rules.rebooking(
        day: Day(number: Int(key.day)), cost: sum.cost, margin: sum.margin, unpriced: sum.unpriced)
      add(entries ?? [], to: &made, batch: batch, &faults)
    }
    return Self.movements(made)
  }

  private func add(
    _ entries: [Entry], to made: inout BatchEntries, batch: Int64, _ faults: inout VerifyFaults
  ) {
    for entry in entries {
      guard let debit = accountIDs[entry.debit], let credit = accountIDs[entry.credit] else {
        faults.add(
          .entry, batch: batch,
          "its calls move \(entry.debit.name) and \(entry.credit.name), which the chart lacks")
        continue
      }
      made.add(
        day: Int64(entry.day.number), kind: Int64(entry.kind.rawValue), debit: debit, credit: credit,
        amount: entry.amount)
    }
  }

  private static func movements(_ made: BatchEntries) -> [Movement: Int] {
    let movements = made.rows(firstID: 1).map { row in
      Movement(
        day: row.day, kind: row.kind, debit: row.debit, credit: row.credit, amount: row.amount)
    }
    return Dictionary(movements.map { ($0, 1) }, uniquingKeysWith: +)
  }

  /// Kinds of entry that calls make; documents make the others.
  private static let kindsOfCalls: Set<Int64> = Set(
    [Entry.Kind.usage, .margin, .unpriced].map { Int64($0.rawValue) })

  /// Takes a batch's entries; `made` is what must be among them, by document, 0 for none.
  private mutating func takeEntries(
    of batch: Int64, made: [Int64: [Movement: Int]], _ faults: inout VerifyFaults
  ) throws(StoreFault) {
    var made = made
    while entryWaits, entryRows.int64(1) == batch {
      let row = entryRows
      let id = row.int64(0)
      if id != entries &+ 1 {
        faults.add(.sequence, batch: batch, "entry \(id) follows entry \(entries)")
      }
      entries = id
      let movement = Movement(
        day: row.int64(2), kind: row.int64(3), debit: row.int64(4), credit: row.int64(5),
        amount: row.int64(6))
      let document = row.int64(8)
      hasher.add(
        entry: id, day: movement.day, kind: movement.kind, debit: movement.debit,
        credit: movement.credit, amount: movement.amount, reverses: row.int64(7), document: document)
      derived.add(debit: movement.debit, credit: movement.credit, amount: movement.amount)
      if document == 0 ? Self.kindsOfCalls.contains(movement.kind) : made[document] != nil {
        if let count = made[document]?[movement], count > 0 {
          made[document]?[movement] = count - 1
        } else {
          faults.add(.entry, batch: batch, "entry \(id) is not what its calls make")
        }
      }
      entryWaits = try entryRows.step()
    }
    for (movement, count) in made.values.joined() where count > 0 {
      faults.add(
        .entry, batch: batch,
        "an entry of \(movement.amount) from account \(movement.credit) to account \(movement.debit) is missing"
      )
    }
  }
}
