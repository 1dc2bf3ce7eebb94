/// The ids booked last, each with the newest call that bears it.
///
/// Two generations of at least ``WriterLimits/windowIDs`` ids: when the younger is full, the older is
/// forgotten and the younger takes its place. So the last `windowIDs` ids are always remembered,
/// whatever their calls' times. What is forgotten goes on in ``PastIDs``.
struct IDWindow {
  private(set) var younger = IDTable()
  private(set) var older = IDTable()
  private let limit: Int
  /// What the open batch changed, to be taken back when it fails: slot and what stood there.
  private var changes: ContiguousArray<(slot: Int32, before: Int64)> = []

  init(limit: Int) { self.limit = limit }

  /// Makes room for a batch; hands over the older generation when the younger is full.
  mutating func begin(
    calls: Int, nextSeq: Int64, forget: (_ older: IDTable, _ lastSeq: Int64) -> Void
  ) {
    changes.removeAll(keepingCapacity: true)
    if younger.count >= limit || nextSeq - younger.firstSeq > IDTable.rowsMax {
      if older.coversFrom < younger.coversFrom { forget(older, younger.coversFrom - 1) }
      swap(&younger, &older)
      younger.restart(at: nextSeq)
    }
    younger.reserve(calls)
    changes.reserveCapacity(calls)
  }

  /// The same for a batch that has no calls: no generation goes, because nothing would tell the database of it.
  mutating func beginWithoutCalls() { changes.removeAll(keepingCapacity: true) }

  /// Fetches ahead what ``find(_:)`` will read.
  @inline(__always) func prefetch(_ key: UInt64) {
    younger.prefetch(key)
    older.prefetch(key)
  }

  /// The newest call that bears the id, or 0; and where ``remember(_:at:seq:moment:)`` puts it.
  @inline(__always) func find(_ key: UInt64) -> (seq: Int64, slot: Int) {
    let slot = younger.slot(of: key)
    if !younger.isEmpty(slot) { return (younger.seq(at: slot), slot) }
    let old = older.slot(of: key)
    return (older.isEmpty(old) ? 0 : older.seq(at: old), slot)
  }

  @inline(__always)
  mutating func remember(_ key: UInt64, at slot: Int, seq: Int64, moment: Int64) {
    changes.append((Int32(truncatingIfNeeded: slot), younger.isEmpty(slot) ? 0 : younger.seq(at: slot)))
    younger.set(slot, key: key, seq: seq)
    younger.moments.insert(moment)
  }

  /// Has the calls of the batch be looked for at that moment too.
  mutating func cover(_ moment: Int64) { younger.moments.insert(moment) }

  /// What was remembered stays.
  mutating func keep() { changes.removeAll(keepingCapacity: true) }

  /// Takes back what was remembered since ``begin(calls:nextSeq:forget:)``.
  mutating func rollBack() {
    while let change = changes.popLast() {
      let slot = Int(change.slot)
      if change.before == 0 {
        younger.clear(slot)
      } else {
        younger.set(slot, key: younger.keys[slot], seq: change.before)
      }
    }
  }

  // MARK: - At start

  /// Begins anew, to be filled by ``restore(_:seq:)`` with calls above `sealed`, the last of which
  /// comes just before `nextSeq`.
  mutating func restart(after sealed: Int64, nextSeq: Int64) {
    older.restart(at: sealed + 1)
    younger.restart(at: nextSeq)
  }

  /// Ends the filling: calls from `firstSeq` on are known, and none begins after `moment`.
  mutating func restored(from firstSeq: Int64, upTo moment: Int64) {
    older.coversFrom = firstSeq
    older.moments = TimeSlots(upTo: moment)
  }

  mutating func reserve(_ ids: Int) { older.reserve(ids) }

  /// Remembers calls read back; of several with one id, the newest stays.
  mutating func restore(_ ids: ContiguousArray<(key: UInt64, seq: Int64)>) {
    for place in ids.indices {
      if place + Self.ahead < ids.count { older.prefetch(ids[place + Self.ahead].key) }
      let (key, seq) = ids[place]
      let slot = older.slot(of: key)
      if older.isEmpty(slot) || older.seq(at: slot) < seq { older.set(slot, key: key, seq: seq) }
    }
  }

  /// Ids between the one that is looked up and the one that is fetched ahead.
  static let ahead = 12

  var rememberedIDs: Int { younger.count + older.count }
}
