import Calls
import Units

/// What must hold of a call for a card to apply; an absent condition holds always, and all compose.
package struct Conditions: Hashable, Sendable {
  /// Name and wanted value.
  ///
  /// Names: ``names``.
  package let wanted: [String: String]
  /// The hours in which the card's price holds; nil for all.
  package let window: TimeWindow?

  package static let names = ["tier", "region", "resolution", "size", "quality", "hardware"]
  /// Members of `when` that make the ``window``.
  static let windowNames = ["hours", "weekdays", "zone"]

  /// `hours=16:30-00:30;tier=flex;zone=UTC`; empty for none.
  package let text: String

  package init(_ wanted: [String: String] = [:], window: TimeWindow? = nil) {
    self.wanted = wanted
    self.window = window
    let parts = wanted.map { "\($0.key)=\($0.value)" } + (window?.text.split(separator: ";").map(String.init) ?? [])
    text = parts.sorted().joined(separator: ";")
  }

  package var isEmpty: Bool { wanted.isEmpty && window == nil }

  /// How many conditions there are; the hours count as one.
  package var count: Int { wanted.count + (window == nil ? 0 : 1) }

  /// Whether all conditions but the hours hold of `subject`.
  package func hold(of subject: Subject) -> Bool {
    wanted.allSatisfy { name, value in
      switch name {
      case "tier": subject.tier == value
      case "region": subject.region == value
      default: subject.variant.split(separator: ";").contains { $0 == "\(name)=\(value)" }
      }
    }
  }

  /// Whether a call can meet both.
  func meets(_ other: Conditions) -> Bool {
    guard wanted.allSatisfy({ other.wanted[$0.key].map { [own = $0.value] in $0 == own } ?? true }) else {
      return false
    }
    // Two words for one thing: a call of one size has not another's resolution.
    if wanted["size"] != nil, wanted["resolution"] == nil, other.wanted["resolution"] != nil { return false }
    if other.wanted["size"] != nil, other.wanted["resolution"] == nil, wanted["resolution"] != nil { return false }
    guard let window, let others = other.window else { return true }
    return window.meets(others)
  }

  /// Whether whatever meets these meets the other too.
  func implies(_ other: Conditions) -> Bool {
    other.wanted.allSatisfy { wanted[$0.key] == $0.value } && (other.window == nil || other.window == window)
  }

  /// Both together.
  func and(_ other: Conditions) -> Conditions {
    Conditions(wanted.merging(other.wanted) { own, _ in own }, window: window ?? other.window)
  }
}
