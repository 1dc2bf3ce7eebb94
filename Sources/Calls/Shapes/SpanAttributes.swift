/// The attributes of a span that mean something, by all the names they go by.
///
/// Of two names for one thing the earlier of its list holds.
struct SpanAttributes {
  typealias Value = Outline.Value

  private let outline: Outline?
  /// By attribute: its value's place in the outline, and its name's place among its names above that.
  private var places: ContiguousArray<UInt32> = []

  private static let absent = UInt32.max
  private static let placeBits: UInt32 = 24

  /// Takes attributes as OTLP lists them, `{"key":…,"value":{"intValue":"5"}}`, or as a plain object.
  init(_ attributes: Value?) {
    outline = attributes?.outline
    guard let attributes else { return }
    if attributes.isObject {
      attributes.forEachChild { keep($0.key, $0) }
      return
    }
    attributes.forEachChild { item in
      guard let key = item["key"], key.kind == .text, SpanNames.shared.meanings(of: key.bytes) != nil,
        let value = item["value"]
      else { return }
      let scalar =
        value.first("stringValue", "intValue", "doubleValue", "boolValue", "string_value", "int_value")
        ?? value.first("double_value", "bool_value")
      if let scalar { keep(key.bytes, scalar) }
    }
  }

  private mutating func keep(_ key: UnsafeBufferPointer<UInt8>, _ value: Value) {
    // Envoy writes a dash for what it does not have.
    guard let (first, other) = SpanNames.shared.meanings(of: key), !value.isText("-") else { return }
    keep(first, value)
    if let other { keep(other, value) }
  }

  private mutating func keep(_ meaning: SpanNames.Meaning, _ value: Value) {
    if places.isEmpty { places = ContiguousArray(repeating: Self.absent, count: SpanAttribute.allCases.count) }
    let attribute = Int(meaning.attribute.rawValue)
    guard UInt32(meaning.rank) < places[attribute] >> Self.placeBits else { return }
    places[attribute] = UInt32(meaning.rank) << Self.placeBits | UInt32(value.place)
  }

  /// The attribute's value, under the first of its names that is there.
  subscript(attribute: SpanAttribute) -> Value? {
    guard !places.isEmpty, let outline else { return nil }
    let packed = places[Int(attribute.rawValue)]
    guard packed != Self.absent else { return nil }
    return Value(outline: outline, place: Int(packed & (1 << Self.placeBits - 1)))
  }
}
