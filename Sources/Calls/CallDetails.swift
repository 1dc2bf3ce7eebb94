import Units

extension CallDecoder {
  private static let statedCostSlots: [Slot] = [.cost, .usageCost, .estimatedCost]

  mutating func writeDetails(
    _ call: inout Call, raw: [(name: StaticString, count: Int64)], defaults: CallDefaults
  ) throws(Refusal) {
    details.begin()
    let common: UInt32 = 0b111
    // What was asked for becomes usage only under a card that bills it; see `DimensionTable`.
    if call.usage.present & ~common != 0, !call.flags.contains(.fromParameters) {
      for (meter, quantity) in call.usage.stated where meter.rawValue > 2 { details.add(meter, quantity) }
    }
    if call.httpStatus != 0, call.httpStatus != 200 { details.add("status", Int64(call.httpStatus)) }
    if line[.session].isText {
      let session = try SubjectKeyBuilder.string(line, line[.session])
      details.add("session", json: JSONText.quoted(session))
    } else if let session = defaults.texts[.session] {
      details.add("session", json: JSONText.quoted(String(decoding: session, as: UTF8.self)))
    }
    if let attempt = try UsageReading.count(line, .attempt), attempt > 1 {
      details.add("attempt", attempt)
    }
    if line.has(.timeToFirstToken) {
      details.add(
        "ttft_ms",
        try CountText.parts(
          line.bytes(of: line[.timeToFirstToken]), decimals: 0, fractionIsRounded: true))
    }
    if line[.requestedTier].isText {
      details.add(
        "requested_tier",
        json: JSONText.quoted(try SubjectKeyBuilder.string(line, line[.requestedTier])))
    }
    for slot in Self.statedCostSlots where line.has(slot) {
      let slice = line[slot]
      guard slice.kind == .number || slice.kind == .text, slice.length <= Limits.numberBytes,
        let decimal = try? CountText.Decimal(line.bytes(of: slice)), !decimal.negative
      else { throw .badNumber }
      details.add(
        "stated", json: JSONText.quoted(String(decoding: line.bytes(of: slice), as: UTF8.self)))
      break
    }
    let told = call.flags.subtracting(.untold)
    if !told.isEmpty {
      let names = CallFlags.names.filter { told.contains($0.flag) }.map { JSONText.quoted($0.name) }
      details.add("flags", json: JSONText.array(names))
    }
    if line.unknownCount > 0 { try writeUnknown() }
    if !raw.isEmpty {
      details.add("raw", json: JSONText.object(raw.map { ("\($0.name)", String($0.count)) }))
    }
    call.details = details.end()
  }

  /// Names of usage members without a meter; a name that is no plain word is not kept.
  private mutating func writeUnknown() throws(Refusal) {
    var names: [String] = []
    for place in 0..<line.unknownCount {
      let bytes = line.bytes(of: line.unknown[place])
      let plain =
        bytes.count <= 64
        && bytes.allSatisfy { byte in
          (byte | 0x20 >= 97 && byte | 0x20 <= 122) || (byte >= 48 && byte <= 57) || byte == 95
            || byte == 46 || byte == 45
        }
      names.append(plain ? JSONText.quoted(String(decoding: bytes, as: UTF8.self)) : "\"?\"")
    }
    details.add("unknown", json: JSONText.array(names))
  }
}
