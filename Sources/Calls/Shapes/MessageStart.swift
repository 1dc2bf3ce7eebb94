/// The start of a stream of Anthropic's, `message_start`, and what its later `message_delta` adds to it.
///
/// Rule: as Anthropic counts, cached tokens beside `input_tokens`. The start has the input's counts, their
/// lifetimes and tier, and a provisional output; a delta has counts summed up to its end, and names nothing.
/// So the start is a call, and a delta is the same call again with the later of each count.
/// Source: anthropic-sdk-python 2.11 (`MessageDeltaUsage`: "cumulative").
enum MessageStart: Shape {
  static func fits(_ line: ScannedLine) -> Bool {
    line.has(.message) && line[.type].kind == .text && line.bytes(of: line[.type]).elementsEqual("message_start".utf8)
  }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    guard let message = root["message"], message["usage"] != nil, message["id"]?.stated != nil else {
      return .ignored(.streamPart)
    }
    lines.begin(root)
    lines.add("id", first: root["id"], message["id"])
    lines.add("response_id", message["id"])
    for name in ["at", "user", "key", "session", "provider"] as [StaticString] { lines.add("\(name)", root[name]) }
    lines.add("provider_request_id", first: root["provider_request_id"], root["request_id"])
    lines.add("model", message["model"])
    lines.add("dialect", text: "anthropic")
    lines.add("stream", text: "start")
    lines.add("usage", whole: message["usage"])
    lines.end()
    return .calls
  }

  /// Makes the line of a delta: what the start's line says, with the counts of both.
  static func join(_ delta: Outline.Value, to start: Outline.Value, into lines: inout PlainLines) {
    lines.begin(delta)
    lines.add("at", delta["at"])
    for field in start.children {
      let name = String(decoding: field.key, as: UTF8.self)
      switch name {
      case "n", "stream", "usage": break
      default: lines.add(name, whole: field)
      }
    }
    lines.add("stream", yes: true)
    let later = delta["usage"]?.children ?? []
    lines.add("usage") { lines in
      for count in later { lines.add(String(decoding: count.key, as: UTF8.self), whole: count) }
      for count in start["usage"]?.children ?? [] {
        lines.add(String(decoding: count.key, as: UTF8.self), whole: count)
      }
    }
    lines.end()
  }
}
