/// How far a file has been read, on a terminal only.
struct ProgressBar {
  private let name: String
  private let size: Int64
  private let progress: @Sendable (String) -> Void
  private var lastPercent: Int64 = -1

  init(name: String, size: Int64, _ surroundings: Surroundings) {
    self.name = name
    self.size = size
    progress = surroundings.progress
  }

  mutating func reached(_ offset: Int64, lines: Int) {
    guard size > 0 else {
      if lines % 10_000 == 0 { progress("\(name): \(lines) lines") }
      return
    }
    let percent = offset * 100 / size
    guard percent != lastPercent else { return }
    lastPercent = percent
    let filled = Int(percent * 30 / 100)
    progress(
      "\(name) [" + String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
        + "] \(percent) %")
  }

  func finish() { progress("") }
}
