import Books
import CSystem
import Calls
import Units

/// One batch on its way into the ledger: its calls one by one, then what follows from all of them.
///
/// Serves batch after batch and keeps its memory. Everything lands in the one transaction that the
/// writer has open.
struct BatchBooking: ~Copyable {
  /// The batch's first call and the next one to be booked.
  private(set) var firstSeq: Int64 = 1
  private(set) var nextSeq: Int64 = 1
  /// Offsets of the batch's calls count from here: the first call's instant.
  private(set) var base: Int64 = 0
  private(set) var firstAt = Int64.max
  private(set) var lastAt = Int64.min
  private(set) var cost: Int64 = 0
  private(set) var unpriced: Int64 = 0
  private(set) var duplicates = 0
  private(set) var deltas = 0
  private(set) var quarantined: [Quarantined] = []
  private(set) var sums = BookedSums()
  private(set) var turnover = Turnover()
  var rollups = BatchRollups()
  var hasher = ChainHasher()

  private var meterPlace = 0
  /// A call's key as its row keeps it: two digests, the highest byte first.
  private let key = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 8)

  /// A sound call that is not booked: its id was booked with other content, or it fits into no sum.
  struct Quarantined {
    let call: Int
    let reason: Refusal
    /// The call booked under its id; 0 for none.
    let priorSeq: Int64
    let meters: [(Meter, Int64)]
  }

  /// What the loop over calls works with.
  struct Surroundings {
    let database: Database
    let statements: BookingStatements
    let limits: WriterLimits
    /// Older calls under the calls' ids, by the calls' index.
    let past: [Int: Int64]
  }

  init() {}

  deinit { key.deallocate() }

  var booked: Int { Int(nextSeq - firstSeq) }

  /// Begins with a batch whose first call gets the number `seq`, upon what was booked before.
  mutating func begin(nextSeq seq: Int64, sums: BookedSums) {
    self.sums = sums
    firstSeq = seq
    nextSeq = seq
    base = 0
    firstAt = .max
    lastAt = .min
    cost = 0
    unpriced = 0
    duplicates = 0
    deltas = 0
    quarantined.removeAll()
    meterPlace = 0
    turnover.removeAll()
    rollups.removeAll()
    hasher.restart()
  }

  // MARK: - Calls

  mutating func book(
    _ batch: BookBatch, batchID: Int64, window: inout IDWindow,
    dimensions: inout StoredDimensions, _ around: Surroundings
  ) throws(StoreFault) {
    try batch.calls.withUnsafeBufferPointer { (calls) throws(StoreFault) in
      try batch.details.withUnsafeBufferPointer { (text) throws(StoreFault) in
        let details = UnsafeRawBufferPointer(text)
        for index in calls.indices {
          let coming = index &+ IDWindow.ahead
          if coming < calls.count { window.prefetch(calls[coming].key) }
          let call = calls[index]
          var id = dimensions.ids[Int(call.dimension)]
          var slot = 0
          if call.key != 0 {
            let found = window.find(call.key)
            slot = found.slot
            let prior = found.seq != 0 ? found.seq : around.past[index] ?? 0
            if prior != 0 {
              let verdict = try judge(
                call, at: index, of: batch, (id, dimensions[call.dimension]), prior, around)
              switch verdict {
              case .duplicate: duplicates += 1
              case .conflict:
                quarantine(.idConflict, index, of: batch, priorSeq: prior)
              case .delta(let delta):
                guard sums.take(call, others: others(index, of: batch)) else {
                  quarantine(.ledgerFull, index, of: batch, priorSeq: prior)
                  continue
                }
                if id == 0 {
                  id = try dimensions.store(
                    call.dimension, batch: batchID, around.statements, around.database)
                }
                let known = dimensions.marginKnown[Int(call.dimension)]
                try book(
                  delta, of: call, id: id, marginKnown: known, details: details, around)
                window.remember(
                  call.key, at: slot, seq: nextSeq - 1, moment: call.at.microseconds)
              }
              continue
            }
          }
          guard sums.take(call, others: others(index, of: batch)) else {
            quarantine(.ledgerFull, index, of: batch, priorSeq: 0)
            continue
          }
          if id == 0 {
            id = try dimensions.store(
              call.dimension, batch: batchID, around.statements, around.database)
          }
          let text = UnsafeRawBufferPointer(
            rebasing: details[Int(call.details.lowerBound)..<Int(call.details.upperBound)])
          try insert(
            call, id: id, marginKnown: dimensions.marginKnown[Int(call.dimension)], details: text,
            around)
          turnover.add(call)
          if meterPlace < batch.otherMeters.count { addMeters(index, call, id, batch.otherMeters) }
          if call.key != 0 {
            window.remember(call.key, at: slot, seq: nextSeq - 1, moment: call.at.microseconds)
          }
        }
      }
    }
  }

  /// Writes a call's row, and takes it into the seal.
  @inline(__always)
  private mutating func insert(
    _ call: BookedCall, id: Int64, marginKnown: Bool, details: UnsafeRawBufferPointer,
    _ around: Surroundings
  ) throws(StoreFault) {
    let at = call.at.microseconds
    if nextSeq == firstSeq { base = at }
    let flags =
      id << 5 | (call.stream ? 16 : 0) | Int64(call.outcome.rawValue) << 2 | Int64(call.state.rawValue)
    let isPriced = call.state != .unpriced
    let row = around.statements.insertCall.handle
    sqlite3_bind_int64(row, 1, at &- base)
    sqlite3_bind_int64(row, 2, flags)
    sqlite3_bind_int64(row, 3, call.input)
    sqlite3_bind_int64(row, 4, call.cacheRead)
    sqlite3_bind_int64(row, 5, call.output)
    if isPriced { sqlite3_bind_int64(row, 6, call.cost) } else { sqlite3_bind_null(row, 6) }
    if isPriced && marginKnown {
      sqlite3_bind_int64(row, 7, call.margin)
    } else {
      sqlite3_bind_null(row, 7)
    }
    if call.latency >= 0 {
      sqlite3_bind_int64(row, 8, Int64(call.latency))
    } else {
      sqlite3_bind_null(row, 8)
    }
    let keyBytes = call.reference != 0 ? 16 : call.key != 0 ? 8 : 0
    if keyBytes > 0 {
      key.storeBytes(of: call.key.bigEndian, as: UInt64.self)
      key.storeBytes(of: call.reference.bigEndian, toByteOffset: 8, as: UInt64.self)
      sqlite3_bind_blob(row, 9, key, Int32(keyBytes), nil)
    } else {
      sqlite3_bind_null(row, 9)
    }
    if details.isEmpty {
      sqlite3_bind_null(row, 10)
    } else {
      sqlite3_bind_text(
        row, 10, details.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(details.count), nil)
    }
    let code = sqlite3_step(row)
    guard code == SQLITE_DONE else {
      let fault = around.database.fault(code, "insert_call")
      sqlite3_reset(row)
      throw fault
    }
    sqlite3_reset(row)
    guard around.database.lastInsertedRow == nextSeq else {
      throw .corrupt(
        path: around.database.path, what: "call \(nextSeq) got the number of another")
    }
    hasher.add(
      call: nextSeq, at: at, dimensionFlags: flags, input: call.input, cacheRead: call.cacheRead,
      output: call.output, cost: isPriced ? call.cost : ChainHasher.null,
      margin: isPriced && marginKnown ? call.margin : ChainHasher.null, latency: call.latency,
      key: UnsafeRawBufferPointer(start: key, count: keyBytes), details: details)
    nextSeq &+= 1
    if at < firstAt { firstAt = at }
    if at > lastAt { lastAt = at }
    if isPriced { cost += call.cost } else { unpriced += 1 }
  }

  /// Adds a call's meters to the rollups, and passes over those of calls that were not booked.
  private mutating func addMeters(
    _ index: Int, _ call: BookedCall, _ id: Int64, _ meters: ContiguousArray<OtherMeter>
  ) {
    while meterPlace < meters.count, Int(meters[meterPlace].call) <= index {
      let meter = meters[meterPlace]
      if Int(meter.call) == index {
        rollups.add(meter.quantity, of: meter.meter, hour: call.at.hour, dimension: id)
      }
      meterPlace += 1
    }
  }

  /// What the call used of meters that have no column of their own.
  @inline(__always)
  private func others(_ index: Int, of batch: BookBatch) -> Int64 {
    var place = meterPlace
    var sum: Int64 = 0
    while place < batch.otherMeters.count, Int(batch.otherMeters[place].call) <= index {
      if Int(batch.otherMeters[place].call) == index { sum &+= batch.otherMeters[place].quantity }
      place &+= 1
    }
    return sum
  }

  private mutating func quarantine(
    _ reason: Refusal, _ index: Int, of batch: BookBatch, priorSeq: Int64
  ) {
    quarantined.append(
      Quarantined(
        call: index, reason: reason, priorSeq: priorSeq,
        meters: stated(batch.calls[index], at: index, of: batch)))
  }

  // MARK: - Ids that were booked before

  private func judge(
    _ call: BookedCall, at index: Int, of batch: BookBatch, _ dimension: (Int64, Dimension),
    _ prior: Int64, _ around: Surroundings
  ) throws(StoreFault) -> Verdict {
    var quantities = [Int64](repeating: 0, count: Meter.count)
    for (meter, quantity) in stated(call, at: index, of: batch) {
      quantities[Int(meter.rawValue)] = quantity
    }
    let judge = PriorCalls(
      statements: around.statements, path: around.database.path, limits: around.limits,
      openSeq: firstSeq, openBase: base)
    return try judge.judge(call, quantities: quantities, dimension: dimension, against: prior)
  }

  /// Every quantity of a call.
  private func stated(
    _ call: BookedCall, at index: Int, of batch: BookBatch
  ) -> [(Meter, Int64)] {
    var place = meterPlace
    var stated: [(Meter, Int64)] = [
      (.input, call.input), (.cacheRead, call.cacheRead), (.output, call.output),
    ]
    while place < batch.otherMeters.count, Int(batch.otherMeters[place].call) <= index {
      let meter = batch.otherMeters[place]
      if Int(meter.call) == index { stated.append((meter.meter, meter.quantity)) }
      place += 1
    }
    return stated
  }

  /// Books what a stream's line adds to its call.
  ///
  /// Where the line has no price now, it adds none: what was booked stays, and the call waits among
  /// the unpriced.
  private mutating func book(
    _ delta: Verdict.Delta, of whole: BookedCall, id: Int64, marginKnown: Bool,
    details: UnsafeRawBufferPointer, _ around: Surroundings
  ) throws(StoreFault) {
    var call = whole
    call.input = delta.input
    call.cacheRead = delta.cacheRead
    call.output = delta.output
    call.cost = whole.state == .unpriced ? 0 : whole.cost - delta.bookedCost
    call.margin = whole.state == .unpriced || !marginKnown ? 0 : whole.margin - delta.bookedMargin
    let stated = String(
      decoding: details[Int(whole.details.lowerBound)..<Int(whole.details.upperBound)],
      as: UTF8.self)
    let text = ContiguousArray(DetailMembers(stated).adding(delta.meters, to: delta.prior).utf8)
    try text.withUnsafeBufferPointer { (bytes) throws(StoreFault) in
      try insert(
        call, id: id, marginKnown: marginKnown, details: UnsafeRawBufferPointer(bytes), around)
    }
    turnover.add(call, corrects: delta.priorState)
    for (meter, quantity) in delta.meters {
      rollups.add(quantity, of: meter, hour: call.at.hour, dimension: id)
    }
    deltas += 1
  }
}
