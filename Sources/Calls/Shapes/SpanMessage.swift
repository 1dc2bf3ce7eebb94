import Units

/// OpenTelemetry's export of spans in protobuf, turned into the line that its JSON would be.
///
/// Only what ``InferenceSpan`` reads comes over: prompts and outputs among the attributes do not.
/// Source: opentelemetry-proto 1.x, `ExportTraceServiceRequest`; protobuf.dev, "Encoding".
package enum SpanMessage {
  /// The line; nil where the bytes are no such message.
  package static func line(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var exports: [String] = []
    guard
      ProtobufReader.walk(
        bytes,
        { number, value in
          guard number == 1 else { return true }
          guard let export = value.message.flatMap(resourceSpans) else { return false }
          exports.append(export)
          return true
        })
    else { return nil }
    return Array(JSONText.object([("resourceSpans", JSONText.array(exports))]).utf8)
  }

  private static func resourceSpans(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    var resource: [String] = []
    var spans: [String] = []
    let isSound = ProtobufReader.walk(bytes) { number, value in
      switch number {
      case 1:
        return value.message.map { message in
          ProtobufReader.walk(message) { number, value in
            guard number == 1 else { return true }
            return keep(value, in: &resource)
          }
        } ?? false
      case 2:
        return value.message.map { message in
          ProtobufReader.walk(message) { number, value in
            guard number == 2 else { return true }
            guard let span = value.message.flatMap(span) else { return false }
            spans.append(span)
            return true
          }
        } ?? false
      default: return true
      }
    }
    guard isSound else { return nil }
    return JSONText.object([
      ("resource", JSONText.object([("attributes", JSONText.array(resource))])),
      ("scopeSpans", JSONText.array([JSONText.object([("spans", JSONText.array(spans))])])),
    ])
  }

  private static func span(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    var members: [(name: String, json: String)] = []
    var attributes: [String] = []
    let isSound = ProtobufReader.walk(bytes) { number, value in
      switch (number, value) {
      case (1, .bytes(let id)): members.append(("traceId", JSONText.quoted(hexadecimal(id))))
      case (2, .bytes(let id)): members.append(("spanId", JSONText.quoted(hexadecimal(id))))
      case (4, .bytes(let id)) where !id.isEmpty: members.append(("parentSpanId", JSONText.quoted(hexadecimal(id))))
      case (7, .fixed(let time)): members.append(("startTimeUnixNano", JSONText.quoted("\(time)")))
      case (8, .fixed(let time)): members.append(("endTimeUnixNano", JSONText.quoted("\(time)")))
      case (9, _): return keep(value, in: &attributes)
      case (15, .bytes(let status)):
        return ProtobufReader.walk(status) { number, value in
          if number == 3, case .number(let code) = value {
            members.append(("status", JSONText.object([("code", "\(code)")])))
          }
          return true
        }
      default: break
      }
      return true
    }
    guard isSound else { return nil }
    return JSONText.object(members + [("attributes", JSONText.array(attributes))])
  }

  /// Keeps an attribute of a name that means something, when it is a text, a whole number or a truth.
  private static func keep(_ value: ProtobufReader.Value, in attributes: inout [String]) -> Bool {
    guard let message = value.message else { return false }
    var name = ""
    var json: String?
    let isSound = ProtobufReader.walk(message) { number, value in
      guard case .bytes(let bytes) = value else { return true }
      if number == 1 { name = String(decoding: bytes, as: UTF8.self) }
      guard number == 2, SpanAttributes.known.contains(name) else { return true }
      return ProtobufReader.walk(bytes) { number, value in
        switch (number, value) {
        case (1, .bytes(let text)):
          json = JSONText.object([("stringValue", JSONText.quoted(String(decoding: text, as: UTF8.self)))])
        case (2, .number(let truth)): json = JSONText.object([("boolValue", truth == 0 ? "false" : "true")])
        case (3, .number(let count)):
          json = JSONText.object([("intValue", JSONText.quoted("\(Int64(bitPattern: count))"))])
        default: break
        }
        return true
      }
    }
    if isSound, let json { attributes.append(JSONText.object([("key", JSONText.quoted(name)), ("value", json)])) }
    return isSound
  }

  private static func hexadecimal(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
