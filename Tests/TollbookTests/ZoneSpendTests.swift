import Audit
import Foundation
import Store
import TestSupport
import Testing
import Units

@testable import tollbook

/// Days of any zone add up to their span, to the nano and to the call.
@Suite struct ZoneSpendTests {
  /// Calls at seeded instants around the days on which clocks change, in several batches, with
  /// streams that grow, failures and calls without a price among them.
  static func batches() throws -> [[String]] {
    var random = Seeded(11)
    var batches: [[String]] = []
    for batch in 0..<8 {
      var lines: [String] = []
      for line in 0..<150 {
        let start = try #require(Timestamp(line % 2 == 0 ? "2026-10-24" : "2026-03-27"))
        let at = Timestamp(
          microseconds: start.microseconds
            + Int64.random(in: 0..<4 * 24 * Timestamp.microsecondsPerHour, using: &random))
        let id = "b\(batch)-\(line)"
        let units = "\"units\":{\"input\":\(Int.random(in: 0...999, using: &random)),\"output\":7}"
        let who =
          "\"id\":\"\(id)\",\"at\":\"\(at)\",\"team\":\"t\(line % 5)\",\"latency_ms\":\(line)"
        switch line % 10 {
        case 0: lines.append("{\(who),\"provider\":\"together\",\"model\":\"unheard-of\",\(units)}")
        case 1:
          lines.append("{\(who),\"provider\":\"together\",\"model\":\"large\",\"status\":500}")
        case 2, 3:
          lines.append(
            "{\(who),\"route\":\"huggingface\",\"provider\":\"together\",\"model\":\"org/large\",\(units)}"
          )
        case 4:
          for output in [10, 20, 35] {
            lines.append(
              "{\(who),\"provider\":\"together\",\"model\":\"large\",\"stream\":true,\"units\":{\"input\":5,\"output\":\(output)}}"
            )
          }
        default: lines.append("{\(who),\"provider\":\"together\",\"model\":\"large\",\(units)}")
        }
      }
      batches.append(lines)
    }
    return batches
  }

  static let zones = [
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Australia/Adelaide", "Pacific/Chatham", "Pacific/Kiritimati",
    "America/St_Johns", "Asia/Tehran", "Africa/Cairo", "Asia/Beirut", "Pacific/Apia",
    "America/Santiago", "Antarctica/Troll",
  ]

  @Test func `days, hours and months of every zone add up to their span`() throws {
    let sample = try SampleLedger(Self.batches())
    let reader = try LedgerReader(folder: sample.folder)
    let verification = try LedgerVerifier(folder: sample.folder).verify()
    #expect(verification.isClean, "\(verification.faults)")
    let span = try ZoneCalendarTests.span("2026-03-20", "2026-11-05")
    let whole = try reader.spend(SpendQuery(span: span, zone: "UTC", keys: [.team]))
    #expect(whole.total.calls == 1_200)
    for zone in Self.zones {
      let calendar = try ZoneCalendar(named: zone)
      for unit in [SpendKey.day, .week, .month] {
        let report = try reader.spend(
          SpendQuery(
            span: span, zone: zone, keys: [unit, .team],
            periods: try calendar.periods([unit], over: span)))
        #expect(report.total == whole.total, "\(zone) by \(unit.name)")
      }
      let weekend = try ZoneCalendarTests.span("2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z")
      let hours = try reader.spend(
        SpendQuery(
          span: weekend, zone: zone, keys: [.hour],
          periods: try calendar.periods([.hour], over: weekend)))
      let all = try reader.spend(SpendQuery(span: weekend, zone: zone, keys: [.team]))
      #expect(hours.total == all.total, "\(zone) by hour")
      // A local day asked for by itself is the row of the report by days.
      let day = try #require(Day("2026-10-25"))
      let alone = try #require(
        Span(from: calendar.start(of: day), to: calendar.start(of: Day(number: day.number + 1))))
      let days = try reader.spend(
        SpendQuery(
          span: span, zone: zone, keys: [.day], periods: try calendar.periods([.day], over: span)))
      let single = try reader.spend(SpendQuery(span: alone, zone: zone, keys: [.team]))
      #expect(days.rows.first { $0.values == ["2026-10-25"] }?.sums == single.total, "\(zone)")
    }
  }

  @Test func `any two parts of a span add up to it, wherever it is cut`() throws {
    let sample = try SampleLedger(Self.batches())
    let reader = try LedgerReader(folder: sample.folder)
    var random = Seeded(12)
    let span = try ZoneCalendarTests.span("2026-10-24", "2026-10-29")
    func total(_ from: Timestamp, _ to: Timestamp) throws -> SpendSums {
      let part = try #require(Span(from: from, to: to))
      return try reader.spend(SpendQuery(span: part, zone: "UTC", keys: [.team])).total
    }
    let whole = try total(span.from, span.to)
    #expect(whole.calls == 600)
    for _ in 0..<200 {
      let cut = Timestamp(
        microseconds: Int64.random(
          in: span.from.microseconds...span.to.microseconds, using: &random))
      var sum = try total(span.from, cut)
      sum += try total(cut, span.to)
      #expect(sum == whole, "cut at \(cut)")
    }
  }
}
