import Units

/// Gathers the bytes of a call's subject, field after field in ``Subject``'s order.
///
/// Each field is led by its length in two bytes, so that no two subjects share a key.
struct SubjectKeyBuilder {
  /// Room for fourteen fields at their limits and sixteen escaped tags.
  static let capacity = 32_768

  private let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
  private(set) var count = 0

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: buffer, count: count) }

  mutating func begin() { count = 0 }

  func deallocate() { buffer.deallocate() }

  /// Adds a field from the line, else from the defaults, else empty.
  @inline(__always)
  mutating func add(
    _ slot: Slot, _ line: ScannedLine, _ defaults: CallDefaults, limit: Int = Limits.attributionBytes
  ) throws(Refusal) {
    let slice = line[slot]
    if slice.isText, slice.length > 0 {
      return try add(line.bytes(of: slice), slice.kind, limit: limit)
    }
    guard slice.kind == .absent || slice.kind == .null || slice.isText else { throw .wrongType }
    if !defaults.texts.isEmpty, let text = defaults.texts[slot] { return add(text) }
    addEmpty()
  }

  @inline(__always)
  mutating func add(
    _ text: UnsafeBufferPointer<UInt8>, _ kind: Slice.Kind, limit: Int
  ) throws(Refusal) {
    let length = try TextReader.append(text, kind, to: buffer + count + 2, limit: limit)
    close(length)
  }

  mutating func add(_ text: [UInt8]) {
    for (place, byte) in text.enumerated() { buffer[count + 2 + place] = byte }
    close(text.count)
  }

  mutating func add(_ text: StaticString) {
    for place in 0..<text.utf8CodeUnitCount { buffer[count + 2 + place] = text.utf8Start[place] }
    close(text.utf8CodeUnitCount)
  }

  @inline(__always) mutating func addEmpty() { close(0) }

  @inline(__always) private mutating func close(_ length: Int) {
    buffer[count] = UInt8(truncatingIfNeeded: length)
    buffer[count + 1] = UInt8(truncatingIfNeeded: length &>> 8)
    count += 2 + length
  }

  /// Adds the tags as canonical JSON: keys sorted by bytes, each once.
  ///
  /// - Throws: `duplicateKey`, `badText`, `textTooLong`.
  mutating func addTags(_ line: ScannedLine) throws(Refusal) {
    guard line.tagCount > 0 else { return addEmpty() }
    let tags = UnsafeMutableBufferPointer(start: line.tags, count: line.tagCount)
    if tags.contains(where: { $0.key.kind == .escapedText || $0.value.kind == .escapedText }) {
      return try addEscapedTags(line)
    }
    func precedes(_ a: Slice, _ b: Slice) -> Bool {
      line.bytes(of: a).lexicographicallyPrecedes(line.bytes(of: b))
    }
    for place in 1..<max(tags.count, 1) {
      var hole = place
      while hole > 0, precedes(tags[hole].key, tags[hole - 1].key) {
        tags.swapAt(hole, hole - 1)
        hole -= 1
      }
    }
    let start = count
    count += 2
    for place in 0..<tags.count {
      let (name, value) = tags[place]
      if place > 0, line.bytes(of: tags[place - 1].key).elementsEqual(line.bytes(of: name)) {
        throw .duplicateKey
      }
      put(place == 0 ? "{\"" : ",\"")
      put(line.bytes(of: name))
      put("\":\"")
      put(line.bytes(of: value))
      put("\"")
    }
    put("}")
    let length = count - start - 2
    count = start
    close(length)
  }

  private mutating func put(_ text: StaticString) {
    put(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func put(_ text: UnsafeBufferPointer<UInt8>) {
    guard let start = text.baseAddress else { return }
    (buffer + count).update(from: start, count: text.count)
    count += text.count
  }

  /// The slow way, for tags with escapes.
  private mutating func addEscapedTags(_ line: ScannedLine) throws(Refusal) {
    var tags: [(key: String, value: String)] = []
    for place in 0..<line.tagCount {
      let tag = line.tags[place]
      tags.append((try Self.string(line, tag.key), try Self.string(line, tag.value)))
    }
    tags.sort { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
    for place in 1..<max(tags.count, 1) where tags[place].key == tags[place - 1].key {
      throw .duplicateKey
    }
    let json = JSONText.object(tags.map { ($0.key, JSONText.quoted($0.value)) })
    add(Array(json.utf8))
  }

  /// A slice's text as a string; for rare fields.
  static func string(_ line: ScannedLine, _ slice: Slice, limit: Int = Limits.attributionBytes)
    throws(Refusal) -> String
  {
    let text = UnsafeMutablePointer<UInt8>.allocate(capacity: slice.length + 24)
    defer { text.deallocate() }
    let length = try TextReader.append(line.bytes(of: slice), slice.kind, to: text, limit: limit)
    return String(decoding: UnsafeBufferPointer(start: text, count: length), as: UTF8.self)
  }

  /// The subject whose key `key` is.
  static func subject(of key: UnsafeRawBufferPointer) -> Subject {
    var place = 0
    func next() -> String {
      let length = Int(key[place]) | Int(key[place + 1]) << 8
      let text = String(decoding: key[place + 2..<place + 2 + length], as: UTF8.self)
      place += 2 + length
      return text
    }
    var subject = Subject()
    subject.team = next()
    subject.project = next()
    subject.user = next()
    subject.key = next()
    subject.environment = next()
    subject.tags = next()
    subject.route = next()
    subject.provider = next()
    subject.issuer = next()
    subject.model = next()
    subject.operation = next()
    subject.tier = next()
    subject.region = next()
    subject.variant = next()
    return subject
  }
}
