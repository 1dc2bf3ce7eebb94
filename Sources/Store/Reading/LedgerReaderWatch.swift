import Units
import Watch

extension LedgerReader {
  /// What the watch has kept; no parts when nothing was kept yet.
  package func watchParts() throws(StoreFault) -> [BucketWatch.Part] {
    let query = try query("watch-state")
    defer { query.reset() }
    var parts: [BucketWatch.Part] = []
    while try query.step() { parts.append(BucketWatch.Part(name: query.text(0), body: Array(query.bytes(2)))) }
    return parts
  }

  /// The last bucket that the watch has closed; nil when it has closed none.
  package func watchedBucket() throws(StoreFault) -> Bucket? {
    let query = try query("watch-state")
    defer { query.reset() }
    var last: Bucket?
    while try query.step() {
      let bucket = Bucket(number: Int32(clamping: query.int64(1)))
      last = max(last ?? bucket, bucket)
    }
    return last
  }

  /// Numbered senders: who sent from an instant on, and how many numbers each client has skipped in all its epochs.
  package func senders(since instant: Timestamp) throws(StoreFault) -> (heard: Set<String>, skipped: [String: Int64]) {
    let query = try query("marks")
    defer { query.reset() }
    var heard: Set<String> = []
    var skipped: [String: Int64] = [:]
    while try query.step() {
      let client = query.text(0)
      let (sum, overflow) = skipped[client, default: 0].addingReportingOverflow(query.int64(3))
      skipped[client] = overflow ? .max : sum
      if query.timestamp(5) >= instant { heard.insert(client) }
    }
    return (heard, skipped)
  }
}
