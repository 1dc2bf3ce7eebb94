/// A prediction of Replicate, as its API and its webhooks give it.
///
/// Rule: models billed by what they make state it in `metrics`, and nothing else of it is billed;
/// the others are billed by `predict_time` on their hardware, which the prediction does not name.
/// The same prediction is seen many times: until it has ended it tells of no usage.
/// Source: replicate.com/docs/topics/predictions; replicate 1.0.7; cog's `record_billing_metric`.
enum ReplicatePrediction: Shape {
  static func fits(_ line: ScannedLine) -> Bool {
    line[.urls].kind == .compound && line.has(.status) && !line.sawUsage
  }

  private static let billed: [(meter: String, names: [StaticString])] = [
    ("images", ["image_count", "image_output_count"]), ("input", ["token_input_count", "input_token_count"]),
    ("output", ["token_output_count", "output_token_count"]), ("characters", ["character_input_count"]),
    ("video_seconds", ["video_output_duration_seconds"]), ("audio_seconds", ["audio_output_duration_seconds"]),
  ]

  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading {
    guard let status = root["status"], root.first("version", "created_at") != nil, root["urls"]?["get"] != nil
    else { return .other }
    if status.isAny("starting", "processing", "booting") { return .ignored(.unfinished) }
    let metrics = root["metrics"]
    lines.begin(root)
    lines.add("id", root["id"])
    lines.add("at", first: root["created_at"], root["started_at"])
    lines.add("provider", text: "replicate")
    lines.add("model", root["model"])
    lines.add("status", status)
    lines.add("latency_ms", metrics?["total_time"]?.parts(decimals: 3))
    lines.add("user", root["user"])
    lines.add("session", root["session"])
    let made = billed.contains { $0.names.contains { metrics?[$0]?.stated != nil } }
    let seconds = metrics?["predict_time"]?.parts(decimals: 6)
    if made || seconds != nil {
      lines.add("units") { lines in
        if made {
          for (meter, names) in billed { for name in names { lines.add(meter, metrics?[name]) } }
        } else {
          lines.add("compute_seconds", seconds, decimals: 6)
        }
      }
    }
    lines.end()
    return .calls
  }
}
