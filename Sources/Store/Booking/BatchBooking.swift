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
  /// Calls that other observers had told of, and the indices of those that added nothing.
  var observed = 0
  var observedCalls: [Int32] = []
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
    let chains: CallChains
    let batch: BookBatch
    let batchID: Int64
    /// Older calls under the calls' ids, by the calls' index, 0 for none; empty when no call has one.
    let past: ContiguousArray<Int64>
    /// Where calls are looked for that the window has forgotten.
    let older: PastIDs
    /// Indices of calls that are not to be booked, because their dead letter is gone.
    let passed: Set<Int>
    /// When it is booked, and a digest of each sender's client.
    let now: Timestamp
    let clients: ContiguousArray<UInt64>
    let senders: ContiguousArray<Sender>
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
    observed = 0
    observedCalls.removeAll(keepingCapacity: true)
    quarantined.removeAll()
    meterPlace = 0
    rows.begin(nextSeq: seq)
    turnover.removeAll()
    rollups.removeAll()
  }

  // MARK: - Calls

  mutating func book(
    window: inout IDWindow, references: inout ReferenceWindow, dimensions: inout StoredDimensions,
    _ surroundings: Surroundings
  ) throws(StoreFault) {
    surroundings.statements.newCalls.removeAll()
    try surroundings.batch.calls.withUnsafeBufferPointer { (calls) throws(StoreFault) in
      try surroundings.batch.details.withUnsafeBufferPointer { (text) throws(StoreFault) in
        var around = surroundings
        around.details = UnsafeRawBufferPointer(text)
        for index in calls.indices {
          let coming = index &+ IDWindow.ahead
          if coming < calls.count {
            window.prefetch(calls[coming].key)
            let reference = calls[coming].reference
            if reference != 0 { references.prefetch(reference, calls[coming].outcome) }
          }
          if !around.passed.isEmpty, around.passed.contains(index) {
            duplicate(index)
            continue
          }
          try book(calls[index], at: index, &window, &references, &dimensions, around)
        }
        try write(around)
      }
    }
  }

  /// Writes the calls that wait for others.
  func write(_ around: Surroundings) throws(StoreFault) {
    try rows.write(around.statements.newCalls, by: around.statements.insertCall, around.database)
  }

  /// Books a call, unless its id or the provider's says that it was booked.
  @inline(__always)
  private mutating func book(
    _ call: BookedCall, at index: Int, _ window: inout IDWindow, _ references: inout ReferenceWindow,
    _ dimensions: inout StoredDimensions, _ around: Surroundings
  ) throws(StoreFault) {
    var slot = 0
    var delta: Verdict.Delta?
    var mark: UInt16 = 0
    var known = KnownReferences()
    if call.key != 0 {
      let found = window.find(call.key)
      slot = found.slot
      let prior = found.seq != 0 || around.past.isEmpty ? found.seq : around.past[index]
      if prior != 0 {
        let dimension = (dimensions.ids[Int(call.dimension)], dimensions[call.dimension])
        switch try judge(call, at: index, dimension, prior, around) {
        case .duplicate: return duplicate(index)
        case .observed(let observation): return try observe(observation, call, index, around)
        case .differs: return quarantine(.observationDiffers, index, of: around.batch, priorSeq: prior)
        case .conflict, .apart: return quarantine(.idConflict, index, of: around.batch, priorSeq: prior)
        case .delta(let more): delta = more
        }
      }
    }
    if call.reference != 0 || call.keyIsProviders {
      let observer = around.mark(of: call)
      mark = observer.bytes
      if delta == nil {
        known.look(for: call, by: observer, in: references)
        if known.candidate != 0 {
          let dimension = (dimensions.ids[Int(call.dimension)], dimensions[call.dimension])
          let (prior, verdict) = try judge(known.candidate, call, at: index, dimension, observer, window, around)
          switch verdict {
          case .duplicate: return duplicate(index)
          case .observed(let observation): return try observe(observation, call, index, around)
          case .conflict, .differs: return quarantine(.observationDiffers, index, of: around.batch, priorSeq: prior)
          case .apart(let wears): if wears { known.wear() }
          case .delta(let more): delta = more
          }
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
      try book(delta, of: call, id: id, mark: mark, marginKnown: marginKnown, around)
      window.cover(delta.began)
      if let root = delta.rootKey {
        if let observation = delta.observation { try note(observation, call, around) }
        // Whoever told of it first goes on from here.
        if root.id != 0 {
          window.remember(
            root.id, at: window.find(root.id).slot, seq: rows.nextSeq - 1, moment: call.at.microseconds)
        }
        return known.move(to: rows.nextSeq - 1, in: &references)
      }
    } else {
      try rows.insert(
        call, id: id, mark: mark, marginKnown: marginKnown, details: around.details(of: call),
        around.statements.newCalls, around.statements.insertCall, around.database)
      turnover.add(call)
      if meterPlace < around.batch.otherMeters.count {
        addMeters(index, call, id, around.batch.otherMeters)
      }
      if known.isSet { known.remember(call, seq: rows.nextSeq - 1, mark, in: &references) }
    }
    if call.key != 0 {
      window.remember(call.key, at: slot, seq: rows.nextSeq - 1, moment: call.at.microseconds)
    }
  }

  private mutating func duplicate(_ index: Int) {
    duplicates += 1
    duplicateCalls.append(Int32(index))
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
  func stated(
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

  // MARK: - Further rows of a call

  /// Books what a stream's line adds to its call.
  ///
  /// Where the line has no price now, it adds none: what was booked stays, and the call waits among
  /// the unpriced.
  private mutating func book(
    _ delta: Verdict.Delta, of whole: BookedCall, id: Int64, mark: UInt16, marginKnown: Bool,
    _ around: Surroundings
  ) throws(StoreFault) {
    var call = whole
    // All rows of a call have one key, and later ones are of a stream, whoever told of them.
    call.stream = true
    if let root = delta.rootKey {
      call.key = root.id
      call.reference = root.reference
      call.keyIsProviders = root.mark?.keyIsProviders ?? false
    }
    call.input = delta.input
    call.cacheRead = delta.cacheRead
    call.output = delta.output
    call.cost = whole.state == .unpriced ? 0 : whole.cost - delta.bookedCost
    call.margin = whole.state == .unpriced || !marginKnown ? 0 : whole.margin - delta.bookedMargin
    let stated = String(decoding: around.details(of: whole), as: UTF8.self)
    let text = ContiguousArray(DetailMembers(stated).adding(delta.meters, to: delta.prior).utf8)
    try text.withUnsafeBufferPointer { (bytes) throws(StoreFault) in
      try rows.insert(
        call, id: id, mark: delta.rootKey?.mark?.bytes ?? mark, marginKnown: marginKnown,
        details: UnsafeRawBufferPointer(bytes),
        around.statements.newCalls, around.statements.insertCall, around.database)
    }
    turnover.add(call, corrects: delta.priorState)
    for (meter, quantity) in delta.meters {
      rollups.add(quantity, of: meter, hour: call.at.hour, dimension: id)
    }
    deltas += 1
  }
}
