import Units

extension Silence {
  /// One label's condition.
  package struct Matcher: Hashable, Sendable {
    /// How the value is compared.
    package enum Form: UInt8, CaseIterable, Sendable {
      case equals, differs, begins

      /// As acts and the ledger have it.
      package var name: String {
        switch self {
        case .equals: "equals"
        case .differs: "differs"
        case .begins: "begins"
        }
      }

      /// As people write it, between name and value.
      package var sign: String {
        switch self {
        case .equals: "="
        case .differs: "!="
        case .begins: "^="
        }
      }
    }

    /// What labels of incidents are called; `rule` stands for the incident's rule.
    package static let names = [
      "rule", "team", "project", "model", "provider", "key", "route", "client", "budget", "percent", "period",
    ]

    /// One of ``names``.
    package let name: String
    package let form: Form
    package let value: String

    package init(_ name: String, _ form: Form = .equals, _ value: String) {
      self.name = name
      self.form = form
      self.value = value
    }

    /// Reads `team=search`, `model!=large` or `key^=svc-`.
    ///
    /// - Throws: ``IncidentFault/badSilence(_:)`` for another text, and for a name that no incident has: with `!=` such
    ///   a one would silence everything.
    package init(_ text: String) throws(IncidentFault) {
      let bytes = text.utf8
      guard let sign = bytes.firstIndex(of: UInt8(ascii: "=")), sign > bytes.startIndex else {
        throw .badSilence("'\(text)' is no matcher: team=search, model!=large and key^=svc- are")
      }
      let before = bytes.index(before: sign)
      let form: Form =
        switch bytes[before] {
        case UInt8(ascii: "!"): .differs
        case UInt8(ascii: "^"): .begins
        default: .equals
        }
      let name = String(text[..<(form == .equals ? sign : before)])
      self.init(name, form, String(text[bytes.index(after: sign)...]))
      try check()
    }

    /// Refuses what no incident could be told by.
    func check() throws(IncidentFault) {
      guard Self.names.contains(name) else {
        let near = Units.nearest(to: name, in: Self.names)
        throw .badSilence("no incident has a label '\(name)'" + (near.map { " (did you mean '\($0)'?)" } ?? ""))
      }
      guard form != .begins || !value.isEmpty else { throw .badSilence("every \(name) begins with nothing") }
    }

    /// A label that is not there counts as empty.
    func matches(_ found: String?) -> Bool {
      let found = found ?? ""
      return switch form {
      case .equals: found == value
      case .differs: found != value
      case .begins: found.hasPrefix(value)
      }
    }
  }
}

extension Silence.Matcher: CustomStringConvertible {
  /// As it is written: `key^=svc-`.
  package var description: String { name + form.sign + value }
}

// MARK: - JSON

extension Silence.Matcher {
  /// `[{"name","form","value"},…]`.
  package static func json(_ matchers: [Silence.Matcher]) -> String {
    JSONText.array(
      matchers.map {
        JSONText.object([
          ("name", JSONText.quoted($0.name)), ("form", JSONText.quoted($0.form.name)),
          ("value", JSONText.quoted($0.value)),
        ])
      })
  }

  /// Reads such a list, where a form that is missing is `equals`; nil for anything else.
  package static func list(_ tree: JSONTree?) -> [Silence.Matcher]? {
    var matchers: [Silence.Matcher] = []
    for element in tree?.elements ?? [] {
      guard let name = element["name"]?.string, let value = element["value"]?.string,
        let form = Form.allCases.first(where: { $0.name == element["form"].map { $0.string ?? "" } ?? "equals" })
      else { return nil }
      matchers.append(Silence.Matcher(name, form, value))
    }
    return tree?.elements == nil ? nil : matchers
  }
}
