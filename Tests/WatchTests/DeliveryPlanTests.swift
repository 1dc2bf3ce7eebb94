import Testing
import Units
import Watch

/// The schedule of retries on a timeline, without a clock.
@Suite struct DeliveryPlanTests {
  private static let start = Notices.at("2026-03-02T10:00:00Z")

  private func step(
    _ outcome: DeliveryAnswer.Outcome, _ kind: ReceiverKind, _ notice: Notice.Kind = .firing, attempts: Int = 1,
    doubts: Int = 0, retryAfter: Int64? = nil, minutes: Int64 = 0, seed: UInt64 = 1
  ) -> DeliveryPlan.Step {
    DeliveryPlan.step(
      DeliveryAnswer(outcome, retryAfterSeconds: retryAfter), from: kind, of: notice, attempts: attempts,
      doubts: doubts, settledAt: Self.start,
      now: Timestamp(microseconds: Self.start.microseconds + minutes * 60_000_000), seed: seed)
  }

  /// Seconds until the next attempt; nil for none.
  private func pause(_ step: DeliveryPlan.Step) -> Double? {
    if case .retry(let at, _) = step { return Double(at.microseconds - Self.start.microseconds) / 1e6 }
    return nil
  }

  @Test func `nine pauses lie within a fifth of the schedule, and then it is over`() {
    // 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h
    let schedule: [Double] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
    for seed in UInt64(0)..<50 {
      for (place, seconds) in schedule.enumerated() {
        let pause = pause(step(.status(500), .webhook, attempts: place + 1, seed: seed))
        #expect(pause.map { (seconds * 0.8...seconds * 1.2).contains($0) } == true)
      }
    }
    #expect(step(.status(500), .webhook, attempts: 10) == .dead(.exhausted))
  }

  @Test func `the same seed makes the same pause, another another`() {
    #expect(step(.unreached, .slack, attempts: 3, seed: 7) == step(.unreached, .slack, attempts: 3, seed: 7))
    #expect(step(.unreached, .slack, attempts: 3, seed: 7) != step(.unreached, .slack, attempts: 3, seed: 8))
  }

  @Test func `a longer Retry-After is heeded, up to a day`() {
    #expect(pause(step(.status(429), .webhook, retryAfter: 90)) == 90)
    #expect(pause(step(.status(503), .slack, retryAfter: 10_000_000)) == 86_400)
    // A shorter one than the schedule's own pause of 4 to 6 seconds is not.
    #expect(pause(step(.status(429), .webhook, retryAfter: 1)).map { $0 >= 4 } == true)
  }

  @Test(arguments: [
    (ReceiverKind.webhook, 200, "sent"), (.webhook, 202, "sent"), (.webhook, 302, "retry"), (.webhook, 400, "retry"),
    (.webhook, 404, "retry"), (.webhook, 410, "gone"), (.webhook, 500, "retry"),
    (.slack, 200, "sent"), (.slack, 400, "refused"), (.slack, 404, "refused"), (.slack, 429, "retry"),
    (.pagerduty, 202, "sent"), (.pagerduty, 400, "refused"), (.pagerduty, 408, "retry"), (.pagerduty, 410, "gone"),
    (.alertmanager, 400, "refused"), (.alertmanager, 503, "retry"),
    (.smtp, 250, "sent"), (.smtp, 451, "retry"), (.smtp, 550, "refused"),
    (.command, 0, "sent"), (.command, 1, "retry"),
  ])
  func `a status decides`(kind: ReceiverKind, status: Int, wanted: String) {
    switch step(.status(status), kind, .test) {
    case .sent: #expect(wanted == "sent")
    case .retry: #expect(wanted == "retry")
    case .dead(let reason): #expect(wanted == reason.rawValue)
    case .again: Issue.record("a test is not told again")
    }
  }

  @Test func `what cannot be told twice is sent once more after a doubt, and no more`() {
    #expect(pause(step(.inDoubt, .slack)) != nil)
    #expect(step(.inDoubt, .slack, attempts: 2, doubts: 1) == .dead(.inDoubt))
    #expect(step(.inDoubt, .smtp, attempts: 2, doubts: 1) == .dead(.inDoubt))
    // A webhook has its id, PagerDuty its key.
    #expect(pause(step(.inDoubt, .webhook, attempts: 2, doubts: 1)) != nil)
    #expect(pause(step(.inDoubt, .pagerduty, attempts: 2, doubts: 1)) != nil)
  }

  @Test func `an address that is not connected to is given up at once`() {
    #expect(step(.forbidden, .webhook) == .dead(.refused))
  }

  @Test func `an alert's state is told each minute, its end for 15`() {
    func again(_ notice: Notice.Kind, _ minutes: Int64) -> Int64? {
      if case .again(let at) = step(.status(200), .alertmanager, notice, minutes: minutes) {
        return (at.microseconds - Self.start.microseconds) / 60_000_000
      }
      return nil
    }
    #expect(again(.firing, 0) == 1)
    #expect(again(.updated, 5_000) == 5_001)
    #expect(again(.resolved, 0) == 1)
    #expect(again(.resolved, 14) == 15)
    #expect(again(.resolved, 15) == nil)
    #expect(again(.test, 0) == nil)
    #expect(step(.status(200), .webhook) == .sent)
  }
}
