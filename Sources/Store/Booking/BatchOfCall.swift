/// Looks up the batch that a call was booked in.
final class BatchOfCall {
  private let statement: Statement
  private let path: String

  struct Found {
    /// The moment that its calls' instants are offsets from, in microseconds.
    let base: Int64
    let calls: ClosedRange<Int64>
    let seal: [UInt8]
  }

  init(_ database: Database, _ sql: NamedStatements) throws(StoreFault) {
    statement = try database.prepare(sql["base_of_call"])
    path = database.path
  }

  /// - Throws: ``StoreFault/corrupt(path:what:)`` when no batch has the call.
  func find(_ seq: Int64) throws(StoreFault) -> Found {
    statement.bind(1, seq)
    defer { statement.reset() }
    guard try statement.step(), statement.int64(2) >= seq else {
      throw .corrupt(path: path, what: "call \(seq) belongs to no batch")
    }
    return Found(
      base: statement.int64(0), calls: statement.int64(1)...statement.int64(2), seal: Array(statement.bytes(3)))
  }
}
