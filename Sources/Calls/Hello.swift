import Units

/// The first line of acknowledged mode.
package struct Hello: Sendable {
  package let client: String
  package let epoch: Int64
  /// The client waits for acknowledgements.
  package let acknowledged: Bool
  /// Each line is led by its number, and is otherwise taken as it stands.
  package let isNumbered: Bool
  /// The lines were refused before, and settle their dead letters.
  package let isReplay: Bool
  package let defaults: CallDefaults
}

extension CallDecoder {
  /// The hello of acknowledged mode.
  func hello() throws(HelloFault) -> Hello {
    guard line[.helloVersion].kind == .number,
      (try? CountText.whole(line.bytes(of: line[.helloVersion]))) == 1
    else { throw .version }
    guard line[.helloClient].isText, line[.helloClient].length > 0,
      let client = try? SubjectKeyBuilder.string(line, line[.helloClient])
    else { throw .client }
    var epoch: Int64 = 0
    if line.has(.helloEpoch) {
      guard line[.helloEpoch].kind == .number,
        let stated = Int64(String(decoding: line.bytes(of: line[.helloEpoch]), as: UTF8.self)),
        stated >= 0
      else { throw .epoch }
      epoch = stated
    }
    let acknowledged: Bool
    switch line[.helloAck].kind {
    case .absent, .null, .yes: acknowledged = true
    case .no: acknowledged = false
    default: throw .acknowledged
    }
    return Hello(
      client: client, epoch: epoch, acknowledged: acknowledged,
      isNumbered: try isNumbered(acknowledged: acknowledged), isReplay: line[.helloReplay].kind == .yes,
      defaults: CallDefaults(texts: try defaults()))
  }

  /// Whether the hello asks for numbers in front of the lines.
  private func isNumbered(acknowledged: Bool) throws(HelloFault) -> Bool {
    guard line.has(.helloFraming) else { return false }
    guard line[.helloFraming].kind == .text, acknowledged,
      line.bytes(of: line[.helloFraming]).elementsEqual("numbered".utf8)
    else { throw .framing }
    return true
  }

  private func defaults() throws(HelloFault) -> [Slot: [UInt8]] {
    if let unknown = line.unknownDefault {
      let name = String(decoding: line.bytes(of: unknown).prefix(HelloFault.nameBytesMax), as: UTF8.self)
      throw .unknownDefault(name, nearest: nearest(to: name, in: CallDefaults.names))
    }
    var texts: [Slot: [UInt8]] = [:]
    for slot in CallDefaults.slots where line.has(slot) {
      let name = CallDefaults.name(of: slot)
      guard line[slot].isText else { throw .defaultIsNoText(name) }
      guard line[slot].length > 0 else { continue }
      let limit = slot == .model ? Limits.modelBytes : Limits.attributionBytes
      do throws(Refusal) {
        texts[slot] = Array(try SubjectKeyBuilder.string(line, line[slot], limit: limit).utf8)
      } catch {
        throw error == .textTooLong
          ? .defaultTooLong(name, bytesMax: limit) : .defaultIsNoText(name)
      }
    }
    return texts
  }
}
