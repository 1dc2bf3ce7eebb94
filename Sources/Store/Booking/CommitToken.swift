import CSystem

/// What each transaction leaves in the ledger, so that its commit can be recognised.
struct CommitToken {
  private let process: String
  private var count = 0
  private(set) var current = ""

  init(path: String) throws(StoreFault) {
    var random = [UInt8](repeating: 0, count: 8)
    let error = tb_random(&random, random.count)
    guard error == 0 else {
      throw .inputOutput(path: path, reason: "no random bytes: \(errorText(error))")
    }
    process = hex(random)
  }

  mutating func next() -> String {
    count += 1
    current = "\(process)-\(count)"
    return current
  }
}
