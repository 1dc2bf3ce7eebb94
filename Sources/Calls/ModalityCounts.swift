import CScan

/// Tokens by modality, as Gemini lists them.
struct ModalityCounts {
  struct Side {
    var audio: Int64 = 0
    var image: Int64 = 0
    var video: Int64 = 0

    mutating func add(_ tokens: Int64, modality: UnsafeBufferPointer<UInt8>) {
      if modality.elementsEqual("AUDIO".utf8) {
        audio += tokens
      } else if modality.elementsEqual("IMAGE".utf8) {
        image += tokens
      } else if modality.elementsEqual("VIDEO".utf8) {
        video += tokens
      }
    }
  }

  var prompt = Side()
  var cached = Side()
  var answer = Side()
}

extension LineScanner {
  /// Walks a list of `{modality, tokenCount}` and adds its counts to one side.
  mutating func modalityList(
    depth: Int, _ side: WritableKeyPath<ModalityCounts, ModalityCounts.Side>
  ) throws(Refusal) {
    try list { (scanner: inout LineScanner) throws(Refusal) in
      guard try scanner.next() == UInt8(ascii: "{") else { throw .wrongType }
      var modality = Slice.absent
      var count = Slice.absent
      scanner.p += 1
      scanner.skipSpace()
      while try scanner.next() == UInt8(ascii: "\"") {
        let key = try scanner.text()
        scanner.skipSpace()
        guard try scanner.next() == UInt8(ascii: ":") else { throw .badJSON }
        scanner.p += 1
        scanner.skipSpace()
        let name = scanner.line.bytes(of: key)
        if name.elementsEqual("modality".utf8) {
          modality = try scanner.scalar(depth: depth)
        } else if name.elementsEqual("tokenCount".utf8) || name.elementsEqual("token_count".utf8) {
          count = try scanner.scalar(depth: depth)
        } else {
          try scanner.skipValue(depth: depth + 2)
        }
        scanner.skipSpace()
        guard try scanner.next() == UInt8(ascii: ",") else { break }
        scanner.p += 1
        scanner.skipSpace()
      }
      guard try scanner.next() == UInt8(ascii: "}") else { throw .badJSON }
      scanner.p += 1
      guard count.kind == .number else { return }
      let tokens = try CountText.whole(scanner.line.bytes(of: count))
      scanner.line.modalities[keyPath: side].add(tokens, modality: scanner.line.bytes(of: modality))
    }
  }
}
