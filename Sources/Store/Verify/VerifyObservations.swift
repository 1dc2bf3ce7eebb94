import Audit

/// Judges what other observers told: each observation is of a call's first row, which bears an id of the
/// provider's and was told of by another.
enum VerifyObservations {
  static func check(_ database: Database, _ faults: inout VerifyFaults) throws(StoreFault) {
    let rows = try database.prepare(CarriedFile.query("verify-observations.sql"))
    while try rows.step() {
      let seq = rows.int64(0)
      guard !rows.isNull(2), let mark = RowKey(rows.bytes(2)).mark else {
        faults.add(.observation, "call #\(seq) was told of by another, and has no id by which it could be known")
        continue
      }
      if Int64(mark.observer) == rows.int64(1) {
        faults.add(.observation, "call #\(seq) was noted as told of by whoever it was booked from")
      }
      if !rows.isNull(3), DetailMembers(rows.text(3)).prior != nil {
        faults.add(.observation, "call #\(seq) is not the first row of its call, and was noted as told of by another")
      }
    }
  }
}
