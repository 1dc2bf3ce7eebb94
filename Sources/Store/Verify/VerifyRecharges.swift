import Audit
import Books
import Units

/// Reads every recharge once, run by run, and judges each by its call and its cards.
struct VerifyRecharges {
  /// What a run's rows were booked at, and what they come to since: its entries follow from it.
  struct Run {
    let document: Int64
    var reversed: [VerifyBatch.Key: VerifyBatch.Sum] = [:]
    var rebooked: [VerifyBatch.Key: VerifyBatch.Sum] = [:]
    /// Amounts without their signs, as ``VerifyBatch/moved``.
    var moved: Int128 = 0
    var difference: Int128 = 0
  }

  /// The recharges of one batch.
  struct Batch {
    /// The newest document of the batch; 0 for none.
    var document: Int64 = 0
    var runs: [Run] = []
    fileprivate var rows: [Row] = []

    /// Adds the rows to the batch's digest.
    func seal(_ hasher: inout ChainHasher) {
      for row in rows {
        hasher.add(
          recharge: row.seq, document: row.document, dimension: row.price.dimension,
          cost: row.price.cost ?? ChainHasher.null, margin: row.price.margin ?? ChainHasher.null,
          state: row.price.state)
      }
    }
  }

  fileprivate struct Row {
    let document: Int64
    let seq: Int64
    let price: VerifyCharge
  }

  private let rows: Statement
  private var waits: Bool
  private let past: VerifyPast
  private let parts: VerifyParts

  init(_ database: Database, _ parts: VerifyParts, _ past: VerifyPast) throws(StoreFault) {
    rows = try database.prepare(CarriedFile.query("verify-recharges.sql"))
    waits = try rows.step()
    self.past = past
    self.parts = parts
  }

  /// Takes the recharges of a batch's documents.
  mutating func take(batch: Int64, _ faults: inout VerifyFaults) throws(StoreFault) -> Batch {
    var found = Batch()
    for document in parts.documentRows[batch] ?? [] {
      found.document = max(found.document, document.id)
      while waits, rows.int64(0) < document.id { try passOver(&faults) }
      guard document.kind == "reprice" else { continue }
      var run = Run(document: document.id)
      let firstOpenDay = RepriceText(document.text).firstOpenDay
      let query = RepriceQuery(firstOpenDay: firstOpenDay)
      while waits, rows.int64(0) == document.id {
        let row = Row(document: document.id, seq: rows.int64(1), price: VerifyCharge(rows, from: 2))
        found.rows.append(row)
        try judge(row, query, batch: batch, &run, &faults)
        waits = try rows.step()
      }
      if let amount = document.amount, run.difference != Int128(amount) {
        faults.add(
          .amount, batch: batch, "run \(document.reference) states another difference than its recharges make")
      }
      found.runs.append(run)
    }
    return found
  }

  /// What is left behind the last batch belongs to no run.
  mutating func finish(_ faults: inout VerifyFaults) throws(StoreFault) {
    while waits { try passOver(&faults) }
  }

  private mutating func passOver(_ faults: inout VerifyFaults) throws(StoreFault) {
    faults.add(.sequence, "the recharge of call #\(rows.int64(1)) belongs to no run")
    waits = try rows.step()
  }

  /// Adds a row to its run, and works its amount out again.
  private func judge(
    _ row: Row, _ query: RepriceQuery, batch: Int64, _ run: inout Run, _ faults: inout VerifyFaults
  ) throws(StoreFault) {
    guard let old = try past.located(row.seq, after: row.document - 1) else {
      faults.add(.sequence, batch: batch, "the recharge of call #\(row.seq) has no call")
      return
    }
    var new = old.row
    new.take(row.price)
    guard new.isPlausible, old.row.isPlausible, let dimension = parts.dimensions[new.dimension] else {
      faults.add(
        .amount, batch: batch, "the recharge of call #\(row.seq) has a number that no call can have")
      return
    }
    let before = try past.sum(endingWith: old.row, after: row.document - 1)
    let after = try past.sum(endingWith: new, after: row.document)
    let instant = Timestamp(microseconds: old.at)
    let day = query.entryDay(ofCallOn: Int64(instant.day.number))
    let counted = (
      before: old.row.counted(latency: nil, prior: before.priorState),
      after: new.counted(latency: nil, prior: after.priorState)
    )
    let left = VerifyBatch.Key(day: day, dimension: old.row.dimension)
    let come = VerifyBatch.Key(day: day, dimension: new.dimension)
    run.reversed[left, default: VerifyBatch.Sum()].add(counted.before)
    run.rebooked[come, default: VerifyBatch.Sum()].add(counted.after)
    run.difference += Int128(new.cost ?? 0) - Int128(old.row.cost ?? 0)
    for amount in [old.row.cost, old.row.margin, new.cost, new.margin] { run.moved += Int128((amount ?? 0).magnitude) }
    for fault in dimension.faults(new, after, parts.cards, did: "is re-priced") {
      faults.add(fault.kind, batch: batch, fault.what)
    }
  }
}
