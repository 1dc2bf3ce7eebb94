import Calls
import Units

/// What a spend report can be broken down by.
package enum SpendKey: Hashable, Sendable {
  case team, project, user, key, environment
  case tag(String)
  case route, provider, issuer, model, operation, tier, region
  case hour, day, week, month

  /// Every key without a name of its own, in the order that help and messages list them.
  package static let plain: [SpendKey] = [
    .team, .project, .user, .key, .environment, .route, .provider, .issuer, .model, .operation,
    .tier, .region, .hour, .day, .week, .month,
  ]

  /// The name in `--by`, in JSON and in table heads.
  package var name: String {
    switch self {
    case .team: "team"
    case .project: "project"
    case .user: "user"
    case .key: "key"
    case .environment: "environment"
    case .tag(let name): "tag:\(name)"
    case .route: "route"
    case .provider: "provider"
    case .issuer: "issuer"
    case .model: "model"
    case .operation: "operation"
    case .tier: "tier"
    case .region: "region"
    case .hour: "hour"
    case .day: "day"
    case .week: "week"
    case .month: "month"
    }
  }

  package init?(name: String) {
    if name.hasPrefix("tag:"), name.utf8.count > 4 {
      self = .tag(String(name.dropFirst(4)))
    } else if let key = Self.plain.first(where: { $0.name == name }) {
      self = key
    } else {
      return nil
    }
  }

  /// Whether the key tells when, rather than who or what.
  package var isTime: Bool {
    switch self {
    case .hour, .day, .week, .month: true
    default: false
    }
  }

  /// The key's value of a subject; empty when not stated, and for the keys of time.
  package func value(of subject: Subject) -> String {
    switch self {
    case .team: subject.team
    case .project: subject.project
    case .user: subject.user
    case .key: subject.key
    case .environment: subject.environment
    case .tag(let name): Self.tag(name, in: subject.tags)
    case .route: subject.route
    case .provider: subject.provider
    case .issuer: subject.issuer
    case .model: subject.model
    case .operation: subject.operation
    case .tier: subject.tier
    case .region: subject.region
    case .hour, .day, .week, .month: ""
    }
  }

  private static func tag(_ name: String, in tags: String) -> String {
    guard !tags.isEmpty, let tree = try? JSONTree(parsing: tags) else { return "" }
    return tree[name]?.string ?? ""
  }
}
