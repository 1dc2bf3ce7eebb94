import Books
import Calls

/// Dead letters that are settled by lines sent again, in the transaction that books those.
extension DeadLetterTable {
  /// Drops the letters that a batch's replays settle, one a line.
  ///
  /// - Returns: indices of calls whose letter is not there, and that are not to be booked: what was
  ///   replayed before is settled.
  mutating func claim(
    _ replays: [BookBatch.Replay], _ statements: BookingStatements
  ) throws(StoreFault) -> Set<Int> {
    // The oldest last, so that it is taken first.
    var waiting: [[UInt8]: [Int64]] = [:]
    if replays.contains(where: { $0.letter == 0 }) {
      let digests = statements.letterDigests
      while try digests.step() { waiting[Array(digests.bytes(1)), default: []].append(digests.int64(0)) }
    }
    var passed: Set<Int> = []
    for replay in replays {
      let id = replay.letter > 0 ? replay.letter : waiting[replay.sha256]?.popLast() ?? 0
      let drop = statements.dropLetter
      drop.bind(1, id)
      defer { drop.reset() }
      if id > 0, try drop.step() {
        forget(hasFacts: drop.int64(0) != 0)
      } else {
        passed.formUnion(replay.calls)
      }
    }
    return passed
  }
}
