/// A CloudEvents envelope in structured JSON, with a line of any shape in its `data`.
///
/// Rule: that of what is inside. The envelope's `source` and `id` together are the call's id, as the
/// standard says: a producer gives a distinct event no pair twice. OpenMeter's own events have a
/// count of tokens of one `type`, which is one meter.
/// Source: cloudevents.io, specification 1.0.2, "id"; openmeter.io/docs.
enum CloudEvent: Shape {
  static func fits(_ line: ScannedLine) -> Bool { line.has(.specVersion) }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    let kept = Outline.text(root["data"])
    guard let data = root["data"].flatMap({ $0.isObject ? $0 : nil }) ?? kept?.root, data.isObject else {
      return .ignored(.noModelCall)
    }
    lines.begin(root)
    lines.add("id", joined: [root["source"], root["id"]], by: "/")
    lines.add("at", root["time"])
    if let tokens = data["tokens"], let type = data["type"] {
      lines.add("user", root["subject"])
      lines.add("provider", data["provider"])
      lines.add("model", data["model"])
      lines.add("units") { lines in
        switch type {
        case _ where type.isAny("input", "prompt", "system"): lines.add("input", tokens)
        case _ where type.isAny("output", "completion"): lines.add("output", tokens)
        case _ where type.isAny("cached", "cache_read", "input_cached"): lines.add("cache_read", tokens)
        case _ where type.isAny("reasoning"): lines.add("reasoning", tokens)
        // An event of another type is no count of ours.
        default: break
        }
      }
      lines.end()
      return .calls
    }
    let envelope: Set = ["id", "at", "n"]
    let inner = data["id"]
    lines.add("provider_request_id", inner)
    for child in data.children {
      let name = String(decoding: child.key, as: UTF8.self)
      if !envelope.contains(name) { lines.add(name, whole: child) }
    }
    lines.add("user", root["subject"])
    lines.end(isNested: true)
    return .calls
  }
}
