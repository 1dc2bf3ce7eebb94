import Foundation
import Store
import Testing
import Units
import Watch

@testable import Sidecar

/// A receiver's deliveries on a timeline: time is what the test says it is.
@Suite struct AlertRoundTests {
  /// Receivers, a ledger, and a day without a clock.
  private final class Timeline {
    let folder = FileManager.default.temporaryDirectory.path + "/alerts-\(UUID().uuidString.prefix(8))"
    let writer: LedgerWriter
    let receivers: [Receiver]
    var now = Notices.start
    /// What was sent: minutes since the start, receiver, notice.
    var sent: [String] = []

    init(_ lines: String...) throws {
      let text = lines.map { "receiver." + $0 }.joined(separator: "\n")
      receivers = try Configuration(flags: [:], environment: [:], file: ("t.conf", text)).receivers
      writer = try LedgerWriter(folder: folder, now: now)
    }

    deinit {
      writer.close()
      try? FileManager.default.removeItem(atPath: folder)
    }

    func post(_ notice: Notice) throws {
      _ = try writer.post(notice, to: AlertDesk.letters(notice, receivers), at: now)
    }

    /// Lets a minute pass after another, and has what is due sent in each.
    func run(minutes: Int64, _ answer: @escaping (OutboxRow) -> DeliveryAnswer) throws {
      var rounds = receivers.map { receiver in
        AlertRound(
          receiver: receiver,
          send: { row, now in
            let minute = (now.microseconds - Notices.start.microseconds) / 60_000_000
            self.sent.append("\(minute) \(receiver.name) \(row.notice)")
            return answer(row)
          },
          settle: { settlement throws(StoreFault) in
            let other = self.receivers.first { $0.name != receiver.name }
            try self.writer.settle(
              settlement.row, of: receiver.name, settlement.step, status: settlement.answer.name,
              at: settlement.at, telling: settlement.undelivered,
              to: settlement.undelivered.flatMap { notice in
                other.map { [OutboxLetter(receiver: $0.name, body: Delivery.body(notice, for: $0))] }
              } ?? [])
          })
      }
      let reader = try LedgerReader(folder: folder)
      for _ in 0..<minutes {
        for place in rounds.indices { while try rounds[place].turn(reader, now: { self.now }) > 0 {} }
        now = Timestamp(microseconds: now.microseconds + 60_000_000)
      }
    }

    func outbox() throws -> [String] {
      try LedgerReader(folder: folder).outbox(all: true, most: 100).reversed()
        .map { "\($0.receiver) \($0.notice) \($0.state)" }
    }
  }

  @Test func `Alertmanager hears an alert each minute, and its end for 15`() throws {
    let day = try Timeline("am = alertmanager http://127.0.0.1:9093")
    try day.post(Notices.notice(.firing))
    try day.run(minutes: 3) { _ in DeliveryAnswer(.status(200)) }
    try day.post(Notices.notice(.resolved, at: day.now))
    try day.run(minutes: 60) { _ in DeliveryAnswer(.status(200)) }
    #expect(
      day.sent == (0...2).map { "\($0) am i1_firing" } + (3...18).map { "\($0) am i1_resolved" })
    #expect(try day.outbox() == ["am i1_firing sent", "am i1_resolved sent"])
  }

  @Test func `a webhook that was down gets everything in order`() throws {
    let day = try Timeline("hook = webhook http://127.0.0.1:1")
    try day.post(Notices.notice(.firing))
    try day.run(minutes: 2) { _ in DeliveryAnswer(.unreached) }
    try day.post(Notices.notice(.resolved, at: day.now))
    try day.run(minutes: 60) { _ in DeliveryAnswer(.status(204)) }
    // Tried at once and in the next minute (5 s later); the pause after that is 4 to 6 minutes.
    #expect(day.sent.count == 4)
    #expect(day.sent.prefix(2) == ["0 hook i1_firing", "1 hook i1_firing"])
    let late = day.sent.suffix(2).map { $0.split(separator: " ") }
    #expect(late.map { $0[2] } == ["i1_firing", "i1_resolved"] && late[0][0] == late[1][0])
    #expect(late.first.flatMap { Int($0[0]) }.map { (5...7).contains($0) } == true)
  }

  @Test func `what is refused is told elsewhere, once`() throws {
    let day = try Timeline("chat = slack https://hooks.example/x", "hook = webhook https://u.example")
    try day.post(Notices.notice(.firing))
    try day.run(minutes: 5) { row in
      DeliveryAnswer(.status(row.body.starts(with: Array("{\"text\"".utf8)) ? 404 : 200))
    }
    #expect(
      try day.outbox() == [
        "chat i1_firing dead", "hook i1_firing sent", "hook i1_firing_chat_undelivered sent",
      ])
    #expect(day.sent.count == 3)
  }

  @Test func `a receiver that is gone is asked nothing more`() throws {
    let day = try Timeline("hook = webhook https://u.example")
    for incident in ["i1", "i2", "i3"] { try day.post(Notices.notice(.firing, incident)) }
    try day.run(minutes: 2) { _ in DeliveryAnswer(.status(410)) }
    #expect(day.sent == ["0 hook i1_firing"])
    #expect(try day.outbox().allSatisfy { $0.hasSuffix("dead") })
  }

  @Test func `what is less urgent than a receiver wants is not told there, but for the end`() throws {
    let day = try Timeline("a = webhook https://a.example severity=critical", "b = webhook https://b.example")
    try day.post(Notices.notice(.firing, "i1", severity: .warning))
    try day.post(Notices.notice(.firing, "i2", severity: .critical))
    try day.post(Notices.notice(.resolved, "i1", severity: .warning))
    try day.post(Notices.notice(.resolved, "i2", severity: .info))
    #expect(
      try day.outbox() == [
        "b i1_firing due", "a i2_firing due", "b i2_firing due", "b i1_resolved due", "a i2_resolved due",
        "b i2_resolved due",
      ])
  }
}
