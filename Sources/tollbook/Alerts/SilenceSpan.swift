import Sidecar
import Units
import Watch

/// How long something is silent, as people say it.
enum SilenceSpan {
  /// The instant that `--until` names.
  static func end(at text: String, _ surroundings: Surroundings, of command: String) throws -> Timestamp {
    let calendar = try ZoneCalendar(named: Settings.load(surroundings)[.zone].value)
    let end = try SpanOptions.instant(text, calendar, surroundings.now, option: "--until", of: command)
    guard surroundings.now < end else {
      throw CommandFault(
        misuse: "--until has \(calendar.text(end)), and that is past.", try: "tollbook \(command) --until tomorrow")
    }
    return end
  }

  /// The instant that `--for` leads to: `90m`, `2h`, `1d12h`, `2w`.
  static func end(after text: String, _ surroundings: Surroundings, of command: String) throws -> Timestamp {
    guard let length = microseconds(text), length > 0, length <= Silence.microsecondsMax else {
      throw CommandFault(
        misuse: "--for has '\(text)', which is no time of up to a year such as 30m, 2h, 1d12h or 2w.",
        try: "tollbook \(command) --for 2h")
    }
    return Timestamp(microseconds: surroundings.now.microseconds + length)
  }

  private static let units: [Character: Int64] = [
    "s": Timestamp.microsecondsPerSecond, "m": 60 * Timestamp.microsecondsPerSecond,
    "h": Timestamp.microsecondsPerHour, "d": 24 * Timestamp.microsecondsPerHour,
    "w": 7 * 24 * Timestamp.microsecondsPerHour,
  ]

  /// Numbers each with their unit; nil for any other text.
  static func microseconds(_ text: String) -> Int64? {
    var sum: Int64 = 0
    var digits = ""
    for character in text {
      if ("0"..."9").contains(character) {
        digits.append(character)
        continue
      }
      guard let unit = units[character], let number = Int64(digits) else { return nil }
      let (product, isTooMuch) = number.multipliedReportingOverflow(by: unit)
      let (next, isBeyond) = sum.addingReportingOverflow(product)
      guard !isTooMuch, !isBeyond else { return nil }
      sum = next
      digits = ""
    }
    return digits.isEmpty && !text.isEmpty ? sum : nil
  }
}
