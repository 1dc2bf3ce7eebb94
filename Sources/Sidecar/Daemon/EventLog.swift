import CSystem
import Synchronization
import Units

/// Something that happened, worth a line on standard error.
///
/// The level says what the operator must do: an error, act now or lose data; a warning, look today;
/// info, a state you asked for was reached.
package struct Event: Sendable {
  package enum Level: String, Sendable { case info, warning, error }

  package let level: Level
  /// Noun and verb: `ledger_opened`.
  package let name: String
  package let facts: [(name: String, value: String)]
  /// What the event is about, where one name is told of several things: each is told once.
  package let about: String

  package init(
    _ level: Level, _ name: String, _ facts: [(name: String, value: String)] = [], about: String = ""
  ) {
    self.level = level
    self.name = name
    self.facts = facts
    self.about = about
  }

  /// `time=2026-11-20T23:45:55Z level=info event=ledger_opened calls=12`.
  package func line(at instant: Timestamp) -> String {
    var text = "time=\(instant) level=\(level.rawValue) event=\(name)"
    for fact in facts {
      let plain = !fact.value.isEmpty && fact.value.utf8.allSatisfy { $0 > 32 && $0 != 34 && $0 != 61 }
      text += " \(fact.name)=\(plain ? fact.value : JSONText.quoted(fact.value))"
    }
    return text
  }
}

/// Writes events to standard error, each warning at most once in 30 seconds; repeats are counted.
package final class EventLog: Sendable {
  /// Seconds in which a warning or error of one name is written once.
  package static let repeatSeconds: Int64 = 30

  /// Names remembered before those that are over are forgotten.
  private static let namesMax = 10_000

  /// Milliseconds that the last lines are given when the daemon ends.
  package static let flushMilliseconds: Int32 = 1_000

  private let writer = EventWriter()
  private let heard = Mutex<[String: (until: Int64, unsaid: Int)]>([:])

  package init() {}

  package func tell(_ event: Event) {
    var event = event
    if event.level != .info {
      let now = tb_steady_us()
      let key = event.name + event.about
      let unsaid: Int? = heard.withLock { heard in
        if let last = heard[key], now < last.until {
          heard[key]?.unsaid += 1
          return nil
        }
        let unsaid = heard[key]?.unsaid ?? 0
        heard[key] = (now + Self.repeatSeconds * 1_000_000, 0)
        if heard.count > Self.namesMax { heard = heard.filter { now < $0.value.until } }
        return unsaid
      }
      guard let unsaid else { return }
      if unsaid > 0 {
        event = Event(event.level, event.name, event.facts + [("repeats_unsaid", "\(unsaid)")], about: event.about)
      }
    }
    writer.put(event.line(at: Timestamp(microseconds: tb_wall_us())) + "\n")
  }

  /// Waits until all that was told is written, or its time is up.
  package func flush() { writer.flush(upTo: Self.flushMilliseconds) }
}
