import Units

/// Events of a stream of messages that hang on those before them.
package enum MessageEvent: Hashable, Sendable {
  /// The call's input, and its id: it is a call.
  case start
  /// The call's counts up to now, without an id.
  case delta
  case stop
}

extension CallDecoder {
  /// Which event of a stream the scanned line is, as far as it hangs on others.
  var messageEvent: MessageEvent? {
    guard line[.type].kind == .text else { return nil }
    let type = line.bytes(of: line[.type])
    guard type.starts(with: "message_".utf8) else { return nil }
    if type.elementsEqual("message_start".utf8) { return .start }
    if type.elementsEqual("message_delta".utf8) { return .delta }
    return type.elementsEqual("message_stop".utf8) ? .stop : nil
  }

  /// Whether the event states counts.
  package var eventHasUsage: Bool { line.sawUsage }

  /// The digest of the id that stands beside the event, of its message or its sender's own; 0 for none.
  package var eventID: UInt64 {
    guard line[.id].kind == .text, line[.id].length > 0 else { return 0 }
    return Digest64.of(UnsafeRawBufferPointer(line.bytes(of: line[.id])))
  }

  /// The line of our own that the start of a stream was made to.
  ///
  /// To be kept for ``decode(_:joining:arrival:defaults:into:)``.
  package var startLine: ContiguousArray<UInt8> {
    guard let range = unfolding.lines.ranges.first else { return [] }
    return ContiguousArray(unfolding.lines.bytes[range])
  }

  /// Decodes the delta of a stream whose start is known, as the call that it makes of it.
  ///
  /// `start` is what ``startLine`` gave, with 16 bytes behind it that may be read.
  package mutating func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, joining start: ContiguousArray<UInt8>, arrival: Timestamp,
    defaults: CallDefaults, into call: inout Call
  ) -> NoCall? {
    guard let base = bytes.baseAddress, start.count > 16 else { return .ignored(.streamPart) }
    unfolding.lines.removeAll()
    unfolding.taken = 0
    do throws(Refusal) {
      try start.withUnsafeBufferPointer { (kept) throws(Refusal) in
        guard let place = kept.baseAddress else { return }
        let opened = Outline()
        try opened.read(place, count: kept.count - 16, by: &scanner)
        try unfolding.outline.read(base, count: bytes.count, by: &scanner)
        MessageStart.join(unfolding.outline.root, to: opened.root, into: &unfolding.lines)
      }
    } catch {
      return .refused(error)
    }
    unfolding.isOpen = true
    unfolding.shape = Shapes.number(of: MessageStart.self)
    return decodeNext(arrival: arrival, defaults: defaults, into: &call)
  }
}
