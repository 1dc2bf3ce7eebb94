import TestSupport
import Testing

@testable import tollbook

/// What providers stated against what was booked, call by call.
@Suite struct DriftTests {
  static let lines = [
    [
      // Booked 0.001 each: stated alike, as a float is written, and a tenth more; one says nothing.
      #"{"id":"d1","at":"2026-11-20T10:00:00Z","provider":"together","model":"large","cost":"0.001","units":{"input":1000}}"#,
      #"{"id":"d2","at":"2026-11-20T10:00:01Z","provider":"together","model":"large","cost":0.0010000000000000002,"units":{"input":1000}}"#,
      #"{"id":"d3","at":"2026-11-20T10:00:02Z","provider":"together","model":"large","cost":1.1e-3,"units":{"input":1000}}"#,
      #"{"id":"d4","at":"2026-11-20T10:00:03Z","provider":"together","model":"large","units":{"input":1000}}"#,
      // Without a card: what was stated is told, and in no difference.
      #"{"id":"d5","at":"2026-11-20T10:00:04Z","provider":"together","model":"unheard-of","cost":"0.5","units":{"input":1}}"#,
      // A stream of three lines, 0.0001, 0.0002 and 0.0003 in all; the second and third state what it costs so far.
      #"{"id":"s1","at":"2026-11-20T11:00:00Z","provider":"together","model":"large","stream":true,"units":{"input":100}}"#,
      // The day after.
      #"{"id":"d6","at":"2026-11-21T00:00:00Z","provider":"fal","model":"flux","cost":"0.04","units":{"images":1}}"#,
    ],
    [
      #"{"id":"s1","at":"2026-11-20T11:00:00Z","provider":"together","model":"large","stream":true,"cost":"0.0002","units":{"input":100,"output":50}}"#
    ],
    [
      #"{"id":"s1","at":"2026-11-20T11:00:00Z","provider":"together","model":"large","stream":true,"cost":"0.0004","units":{"input":100,"output":100}}"#
    ],
  ]

  @Test func `booked and stated are two facts, and their difference is told`() throws {
    let sample = try SampleLedger(Self.lines)
    var text = ""
    for command in [
      "drift", "drift --json", "drift --from 2026-11-21", "drift --to 2026-11-20",
      "drift --from 2026-11-20T10:00:02Z --to 2026-11-20T10:00:03Z",
    ] {
      text += "$ tollbook \(command)\n"
      text += sample.scrubbed(try sample.ask(command.split(separator: " ").map(String.init)).out) + "\n"
    }
    // large: 3 × 0.001 + 0.0003 booked, 0.001 + 0.0010000000000000002 + 0.0011 + 0.0004 stated.
    #expect(text.contains(#""calls":4,"agreeing":2,"booked":"0.003300000","stated":"0.0035","#))
    #expect(text.contains(#""difference":"-0.0002","difference_percent":"-5.71""#))
    #expect(text.contains(#""unpriced":1,"unpriced_stated":"0.5""#))
    // flux: 0.05 booked, 0.04 stated.
    #expect(text.contains(#""difference":"0.01","difference_percent":"25.00""#))
    try expectGolden(text, "drift.txt")
  }
}
