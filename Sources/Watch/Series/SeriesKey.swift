import Calls

/// Whose spend a series is: a team's, a model's, a team's with one model.
///
/// Sums and their parts are both watched, because a spike of one part and a dip of another cancel out in the sum.
package struct SeriesKey: Hashable, Comparable, Sendable {
  /// The dimensions that are watched, and the pairs of them that say who and why.
  package enum Kind: UInt8, CaseIterable, Sendable {
    case team, project, model, provider, key, route
    case teamProject, teamModel, teamKey, projectModel, keyModel, providerModel, routeProvider

    /// The names of its dimensions.
    package var names: [String] {
      switch self {
      case .team: ["team"]
      case .project: ["project"]
      case .model: ["model"]
      case .provider: ["provider"]
      case .key: ["key"]
      case .route: ["route"]
      case .teamProject: ["team", "project"]
      case .teamModel: ["team", "model"]
      case .teamKey: ["team", "key"]
      case .projectModel: ["project", "model"]
      case .keyModel: ["key", "model"]
      case .providerModel: ["provider", "model"]
      case .routeProvider: ["route", "provider"]
      }
    }

    package var isPair: Bool { rawValue >= Kind.teamProject.rawValue }
  }

  package let kind: Kind
  package let first: String
  /// The pair's other value; empty for a single dimension.
  package let second: String

  package init(_ kind: Kind, _ first: String, _ second: String = "") {
    self.kind = kind
    self.first = first
    self.second = second
  }

  /// The series that a subject's calls belong to; dimensions that it does not state have none.
  package static func all(of subject: Subject) -> [SeriesKey] {
    Kind.allCases.compactMap { kind in
      let values = kind.names.map { subject.value(of: $0) }
      guard !values.contains("") else { return nil }
      return SeriesKey(kind, values[0], kind.isPair ? values[1] : "")
    }
  }

  /// Name and value of each dimension: what an alert is told apart by.
  package var labels: [(name: String, value: String)] {
    Array(zip(kind.names, [first, second])).map { (name: $0, value: $1) }
  }

  /// Whether this pair is a part of `whole`: a team's spend with one model is a part of the team's.
  package func isPart(of whole: SeriesKey) -> Bool {
    kind.isPair && !whole.kind.isPair
      && labels.contains { $0.name == whole.kind.names[0] && $0.value == whole.first }
  }

  package static func < (a: SeriesKey, b: SeriesKey) -> Bool {
    (a.kind.rawValue, a.first, a.second) < (b.kind.rawValue, b.first, b.second)
  }
}

extension SeriesKey: CustomStringConvertible {
  /// `team=search model=large-1`.
  package var description: String { labels.map { "\($0.name)=\($0.value)" }.joined(separator: " ") }
}

extension Subject {
  /// The value of a dimension that is watched, or that is asked who did it.
  func value(of name: String) -> String {
    switch name {
    case "team": team
    case "project": project
    case "model": model
    case "provider": provider
    case "key": key
    case "route": route
    case "user": user
    default: ""
    }
  }
}
