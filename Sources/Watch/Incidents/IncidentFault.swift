/// Why the incident book does not do what it was asked.
package enum IncidentFault: Error, Hashable, Sendable, CustomStringConvertible {
  case unknownIncident(String)
  /// It is pending or over.
  case notFiring(String)
  case badSilence(String)
  /// It is over, or never was.
  case unknownSilence(Int64)
  case tooManySilences(most: Int)
  /// The bytes do not begin as a snapshot does.
  case noSnapshot
  case otherVersion(UInt16, known: UInt16)
  case damaged
  case tooManyIncidents(Int, most: Int)

  private static let remedy =
    "Drop it: incidents are found again in the ledger's buckets; say again what was acknowledged or silenced."

  package var description: String {
    switch self {
    case .unknownIncident(let id): "There is no incident \(id). List those that there are."
    case .notFiring(let id): "Incident \(id) does not fire, so it can be neither acknowledged nor ended. Leave it."
    case .badSilence(let why): "The silence cannot be: \(why). Name a span, matchers, an author and a reason."
    case .unknownSilence(let id): "No silence \(id) is in force. List those that are: `tollbook alerts silences`."
    case .tooManySilences(let most):
      "There are \(most) silences, which is the most there may be. Wait until one has ended, or name a wider one."
    case .noSnapshot: "The bytes are no snapshot of incidents. " + Self.remedy
    case .otherVersion(let version, let known):
      "The snapshot of incidents is of version \(version), and this program reads version \(known). " + Self.remedy
    case .damaged: "The snapshot of incidents is damaged. " + Self.remedy
    case .tooManyIncidents(let count, let most):
      "The snapshot holds \(count) incidents, and at most \(most) are held. Raise the limit, or drop the snapshot."
    }
  }
}
