import Units

/// The first line of acknowledged mode.
package struct Hello: Sendable {
  package let client: String
  package let epoch: Int64
  /// The client waits for acknowledgements.
  package let acknowledged: Bool
  package let defaults: CallDefaults
}

extension CallDecoder {
  /// The hello of acknowledged mode.
  func hello() throws(Refusal) -> Hello {
    guard line[.helloVersion].kind == .number,
      (try? CountText.whole(line.bytes(of: line[.helloVersion]))) == 1,
      line[.helloClient].isText, line[.helloClient].length > 0
    else { throw .badHello }
    guard let client = try? SubjectKeyBuilder.string(line, line[.helloClient]) else { throw .badHello }
    var epoch: Int64 = 0
    if line.has(.helloEpoch) {
      guard line[.helloEpoch].kind == .number,
        let stated = Int64(String(decoding: line.bytes(of: line[.helloEpoch]), as: UTF8.self)),
        stated >= 0
      else { throw .badHello }
      epoch = stated
    }
    var texts: [Slot: [UInt8]] = [:]
    for slot in CallDefaults.slots where line[slot].isText && line[slot].length > 0 {
      let limit = slot == .model ? Limits.modelBytes : Limits.attributionBytes
      texts[slot] = Array(try SubjectKeyBuilder.string(line, line[slot], limit: limit).utf8)
    }
    let acknowledged: Bool
    switch line[.helloAck].kind {
    case .absent, .null, .yes: acknowledged = true
    case .no: acknowledged = false
    default: throw .badHello
    }
    return Hello(
      client: client, epoch: epoch, acknowledged: acknowledged, defaults: CallDefaults(texts: texts))
  }
}
