import Units

/// Reads a mapping file and gathers its mistakes.
struct LineMappingReader {
  let file: String
  private(set) var faults: [LineMappingFault] = []

  init(file: String) { self.file = file }

  mutating func read(_ text: String) -> [LineMapping] {
    let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: 16)
    let line = ScannedLine()
    defer { line.deallocate() }
    var scanner = LineScanner(into: line, keys: .shared)
    let outline = Outline()
    return bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return [] }
      do throws(Refusal) {
        try outline.read(start, count: bytes.count - 16, by: &scanner)
      } catch {
        add(.notJSON, file)
        return []
      }
      guard let list = outline.root["mappings"], list.isList else {
        add(.noMappings, file)
        return []
      }
      if list.children.count > LineMapping.mappingsMax { add(.tooMany(LineMapping.mappingsMax), file) }
      var mappings: [LineMapping] = []
      for (place, item) in list.children.prefix(LineMapping.mappingsMax).enumerated() {
        mappings.append(mapping(item, place: place, among: mappings))
      }
      return mappings
    }
  }

  private mutating func mapping(
    _ item: Outline.Value, place: Int, among others: [LineMapping]
  ) -> LineMapping {
    let name = item["name"]?.word ?? ""
    let spot = "\(file): " + (name.isEmpty ? "mapping \(place + 1)" : name)
    if name.isEmpty { add(.noName, spot) }
    if others.contains(where: { $0.name == name && !name.isEmpty }) { add(.twice(name), spot) }
    for member in item.children {
      let key = String(decoding: member.key, as: UTF8.self)
      if !["name", "when", "fields", "constants"].contains(key) { add(.unknownMember(key), spot) }
    }
    let conditions = conditions(item["when"], spot)
    let fields = fields(item["fields"], spot)
    let constants = constants(item["constants"], spot)
    let told: Set = ["usage", "body", "units", "status", "cost"]
    if !fields.contains(where: { told.contains($0.field[0]) }), !constants.contains(where: { $0.field == "status" }) {
      add(.noUsage, spot)
    }
    return LineMapping(name: name, conditions: conditions, fields: fields, constants: constants)
  }

  private mutating func conditions(_ when: Outline.Value?, _ spot: String) -> [LineMapping.Condition] {
    var conditions: [LineMapping.Condition] = []
    for member in when?.children ?? [] {
      guard let path = path(String(decoding: member.key, as: UTF8.self), spot) else { continue }
      // `true` asks for any value.
      if member.kind == .yes {
        conditions.append(LineMapping.Condition(path: path, text: nil))
      } else if let word = member.word {
        conditions.append(LineMapping.Condition(path: path, text: word))
      } else {
        add(.notText("when." + path.words.joined(separator: ".")), spot)
      }
    }
    if conditions.isEmpty {
      add(.noCondition, spot)
    } else if !conditions.contains(where: { isSign($0.path.words[0]) }) {
      add(.noSign, spot)
    }
    return conditions
  }

  /// Whether no line of our own has the key at its top.
  private func isSign(_ key: String) -> Bool {
    !KeyRules.all.contains { rule in
      guard rule.context == .top, rule.name == key else { return false }
      if case .sign = rule.action { return false }
      return true
    }
  }

  private mutating func fields(
    _ object: Outline.Value?, _ spot: String
  ) -> [(field: [String], path: ValuePath)] {
    let members = object?.children ?? []
    if members.count > LineMapping.fieldsMax { add(.tooMany(LineMapping.fieldsMax), spot) }
    return members.prefix(LineMapping.fieldsMax).compactMap { member in
      let name = String(decoding: member.key, as: UTF8.self)
      let words = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard LineMappings.isField(words) else {
        add(.unknownField(name, nearest: nearest(to: name, in: LineMappings.plain)), spot)
        return nil
      }
      guard let text = member.word else {
        add(.notText("fields." + name), spot)
        return nil
      }
      return path(text, spot).map { (words, $0) }
    }
  }

  private mutating func constants(_ object: Outline.Value?, _ spot: String) -> [(field: String, text: String)] {
    (object?.children ?? []).compactMap { member in
      let name = String(decoding: member.key, as: UTF8.self)
      guard CallDefaults.names.contains(name) || ["dialect", "status"].contains(name) else {
        add(.unknownConstant(name), spot)
        return nil
      }
      guard let text = member.word else {
        add(.notText("constants." + name), spot)
        return nil
      }
      return (name, text)
    }
  }

  private mutating func path(_ text: String, _ spot: String) -> ValuePath? {
    if let path = ValuePath(text) { return path }
    add(.badPath(text), spot)
    return nil
  }

  private mutating func add(_ kind: LineMappingFault.Kind, _ place: String) {
    faults.append(LineMappingFault(place: place, kind: kind))
  }
}
