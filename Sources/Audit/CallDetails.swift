import Calls
import Units

/// What few calls have: other meters, status, flags, the row they add to.
package struct CallDetails: Sendable {
  /// The details as the ledger holds them; empty for none.
  package let text: String
  /// The meters that have no column of their own.
  package private(set) var usage = Usage()
  /// The row that this one adds to: an earlier line of the same stream.
  package private(set) var prior: Int64?
  package private(set) var status: Int64?
  package private(set) var session: String?
  /// Dollars that the provider stated, as it wrote them.
  package private(set) var stated: String?
  /// Names of ``CallFlags``.
  package private(set) var flags: [String] = []
  /// Members of the usage that no meter holds.
  package private(set) var unknown: [String] = []
  /// Used meters that the card has no rate for.
  package private(set) var missing: [String] = []
  /// Code of an ``UnpricedReason`` that the dimension does not tell.
  package private(set) var unpriced: String?

  /// Reads the JSON text of a call's details; a member of a later version is passed over.
  package init(_ text: String) {
    self.text = text
    guard !text.isEmpty, let tree = try? JSONTree(parsing: text) else { return }
    for member in tree.members ?? [] {
      switch member.name {
      case "prior": prior = member.value.integer
      case "status": status = member.value.integer
      case "session": session = member.value.string
      case "stated": stated = member.value.string
      case "flags": flags = (member.value.elements ?? []).compactMap(\.string)
      case "unknown": unknown = (member.value.elements ?? []).compactMap(\.string)
      case "missing": missing = (member.value.elements ?? []).compactMap(\.string)
      case "unpriced": unpriced = member.value.string
      default:
        if let meter = Meter(name: member.name), let quantity = member.value.integer {
          usage[meter] = quantity
        }
      }
    }
  }
}

extension JSONTree {
  fileprivate var integer: Int64? { if case .number(let text) = value { Int64(text) } else { nil } }
}
