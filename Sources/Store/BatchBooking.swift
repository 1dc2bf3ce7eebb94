import Books
import Calls
import Units

/// One batch on its way into the ledger: its calls one by one, then what follows from all of them.
///
/// Serves batch after batch and keeps its memory. Everything lands in the one transaction that the
/// writer has open.
struct BatchBooking: ~Copyable {
  var rows = CallRows()
  var rollups = BatchRollups()
  private(set) var turnover = Turnover()
  private(set) var sums = BookedSums()
  private(set) var duplicates = 0
  /// Indices of those among the batch's calls, rising.
  private(set) var duplicateCalls: [Int32] = []
  private(set) var deltas = 0
  private(set) var quarantined: [Quarantined] = []

  /// Where in the batch's other meters the next call's begin.
  private var meterPlace = 0

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
    let batch: BookBatch
    let batchID: Int64
    /// Older calls under the calls' ids, by the calls' index.
    let past: [Int: Int64]
    /// The text of all the batch's details.
    fileprivate(set) var details = UnsafeRawBufferPointer(start: nil, count: 0)

    /// The details of one call.
    @inline(__always) fileprivate func details(of call: BookedCall) -> UnsafeRawBufferPointer {
      UnsafeRawBufferPointer(
        rebasing: details[Int(call.details.lowerBound)..<Int(call.details.upperBound)])
    }
  }

  init() {}

  var booked: Int { Int(rows.nextSeq - rows.firstSeq) }

  /// Begins with a batch whose first call gets the number `seq`, upon what was booked before.
  mutating func begin(nextSeq seq: Int64, sums: BookedSums) {
    self.sums = sums
    duplicates = 0
    duplicateCalls.removeAll(keepingCapacity: true)
    deltas = 0
    quarantined.removeAll()
    meterPlace = 0
    rows.begin(nextSeq: seq)
    turnover.removeAll()
    rollups.removeAll()
  }

  // MARK: - Calls

  mutating func book(
    window: inout IDWindow, dimensions: inout StoredDimensions, _ surroundings: Surroundings
  ) throws(StoreFault) {
    surroundings.statements.newCalls.removeAll()
    try surroundings.batch.calls.withUnsafeBufferPointer { (calls) throws(StoreFault) in
      try surroundings.batch.details.withUnsafeBufferPointer { (text) throws(StoreFault) in
        var around = surroundings
        around.details = UnsafeRawBufferPointer(text)
        for index in calls.indices {
          let coming = index &+ IDWindow.ahead
          if coming < calls.count { window.prefetch(calls[coming].key) }
          try book(calls[index], at: index, &window, &dimensions, around)
        }
        try write(around)
      }
    }
  }

  /// Writes the calls that wait for others.
  private func write(_ around: Surroundings) throws(StoreFault) {
    try rows.write(around.statements.newCalls, by: around.statements.insertCall, around.database)
  }

  /// Books a call, unless its id says that it was booked.
  @inline(__always)
  private mutating func book(
    _ call: BookedCall, at index: Int, _ window: inout IDWindow, _ dimensions: inout StoredDimensions,
    _ around: Surroundings
  ) throws(StoreFault) {
    var slot = 0
    var delta: Verdict.Delta?
    if call.key != 0 {
      let found = window.find(call.key)
      slot = found.slot
      let prior = found.seq != 0 ? found.seq : around.past[index] ?? 0
      if prior != 0 {
        let dimension = (dimensions.ids[Int(call.dimension)], dimensions[call.dimension])
        switch try judge(call, at: index, dimension, prior, around) {
        case .duplicate:
          duplicates += 1
          duplicateCalls.append(Int32(index))
          return
        case .conflict: return quarantine(.idConflict, index, of: around.batch, priorSeq: prior)
        case .delta(let more): delta = more
        }
      }
    }
    guard sums.take(call, others: others(index, of: around.batch)) else {
      return quarantine(.ledgerFull, index, of: around.batch, priorSeq: delta?.prior ?? 0)
    }
    var id = dimensions.ids[Int(call.dimension)]
    if id == 0 {
      id = try dimensions.store(
        call.dimension, batch: around.batchID, around.statements, around.database)
    }
    let marginKnown = dimensions.marginKnown[Int(call.dimension)]
    if let delta {
      try book(delta, of: call, id: id, marginKnown: marginKnown, around)
    } else {
      try rows.insert(
        call, id: id, marginKnown: marginKnown, details: around.details(of: call),
        around.statements.newCalls, around.statements.insertCall, around.database)
      turnover.add(call)
      if meterPlace < around.batch.otherMeters.count {
        addMeters(index, call, id, around.batch.otherMeters)
      }
    }
    if call.key != 0 {
      window.remember(call.key, at: slot, seq: rows.nextSeq - 1, moment: call.at.microseconds)
    }
  }

  private mutating func quarantine(
    _ reason: Refusal, _ index: Int, of batch: BookBatch, priorSeq: Int64
  ) {
    quarantined.append(
      Quarantined(
        call: index, reason: reason, priorSeq: priorSeq,
        meters: stated(batch.calls[index], at: index, of: batch)))
  }

  // MARK: - Meters without a column

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

  /// What the call used of meters that have no column of their own, all together.
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

  // MARK: - Ids that were booked before

  private func judge(
    _ call: BookedCall, at index: Int, _ dimension: (Int64, Dimension), _ prior: Int64,
    _ around: Surroundings
  ) throws(StoreFault) -> Verdict {
    // What the id has booked may be among the batch's own calls.
    try write(around)
    var quantities = [Int64](repeating: 0, count: Meter.count)
    for (meter, quantity) in stated(call, at: index, of: around.batch) {
      quantities[Int(meter.rawValue)] = quantity
    }
    let judge = PriorCalls(
      statements: around.statements, path: around.database.path, limits: around.limits,
      openSeq: rows.firstSeq, openBase: rows.base)
    return try judge.judge(call, quantities: quantities, dimension: dimension, against: prior)
  }

  /// Books what a stream's line adds to its call.
  ///
  /// Where the line has no price now, it adds none: what was booked stays, and the call waits among
  /// the unpriced.
  private mutating func book(
    _ delta: Verdict.Delta, of whole: BookedCall, id: Int64, marginKnown: Bool, _ around: Surroundings
  ) throws(StoreFault) {
    var call = whole
    call.input = delta.input
    call.cacheRead = delta.cacheRead
    call.output = delta.output
    call.cost = whole.state == .unpriced ? 0 : whole.cost - delta.bookedCost
    call.margin = whole.state == .unpriced || !marginKnown ? 0 : whole.margin - delta.bookedMargin
    let stated = String(decoding: around.details(of: whole), as: UTF8.self)
    let text = ContiguousArray(DetailMembers(stated).adding(delta.meters, to: delta.prior).utf8)
    try text.withUnsafeBufferPointer { (bytes) throws(StoreFault) in
      try rows.insert(
        call, id: id, marginKnown: marginKnown, details: UnsafeRawBufferPointer(bytes),
        around.statements.newCalls, around.statements.insertCall, around.database)
    }
    turnover.add(call, corrects: delta.priorState)
    for (meter, quantity) in delta.meters {
      rollups.add(quantity, of: meter, hour: call.at.hour, dimension: id)
    }
    deltas += 1
  }
}
