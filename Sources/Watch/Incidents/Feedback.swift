import Units

/// What somebody says of an alert.
package enum Feedback: UInt8, CaseIterable, Sendable {
  /// It was right to tell.
  case yes
  /// It was none: it takes more to fire for a month.
  case no
  /// It was meant to be: silent for a while.
  case planned

  package var name: String {
    switch self {
    case .yes: "yes"
    case .no: "no"
    case .planned: "planned"
    }
  }

  package init?(name: String) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}

/// A level that takes more to reach, since somebody said an alert was none.
struct RaisedLevel: Hashable, Sendable {
  let factor: Double
  let until: Bucket
}
