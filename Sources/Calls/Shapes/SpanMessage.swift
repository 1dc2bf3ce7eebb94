import Units

/// OpenTelemetry's exports in protobuf, outlined as their JSON would be.
///
/// Only what ``InferenceSpan`` and ``AgentEvent`` read comes over: prompts and outputs among the attributes do not.
/// Source: opentelemetry-proto 1.x, `ExportTraceServiceRequest` and `ExportLogsServiceRequest`; protobuf.dev,
/// "Encoding".
struct SpanMessage {
  private let outline: Outline
  /// Writes a number of 64 bits of floating point as text, which the core does not read.
  private let decimal: (UInt64) -> String
  private let names: Names

  typealias Bytes = UnsafeBufferPointer<UInt8>

  /// Outlines an export of spans or of log records; false where the bytes are no such message, or have too many parts.
  static func draw(
    _ bytes: Bytes, _ signal: ExportedCalls.Signal, on outline: Outline, decimal: @escaping (UInt64) -> String
  ) -> Bool {
    outline.beginDrawing()
    return SpanMessage(outline: outline, decimal: decimal, names: Names(outline)).export(bytes, signal)
  }

  /// The names of members, written once.
  private struct Names {
    let resource, attributes, traceID, spanID, parentID, start, end, status, code: Slice
    let resourceSpans, scopeSpans, spans, resourceLogs, scopeLogs, logRecords: Slice
    let time, observed, body, text, event: Slice

    init(_ outline: Outline) {
      func name(_ text: StaticString) -> Slice {
        outline.draw(Bytes(start: text.utf8Start, count: text.utf8CodeUnitCount), .text)
      }
      resource = name("resource")
      attributes = name("attributes")
      traceID = name("traceId")
      spanID = name("spanId")
      parentID = name("parentSpanId")
      start = name("startTimeUnixNano")
      end = name("endTimeUnixNano")
      status = name("status")
      code = name("code")
      resourceSpans = name("resourceSpans")
      scopeSpans = name("scopeSpans")
      spans = name("spans")
      resourceLogs = name("resourceLogs")
      scopeLogs = name("scopeLogs")
      logRecords = name("logRecords")
      time = name("timeUnixNano")
      observed = name("observedTimeUnixNano")
      body = name("body")
      text = name("stringValue")
      event = name("eventName")
    }
  }

  // MARK: - Messages

  private func export(_ bytes: Bytes, _ signal: ExportedCalls.Signal) -> Bool {
    let isLogs = signal == .logs
    return node(.absent, .object) {
      node(isLogs ? names.resourceLogs : names.resourceSpans, .list) {
        each(1, of: bytes) { group in
          node(.absent, .object) {
            node(names.resource, .object) {
              node(names.attributes, .object) { each(1, of: group) { each(1, of: $0, attribute) } }
            }
              && node(isLogs ? names.scopeLogs : names.scopeSpans, .list) {
                each(2, of: group) { scope in
                  node(.absent, .object) {
                    node(isLogs ? names.logRecords : names.spans, .list) {
                      each(2, of: scope, isLogs ? record : span)
                    }
                  }
                }
              }
          }
        }
      }
    }
  }

  private func span(_ bytes: Bytes) -> Bool {
    node(.absent, .object) {
      ProtobufReader.walk(bytes) { number, value in
        switch (number, value) {
        case (1, .bytes(let id)): hexadecimal(names.traceID, id)
        case (2, .bytes(let id)): hexadecimal(names.spanID, id)
        case (4, .bytes(let id)): id.isEmpty || hexadecimal(names.parentID, id)
        case (7, .fixed(let time)): digits(names.start, "\(time)")
        case (8, .fixed(let time)): digits(names.end, "\(time)")
        case (15, .bytes(let status)):
          node(names.status, .object) {
            ProtobufReader.walk(status) { number, value in
              guard number == 3, case .number(let code) = value else { return true }
              return digits(names.code, "\(code)")
            }
          }
        default: true
        }
      } && node(names.attributes, .object) { each(9, of: bytes, attribute) }
    }
  }

  private func record(_ bytes: Bytes) -> Bool {
    node(.absent, .object) {
      ProtobufReader.walk(bytes) { number, value in
        switch (number, value) {
        case (1, .fixed(let time)): time == 0 || digits(names.time, "\(time)")
        case (11, .fixed(let time)): time == 0 || digits(names.observed, "\(time)")
        case (12, .bytes(let name)): text(names.event, name)
        // A body is content, but for the name of an event.
        case (5, .bytes(let body)) where body.count <= Limits.attributionBytes:
          node(names.body, .object) { each(1, of: body) { text(names.text, $0) } }
        default: true
        }
      } && node(names.attributes, .object) { each(6, of: bytes, attribute) }
    }
  }

  /// Keeps an attribute of a name that means something, when it is a text, a number or a truth.
  private func attribute(_ bytes: Bytes) -> Bool {
    var name = Bytes(start: nil, count: 0)
    var content: Bytes?
    let isSound = ProtobufReader.walk(bytes) { number, value in
      guard case .bytes(let bytes) = value else { return true }
      if number == 1 { name = bytes } else if number == 2 { content = bytes }
      return true
    }
    guard isSound, let content, SpanNames.shared.meanings(of: name) != nil else { return isSound }
    let key = outline.draw(name, .text)
    return ProtobufReader.walk(content) { number, value in
      switch (number, value) {
      case (1, .bytes(let words)): text(key, words)
      case (2, .number(let truth)):
        scalar(key, outline.draw(truth == 0 ? "false" : "true", truth == 0 ? .no : .yes), truth == 0 ? .no : .yes)
      case (3, .number(let count)): digits(key, "\(Int64(bitPattern: count))")
      case (4, .fixed(let bits)): fraction(key, decimal(bits))
      default: true
      }
    }
  }

  // MARK: - Nodes

  /// Gives each part of that number, which is a message or a text, to `body`.
  private func each(_ number: Int, of bytes: Bytes, _ body: (Bytes) -> Bool) -> Bool {
    ProtobufReader.walk(bytes) { found, value in
      guard found == number else { return true }
      guard case .bytes(let part) = value else { return false }
      return body(part)
    }
  }

  private func node(_ key: Slice, _ kind: Outline.Kind, _ members: () -> Bool) -> Bool {
    guard outline.nodes.count < Outline.nodesMax else { return false }
    let place = outline.nodes.count
    outline.nodes.append(Outline.Node(key: key, slice: .absent, kind: kind, next: 0))
    guard members() else { return false }
    outline.nodes[place].next = Int32(outline.nodes.count)
    return true
  }

  private func scalar(_ key: Slice, _ slice: Slice, _ kind: Outline.Kind) -> Bool {
    guard outline.nodes.count < Outline.nodesMax else { return false }
    let next = Int32(outline.nodes.count + 1)
    outline.nodes.append(Outline.Node(key: key, slice: slice, kind: kind, next: next))
    return true
  }

  /// A number as JSON writes it; infinity and its like are passed over.
  private func fraction(_ key: Slice, _ text: String) -> Bool {
    text.utf8.allSatisfy { $0 < 58 || $0 == UInt8(ascii: "e") } ? digits(key, text) : true
  }

  private func digits(_ key: Slice, _ digits: String) -> Bool { scalar(key, outline.draw(digits, .number), .number) }

  /// A text as it stands in JSON, with its escapes; one that is longer than a line may be is passed over.
  private func text(_ key: Slice, _ bytes: Bytes) -> Bool {
    guard bytes.count <= Limits.lineBytes else { return true }
    if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7f && $0 != 0x22 && $0 != 0x5c }) {
      return scalar(key, outline.draw(bytes, .text), .text)
    }
    // Bytes that are no UTF-8 come out as the sign for that.
    let quoted = JSONText.quoted(String(decoding: bytes, as: UTF8.self)).dropFirst().dropLast()
    let kind: Outline.Kind = quoted.utf8.contains(UInt8(ascii: "\\")) ? .escapedText : .text
    return scalar(key, outline.draw(String(quoted), kind == .text ? .text : .escapedText), kind)
  }

  private func hexadecimal(_ key: Slice, _ bytes: Bytes) -> Bool {
    guard bytes.count <= 16 else { return true }
    var digits: InlineArray<32, UInt8> = InlineArray(repeating: 0)
    for (place, byte) in bytes.enumerated() {
      digits[place * 2] = Self.digit(byte >> 4)
      digits[place * 2 + 1] = Self.digit(byte & 15)
    }
    return digits.span.withUnsafeBufferPointer {
      scalar(key, outline.draw(Bytes(rebasing: $0[..<(bytes.count * 2)]), .text), .text)
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? value + 48 : value + 87 }
}

extension Outline {
  fileprivate func draw(_ text: String, _ kind: Slice.Kind) -> Slice {
    var text = text
    return text.withUTF8 { draw($0, kind) }
  }
}
