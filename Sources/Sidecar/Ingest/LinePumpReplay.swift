import Books
import Calls
import Units

/// Lines that were refused once, sent again after a fix: each settles its dead letter, and none is a new one.
extension LinePump {
  /// Takes a line of a replay.
  ///
  /// It is booked in the transaction that drops its letter, and not at all when there is none: see
  /// ``BookBatch/Replay``. What is refused again leaves everything as it is.
  mutating func replay(
    _ line: UnsafeBufferPointer<UInt8>, from source: Source, at arrival: Timestamp, number: Int64?
  ) -> Outcome {
    let first = batch.calls.count
    decoder.joinsMessages = false
    defer { decoder.joinsMessages = true }
    let other = decoder.decode(line, arrival: arrival, defaults: source.defaults, into: &call)
    let letter = decoder.letter ?? 0
    var outcome: Outcome
    switch other {
    case .refused(let reason):
      // A line that only names a letter lets go of it.
      guard letter > 0, reason == .noUsage else { return refuseAgain(reason, source, number) }
      outcome = settled(source, number) ? .passedOver : .replayed
    case .ignored where decoder.event != nil: return refuseAgain(.streamUnknown, source, number)
    default:
      outcome = take(other, line, from: source, at: arrival, number: number)
      if decoder.hasMore { outcome = takeRest(line, after: outcome, from: source, at: arrival) }
    }
    switch outcome {
    case .taken, .ignored, .passedOver:
      batch.replays.append(
        BookBatch.Replay(letter: letter, sha256: Self.digest(of: line), calls: first..<batch.calls.count))
    default: break
    }
    return outcome
  }

  private mutating func refuseAgain(_ reason: Refusal, _ source: Source, _ number: Int64?) -> Outcome {
    settled(source, number) ? .refused(reason) : .replayed
  }

  /// Settles a line without a call, where its source numbers it; false when it was taken before.
  private mutating func settled(_ source: Source, _ number: Int64?) -> Bool {
    guard source.sender >= 0 else { return true }
    guard settle(number ?? source.lastNumber + 1, of: source) else { return false }
    lines += 1
    return true
  }
}
