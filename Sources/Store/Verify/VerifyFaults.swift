import Audit

/// Gathers what a verification finds, up to a limit.
struct VerifyFaults {
  private(set) var kept: [Verification.Fault] = []
  private(set) var leftOff: Int64 = 0

  mutating func add(_ kind: Verification.Kind, batch: Int64? = nil, _ what: String) {
    if kept.count < Verification.faultsMax {
      kept.append(Verification.Fault(kind, batch: batch, what))
    } else {
      leftOff += 1
    }
  }
}
