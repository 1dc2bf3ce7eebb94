import Units

extension CallDecoder {
  /// The call's subject, through the table: a known one costs no string.
  mutating func subject(_ call: inout Call, _ defaults: CallDefaults) throws(Refusal) -> Int32 {
    key.begin()
    try key.add(.team, line, defaults)
    try key.add(.project, line, defaults)
    try key.add(.user, line, defaults)
    try key.add(.key, line, defaults)
    try key.add(.environment, line, defaults)
    try key.addTags(line)
    let headerNames = line.has(.headerProvider) && line[.headerProvider].isText
    if headerNames, !line.has(.route), defaults.texts[.route] == nil {
      // Only Hugging Face's router names the provider in this header.
      key.add("huggingface")
    } else {
      try key.add(.route, line, defaults)
    }
    if headerNames {
      let header = line.bytes(of: line[.headerProvider])
      if line.has(.provider), !header.elementsEqual(line.bytes(of: line[.provider])) {
        call.flags.insert(.providerDiffers)
      }
      try key.add(header, line[.headerProvider].kind, limit: Limits.attributionBytes)
    } else {
      try key.add(.provider, line, defaults)
    }
    try key.add(.issuer, line, defaults)
    try key.add(modelSlot, line, defaults, limit: Limits.modelBytes)
    try key.add(.operation, line, defaults)
    try addTier(defaults)
    try key.add(line.has(.region) ? .region : regionSlot, line, defaults)
    try addVariant()
    let bytes = key.bytes
    return subjects.index(of: bytes) { SubjectKeyBuilder.subject(of: bytes) }
  }

  private static let modelSlots: [Slot] = [.servedModel, .model, .bodyModel, .modelVersion]
  private static let tierSlots: [Slot] = [.tier, .serviceTier, .bodyTier, .usageTier]

  private var modelSlot: Slot {
    for slot in Self.modelSlots where line.has(slot) { return slot }
    return .model
  }

  /// `inference_geo`, unless it says that there is none.
  private var regionSlot: Slot {
    guard line.has(.geo) else { return .region }
    let none = line.bytes(of: line[.geo]).elementsEqual("not_available".utf8)
    return none ? .region : .geo
  }

  /// The tier that was served; `batch` and Anthropic's `speed` are tiers too.
  private mutating func addTier(_ defaults: CallDefaults) throws(Refusal) {
    if line[.speed].kind == .text, line.bytes(of: line[.speed]).elementsEqual("fast".utf8) {
      return key.add("fast")
    }
    if line[.batch].kind == .yes { return key.add("batch") }
    var tier = Slot.tier
    for slot in Self.tierSlots where line.has(slot) {
      tier = slot
      break
    }
    // "auto" is what was asked for, never what was served.
    if line[tier].kind == .text, line.bytes(of: line[tier]).elementsEqual("auto".utf8) {
      return key.addEmpty()
    }
    try key.add(tier, line, defaults)
  }

  /// What else prices media, sorted by name: `quality=high;size=1024x1024`.
  private mutating func addVariant() throws(Refusal) {
    guard line.has(.hardware) || line.has(.quality) || line.has(.resolution) || line.has(.size) else {
      return key.addEmpty()
    }
    var pairs: [String] = []
    for (name, slot) in [
      ("hardware", Slot.hardware), ("quality", .quality), ("resolution", .resolution),
      ("size", .size),
    ] where line.has(slot) {
      guard line[slot].isText else { throw .wrongType }
      let value = try SubjectKeyBuilder.string(line, line[slot])
      pairs.append("\(name)=\(value.replacing(";", with: ","))")
    }
    key.add(Array(pairs.joined(separator: ";").utf8))
  }
}
