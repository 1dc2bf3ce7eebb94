/// What fal's client returns, and WaveSpeed's answers: links to media, and no usage.
///
/// Rule: what fal bills stands in the header `x-fal-billable-units` alone, which its client drops: a
/// line with its `headers` is priced by it. Without, images are counted as returned, and a video's
/// seconds are unknown. WaveSpeed bills by model and parameters; images are counted. A state of the
/// queue is no call yet.
/// Source: fal_client 1.0.3; TanStack/ai issues 722 and 723; wavespeed.ai/docs, "Submit response".
enum MediaResult: Shape {
  static func fits(_ line: ScannedLine) -> Bool {
    guard !line.sawUsage else { return false }
    return line[.images].kind == .compound || line[.video].kind == .compound || line[.timings].kind == .compound
      || line[.metrics].kind == .compound || line.has(.statusURL) || line.has(.queuePosition)
      || line[.data].kind == .compound
  }

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    if let data = root["data"], data.isObject { return readWaveSpeed(root, data, into: &lines) }
    if root["request_id"] != nil, let status = root["status"],
      status.isAny("Completed", "COMPLETED", "IN_QUEUE", "IN_PROGRESS", "Queued", "InProgress")
    {
      return .ignored(.unfinished)
    }
    let images = (root["images"]?.children ?? []) + (root["image"].map { [$0] } ?? [])
    let linked = images.filter { $0["url"] != nil }
    let video = root["video"]?["url"] ?? root["audio"]?["url"]
    guard !linked.isEmpty || video != nil, root.first("seed", "timings", "headers", "model") != nil || video != nil
    else { return .other }
    lines.begin(root)
    for (field, name) in own { lines.add(field, root[name]) }
    if let headers = root["headers"], headers.isObject { lines.add("headers", whole: headers) }
    lines.add("provider", text: "fal")
    lines.add("status", text: "ok")
    lines.add("latency_ms", root["timings"]?["inference"]?.parts(decimals: 3))
    if linked.isEmpty {
      lines.add("operation", text: root["video"] != nil ? "video" : "speech")
    } else {
      addImages(linked, to: &lines)
    }
    lines.end()
    return .calls
  }

  private static let own: [(field: String, name: StaticString)] = [
    ("id", "id"), ("at", "at"), ("model", "model"), ("user", "user"), ("key", "key"), ("session", "session"),
    ("provider", "provider"), ("provider_request_id", "request_id"),
  ]

  /// Images of one size are counted by it too; of several sizes, by their number alone.
  private static func addImages(_ images: [Outline.Value], to lines: inout PlainLines) {
    lines.add("operation", text: "image")
    let sizes = Set(
      images.compactMap { image in
        image["width"]?.count.flatMap { width in image["height"]?.count.map { "\(width)x\($0)" } }
      })
    lines.add("params") { lines in
      lines.add("n", Int64(images.count))
      if sizes.count == 1, let size = sizes.first, images.allSatisfy({ $0["width"] != nil }) {
        lines.add("size", text: size)
      }
    }
  }

  private static func readWaveSpeed(
    _ root: Outline.Value, _ data: Outline.Value, into lines: inout PlainLines
  ) -> ShapeReading {
    guard let status = data["status"], data["outputs"] != nil || data["has_nsfw_contents"] != nil,
      root["code"] != nil
    else { return .other }
    if status.isAny("created", "processing", "pending") { return .ignored(.unfinished) }
    lines.begin(root)
    lines.add("id", data["id"])
    lines.add("at", data["created_at"])
    lines.add("provider", text: "wavespeed")
    lines.add("model", data["model"])
    lines.add("latency_ms", data["timings"]?["inference"]?.count)
    lines.add("status", text: status.isText("completed") ? "ok" : "error")
    let images = (data["outputs"]?.children ?? []).compactMap(\.word).filter { link in
      [".png", ".jpg", ".jpeg", ".webp"].contains { link.lowercased().hasSuffix($0) }
    }
    if !images.isEmpty {
      lines.add("operation", text: "image")
      lines.add("params") { $0.add("n", Int64(images.count)) }
    }
    lines.end()
    return .calls
  }
}
