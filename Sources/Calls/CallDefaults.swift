/// What a connection's hello says of all its lines: used where a line is silent.
package struct CallDefaults: Sendable {
  /// Texts by slot; only attribution, route and the like, never usage.
  let texts: [Slot: [UInt8]]

  package static let none = CallDefaults(texts: [:])

  /// The slots that a default can fill.
  static let slots: [Slot] = [
    .team, .project, .user, .key, .session, .environment, .route, .provider, .issuer, .model,
    .operation, .tier, .region,
  ]

  /// The names of those fields in a line.
  package static let names: [String] = KeyRules.all.compactMap { context, name, action in
    guard context == .top, case .slot(let slot) = action, slots.contains(slot) else { return nil }
    return name
  }

  /// The field that fills the slot.
  static func name(of slot: Slot) -> String {
    names.first { CallDefaults([$0: "x"]).texts[slot] != nil } ?? "\(slot)"
  }

  /// Defaults by their names in a line: `["team": "search"]`; unknown names are left out.
  package init(_ named: [String: String]) {
    var texts: [Slot: [UInt8]] = [:]
    for (context, name, action) in KeyRules.all where context == .top {
      if case .slot(let slot) = action, Self.slots.contains(slot), let value = named[name] {
        texts[slot] = Array(value.utf8)
      }
    }
    self.texts = texts
  }

  init(texts: [Slot: [UInt8]]) { self.texts = texts }

  /// These, and where they are silent, `others`.
  package func over(_ others: CallDefaults) -> CallDefaults {
    others.texts.isEmpty ? self : CallDefaults(texts: others.texts.merging(texts) { $1 })
  }
}
