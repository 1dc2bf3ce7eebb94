import Audit
import Calls
import Units

extension LedgerReader {
  /// Who else told of the call that begins with a row.
  func observations(of seq: Int64) throws(StoreFault) -> [CallObservation] {
    let query = try query("observations")
    query.bind(":seq", seq)
    var observations: [CallObservation] = []
    while try query.step() {
      guard let kind = CallObservation.Kind(rawValue: query.int64(3)) else {
        throw .corrupt(path: database.path, what: "an observation of call \(seq) is of no known kind")
      }
      let shape = UInt16(exactly: query.int64(1)) ?? 0
      observations.append(
        CallObservation(
          client: query.text(0), shape: shape == 0 ? "" : Shapes.name(of: shape) ?? "unknown",
          id: query.optionalText(2), kind: kind, noted: query.timestamp(4)))
    }
    return observations
  }

  /// The first call that another told of under an id of its own; nil when there is none.
  func call(observedAs key: [UInt8]) throws(StoreFault) -> Int64? {
    let query = try query("observed-by-key")
    query.bind(":key", blob: key)
    defer { query.reset() }
    return try query.step() ? query.int64(0) : nil
  }
}
