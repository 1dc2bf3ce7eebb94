extension Outline {
  /// A value of an outline; what it does not have comes out as nil.
  struct Value {
    let outline: Outline
    let place: Int

    private var node: Node { outline.nodes[place] }
    var kind: Kind { node.kind }
    var isText: Bool { kind == .text || kind == .escapedText }
    var isObject: Bool { kind == .object }
    var isList: Bool { kind == .list }

    /// The value's bytes in the line; a text's are without its quotes and with its escapes.
    var bytes: UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(start: outline.base + Int(node.slice.offset), count: node.slice.length)
    }

    /// The bytes of the value's key.
    var key: UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(start: outline.base + Int(node.key.offset), count: node.key.length)
    }

    /// The member of that name, unless it is null.
    subscript(name: StaticString) -> Value? {
      guard isObject else { return nil }
      var child = place + 1
      let end = Int(node.next)
      while child < end {
        let other = outline.nodes[child]
        if other.key.length == name.utf8CodeUnitCount, other.kind != .null,
          UnsafeBufferPointer(start: outline.base + Int(other.key.offset), count: other.key.length)
            .elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        {
          return Value(outline: outline, place: child)
        }
        child = Int(other.next)
      }
      return nil
    }

    /// The members of an object, or the items of a list, in their order.
    var children: [Value] {
      guard isObject || isList else { return [] }
      var found: [Value] = []
      var child = place + 1
      while child < Int(node.next) {
        found.append(Value(outline: outline, place: child))
        child = Int(outline.nodes[child].next)
      }
      return found
    }

    /// Gives each member of an object, or item of a list, to `body`.
    func forEachChild(_ body: (Value) -> Void) {
      guard isObject || isList else { return }
      var child = place + 1
      let end = Int(node.next)
      while child < end {
        body(Value(outline: outline, place: child))
        child = Int(outline.nodes[child].next)
      }
    }

    /// The first of the members of these names that is there.
    func first(_ names: StaticString...) -> Value? {
      for name in names { if let value = self[name] { return value } }
      return nil
    }

    /// Whether the text is that one.
    func isText(_ text: StaticString) -> Bool {
      kind == .text
        && bytes.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Whether the text is any of those.
    func isAny(_ texts: StaticString...) -> Bool { texts.contains { isText($0) } }

    /// A name's text where it is plain and short; nil for all else.
    var word: String? {
      guard kind == .text, bytes.count <= Limits.modelBytes, !bytes.isEmpty else { return nil }
      return String(decoding: bytes, as: UTF8.self)
    }

    /// A text that says something, or a number.
    var stated: Value? { (isText && !bytes.isEmpty) || kind == .number ? self : nil }

    /// A whole number, nought or more; nil for all else.
    var count: Int64? {
      guard kind == .number || kind == .text else { return nil }
      return try? CountText.whole(bytes)
    }

    /// A number as parts of so many decimals, rounded half to even; nil for all else.
    func parts(decimals: Int) -> Int64? {
      guard kind == .number || kind == .text else { return nil }
      return try? CountText.parts(bytes, decimals: decimals, fractionIsRounded: true)
    }
  }
}
