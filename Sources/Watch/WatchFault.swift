/// Why a snapshot of the watched series cannot be used.
///
/// None of them loses anything: the detector is a function of the closed buckets, and these are in the ledger.
package enum WatchFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes do not begin as a snapshot does.
  case noSnapshot
  case otherVersion(UInt16, known: UInt16)
  /// It ends early, has more than belongs to it, or its digest is another.
  case damaged
  case tooManySeries(Int, most: Int)

  package var description: String {
    switch self {
    case .noSnapshot:
      "The bytes are no snapshot of watched series. Drop them: the series are learnt anew from the ledger's buckets."
    case .otherVersion(let version, let known):
      "The snapshot of watched series is of version \(version), and this program reads version \(known). "
        + "Drop it: the series are learnt anew from the ledger's buckets."
    case .damaged:
      "The snapshot of watched series is damaged. Drop it: the series are learnt anew from the ledger's buckets."
    case .tooManySeries(let count, let most):
      "The snapshot holds \(count) series, and at most \(most) are watched. Raise the limit, or drop the snapshot."
    }
  }
}
