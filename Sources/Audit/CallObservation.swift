import Units

/// Another observer's word of a call that is booked: what `calls` shows of it.
package struct CallObservation: Hashable, Sendable {
  /// The sender's client; empty in plain mode.
  package let client: String
  /// The shape of its line; empty for a line of our own.
  package let shape: String
  /// Digest of its own id for the call, in hexadecimal; nil for none.
  package let id: String?
  package let kind: Kind
  package let noted: Timestamp

  /// How it agrees with what was booked.
  package enum Kind: Int64, CaseIterable, Hashable, Sendable {
    case same = 0, withoutUsage, less, more

    /// The word for it in JSON.
    package var name: String {
      switch self {
      case .same: "same"
      case .withoutUsage: "without_usage"
      case .less: "less"
      case .more: "more"
      }
    }

    /// What it told, in words.
    package var explanation: String {
      switch self {
      case .same: "the same usage"
      case .withoutUsage: "no usage"
      case .less: "less of the stream"
      case .more: "more usage, which is booked as a row of the call"
      }
    }
  }

  package init(client: String, shape: String, id: String?, kind: Kind, noted: Timestamp) {
    self.client = client
    self.shape = shape
    self.id = id
    self.kind = kind
    self.noted = noted
  }

  /// Who told of it, in words.
  package var observer: String {
    let client = client.isEmpty ? "a sender without a name" : "the client '\(client)'"
    return shape.isEmpty ? client : client + ", by a line of the shape \(shape)"
  }

  var json: String {
    JSONText.object([
      ("client", client.isEmpty ? "null" : JSONText.quoted(client)),
      ("shape", shape.isEmpty ? "null" : JSONText.quoted(shape)), ("id_digest", JSONText.optional(id)),
      ("usage", JSONText.quoted(kind.name)), ("noted_at", JSONText.quoted("\(noted)")),
    ])
  }
}
