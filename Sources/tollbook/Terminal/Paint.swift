/// Colour for a terminal, or none of it.
struct Paint {
  let isOn: Bool

  /// Colour only on a terminal, and only where nobody has asked for none.
  ///
  /// `NO_COLOR` counts when it is not empty (no-color.org, read 2026-08-22).
  init(terminal: Bool, environment: [String: String], noColor: Bool) {
    isOn =
      terminal && !noColor && environment["NO_COLOR"]?.isEmpty ?? true
      && environment["TERM"] != "dumb"
  }

  func bold(_ text: String) -> String { wrap(text, "1") }
  func dim(_ text: String) -> String { wrap(text, "2") }
  func red(_ text: String) -> String { wrap(text, "31") }
  func green(_ text: String) -> String { wrap(text, "32") }
  func yellow(_ text: String) -> String { wrap(text, "33") }

  private func wrap(_ text: String, _ code: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
