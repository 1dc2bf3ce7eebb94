import CScan

/// The grammar of values: texts, numbers, words, and whatever is skipped.
extension LineScanner {
  /// The text at `p`, which is a quote; without its quotes.
  @inline(__always)
  mutating func text() throws(Refusal) -> Slice {
    p += 1
    let start = p
    var escaped = false
    while true {
      guard p < end else { throw .torn }
      let found = tb_scan_string16(p)
      let rest = end - p
      if found.stop == 0 {
        high |= rest < 16 ? found.high & ((1 &<< UInt32(rest)) &- 1) : found.high
        p += 16
        continue
      }
      let skip = found.stop.trailingZeroBitCount
      guard skip < rest else { throw .torn }
      high |= found.high & ((1 &<< UInt32(skip)) &- 1)
      p += skip
      switch p.pointee {
      case UInt8(ascii: "\""):
        let slice = Slice(
          offset: start - base, length: p - start, kind: escaped ? .escapedText : .text)
        p += 1
        return slice
      case UInt8(ascii: "\\"):
        escaped = true
        try skipEscape()
      default: throw .badJSON
      }
    }
  }

  private mutating func skipEscape() throws(Refusal) {
    p += 1
    switch try next() {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      p += 1
    case UInt8(ascii: "u"):
      p += 1
      for _ in 0..<4 {
        guard hexValue(try next()) != nil else { throw .badJSON }
        p += 1
      }
    default: throw .badJSON
    }
  }

  /// The value at `p` when it is no object and no list; those are walked and come out as absent.
  @inline(__always)
  mutating func scalar(depth: Int) throws(Refusal) -> Slice {
    let byte = try next()
    switch byte {
    case UInt8(ascii: "\""): return try text()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "t"): return try word("true", .yes)
    case UInt8(ascii: "f"): return try word("false", .no)
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      try skipValue(depth: depth + 1)
      return .absent
    default: throw .badJSON
    }
  }

  private mutating func word(_ text: StaticString, _ kind: Slice.Kind) throws(Refusal) -> Slice {
    let start = p
    for place in 0..<text.utf8CodeUnitCount {
      guard try next() == text.utf8Start[place] else { throw .badJSON }
      p += 1
    }
    return Slice(offset: start - base, length: p - start, kind: kind)
  }

  /// A number of RFC 8259's grammar.
  @inline(__always)
  private mutating func number() throws(Refusal) -> Slice {
    let start = p
    if p.pointee == UInt8(ascii: "-") { p += 1 }
    let first = try next()
    guard first &- 48 < 10 else { throw .badJSON }
    if first == 48 { p += 1 } else { skipDigits() }
    if p < end, p.pointee == UInt8(ascii: ".") {
      p += 1
      guard try next() &- 48 < 10 else { throw .badJSON }
      skipDigits()
    }
    if p < end, p.pointee | 0x20 == UInt8(ascii: "e") {
      p += 1
      let sign = try next()
      if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { p += 1 }
      guard try next() &- 48 < 10 else { throw .badJSON }
      skipDigits()
    }
    return Slice(offset: start - base, length: p - start, kind: .number)
  }

  @inline(__always) private mutating func skipDigits() {
    while p < end, p.pointee &- 48 < 10 { p += 1 }
  }

  /// Walks any value without keeping it.
  mutating func skipValue(depth: Int) throws(Refusal) {
    switch try next() {
    case UInt8(ascii: "{"):
      guard depth <= Limits.depth else { throw .tooDeep }
      p += 1
      skipSpace()
      if try next() == UInt8(ascii: "}") {
        p += 1
        return
      }
      while true {
        skipSpace()
        guard try next() == UInt8(ascii: "\"") else { throw .badJSON }
        _ = try text()
        skipSpace()
        guard try next() == UInt8(ascii: ":") else { throw .badJSON }
        p += 1
        skipSpace()
        try skipValue(depth: depth + 1)
        skipSpace()
        let byte = try next()
        p += 1
        if byte == UInt8(ascii: "}") { return }
        guard byte == UInt8(ascii: ",") else { throw .badJSON }
      }
    case UInt8(ascii: "["):
      guard depth <= Limits.depth else { throw .tooDeep }
      try list { (scanner: inout LineScanner) throws(Refusal) in
        try scanner.skipValue(depth: depth + 1)
      }
    default: _ = try scalar(depth: depth)
    }
  }
}

/// The value of a hexadecimal digit.
@inline(__always) func hexValue(_ byte: UInt8) -> UInt32? {
  switch byte {
  case 48...57: UInt32(byte - 48)
  case 65...70: UInt32(byte - 55)
  case 97...102: UInt32(byte - 87)
  default: nil
  }
}

/// Whether the bytes are well-formed UTF-8.
func isUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  (try? UTF8Span(validating: bytes.span)) != nil
}
