/// A mistake in a mapping file: where it is, and the cure.
package struct LineMappingFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let place: String
  package let kind: Kind

  package init(place: String, kind: Kind) {
    self.place = place
    self.kind = kind
  }

  package enum Kind: Hashable, Sendable {
    case unreadable(String)
    case notJSON
    case noMappings
    case tooMany(Int)
    case noName
    case twice(String)
    case noCondition
    /// All its conditions are on keys that our own lines have.
    case noSign
    case notText(String)
    case badPath(String)
    case unknownField(String, nearest: String?)
    case unknownConstant(String)
    case unknownMember(String)
    case noUsage
  }

  package var description: String { place + ": " + sentence }

  private var sentence: String {
    switch kind {
    case .unreadable(let why): "the file cannot be read: \(why). Mend it, or leave the setting mapping out."
    case .notJSON: "it is not JSON. Write one object with the member mappings."
    case .noMappings: "it has no list mappings. Write {\"mappings\":[…]}."
    case .tooMany(let max): "it has more than \(max). Part it."
    case .noName: "it has no name. Give it one: reports of faults use it."
    case .twice(let name): "\(name) is there twice. Give each mapping a name of its own."
    case .noCondition: "when names nothing. Write a key that only such lines have: \"when\":{\"kind\":\"llm_call\"}."
    case .noSign: "when names only keys that other lines have too. Add one that only such lines have."
    case .notText(let name): "\(name) is no text. Write the path of a value, its keys with dots between them."
    case .badPath(let path): "'\(path)' is no path. Write keys with dots between them, as a.b.0."
    case .unknownField(let name, let nearest):
      "\(name) is no field of a line." + (nearest.map { " Did you mean '\($0)'?" } ?? " docs/line.md names them.")
    case .unknownConstant(let name):
      "\(name) is no field that can be the same in all lines. Map it in fields, or leave it out."
    case .unknownMember(let name): "\(name) is no member of a mapping. Those are name, when, fields and constants."
    case .noUsage: "no field tells of usage. Map usage, body, a unit, status or cost."
    }
  }
}

/// Every mistake of a mapping file; none of it is used then.
package struct LineMappingFaults: Error, Sendable, CustomStringConvertible {
  package let faults: [LineMappingFault]

  package init(faults: [LineMappingFault]) { self.faults = faults }

  package var description: String { faults.map(\.description).joined(separator: "\n") }
}
