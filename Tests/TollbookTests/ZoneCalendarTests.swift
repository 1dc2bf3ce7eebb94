import Audit
import Foundation
import Testing
import Units

@testable import tollbook

@Suite struct ZoneCalendarTests {
  static func span(_ from: String, _ to: String) throws -> Span {
    let start = try #require(Timestamp(from))
    let end = try #require(Timestamp(to))
    return try #require(Span(from: start, to: end))
  }

  @Test(arguments: [
    // Clocks back at 03:00 in Berlin: a day of 25 hours; forward at 02:00: one of 23.
    ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z"),
    ("Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00Z"),
    ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"),
    ("Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z"),
    ("America/New_York", "2026-11-02", "2026-11-02T05:00:00Z"),
    ("Asia/Kolkata", "2026-11-20", "2026-11-19T18:30:00Z"),
    ("Asia/Kathmandu", "2026-11-20", "2026-11-19T18:15:00Z"),
    ("Australia/Lord_Howe", "2026-10-05", "2026-10-04T13:00:00Z"),
    ("Pacific/Chatham", "2026-11-20", "2026-11-19T10:15:00Z"),
    // Beirut puts its clocks forward at midnight: the day begins at one.
    ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z"),
    // Samoa skipped 2011-12-30: it begins where the 31st does.
    ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
    ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"),
    ("UTC", "2026-11-20", "2026-11-20T00:00:00Z"),
  ])
  func `a day begins when its zone says`(zone: String, day: String, start: String) throws {
    let calendar = try ZoneCalendar(named: zone)
    let wanted = try #require(Day(day))
    #expect("\(calendar.start(of: wanted))" == start)
  }

  @Test(arguments: TimeZone.knownTimeZoneIdentifiers)
  func `days of every zone follow one another without gap or overlap`(zone: String) throws {
    let calendar = try ZoneCalendar(named: zone)
    for (from, to) in [("2026-03-01", "2026-04-12"), ("2026-09-20", "2026-11-08")] {
      let span = try Self.span(from, to)
      let periods = try calendar.periods([.day], over: span)
      #expect(periods.first?.span.from == span.from)
      #expect(periods.last?.span.to == span.to)
      for (period, next) in zip(periods, periods.dropFirst()) {
        #expect(period.span.to == next.span.from)
        #expect(calendar.start(of: calendar.day(of: next.span.from)) == next.span.from)
        let lastMicrosecond = Timestamp(microseconds: period.span.to.microseconds - 1)
        #expect(period.labels[.day] == "\(calendar.day(of: lastMicrosecond))")
        #expect(period.labels[.day] != next.labels[.day])
      }
    }
  }

  @Test func `the hour that comes twice is two hours`() throws {
    let calendar = try ZoneCalendar(named: "Europe/Berlin")
    let periods = try calendar.periods(
      [.hour], over: Self.span("2026-10-24T23:30:00Z", "2026-10-25T02:00:00Z"))
    #expect(
      periods.map { $0.labels[.hour] ?? "" } == [
        "2026-10-25T01:30+02:00", "2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00",
      ])
  }

  @Test func `half-hour steps of the clock cut hours where they fall`() throws {
    let calendar = try ZoneCalendar(named: "Australia/Lord_Howe")
    let periods = try calendar.periods(
      [.hour], over: Self.span("2026-04-04T13:30:00Z", "2026-04-04T16:30:00Z"))
    #expect(
      periods.map { "\($0.span.from) \($0.labels[.hour] ?? "")" } == [
        "2026-04-04T13:30:00Z 2026-04-05T00:30+11:00",
        "2026-04-04T14:00:00Z 2026-04-05T01:00+11:00",
        "2026-04-04T15:00:00Z 2026-04-05T01:30+10:30",
        "2026-04-04T15:30:00Z 2026-04-05T02:00+10:30",
      ])
  }

  @Test func `weeks are ISO's, months the calendar's`() throws {
    let periods = try ZoneCalendar.utc.periods(
      [.week], over: Self.span("2026-12-30", "2027-01-12"))
    #expect(periods.map { $0.labels[.week] } == ["2026-W53", "2027-W01", "2027-W02"])
    let months = try ZoneCalendar.utc.periods(
      [.month], over: Self.span("2026-11-20", "2027-02-01"))
    #expect(months.map { $0.labels[.month] } == ["2026-11", "2026-12", "2027-01"])
    let both = try ZoneCalendar.utc.periods(
      [.week, .month], over: Self.span("2026-11-30", "2026-12-02"))
    #expect(both.map { $0.labels[.month] } == ["2026-11", "2026-12"])
  }

  @Test(arguments: [
    ("Europe/Berlin", "2026-11-20T10:00:00Z", "2026-11-20T09:00:00Z"),
    // Shown twice: the first time counts. Never shown: the clocks from before.
    ("Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"),
    ("Europe/Berlin", "2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z"),
    ("Asia/Kolkata", "2026-11-20T00:00:00Z", "2026-11-19T18:30:00Z"),
    ("UTC", "2026-11-20T00:00:00Z", "2026-11-20T00:00:00Z"),
  ])
  func `a time on the zone's clocks is an instant`(zone: String, time: String, instant: String)
    throws
  {
    let shown = try #require(Timestamp(time))
    #expect("\(try ZoneCalendar(named: zone).instant(onClocks: shown))" == instant)
  }

  @Test func `a misspelt zone is named with the nearest`() throws {
    let fault = try #require(throws: CommandFault.self) {
      try ZoneCalendar(named: "Europe/Berlinn")
    }
    #expect(fault.fact == "There is no zone 'Europe/Berlinn'. Did you mean 'Europe/Berlin'?")
  }

  @Test func `more periods than a report holds are refused`() throws {
    let fault = try #require(throws: CommandFault.self) {
      try ZoneCalendar.utc.periods([.hour], over: Self.span("2000-01-01", "2026-01-01"))
    }
    #expect(fault.fact.contains("100000 hours"))
  }

  @Test func `an instant is written in its zone`() throws {
    let instant = try #require(Timestamp("2026-11-20T23:15:00.5Z"))
    #expect(
      try ZoneCalendar(named: "Asia/Kathmandu").text(instant) == "2026-11-21T05:00:00.5+05:45")
    #expect(
      try ZoneCalendar(named: "America/St_Johns").text(instant) == "2026-11-20T19:45:00.5-03:30")
    #expect(ZoneCalendar.utc.text(instant) == "2026-11-20T23:15:00.5Z")
  }

  @Test func `the same hour of last week is an hour nearer when clocks were put forward since`() throws {
    // Berlin, 2026-03-29: from 1 to 2 hours ahead. 10:00 on the clocks of the 31st is 08:00Z, of the 24th 09:00Z.
    let calendar = try ZoneCalendar(named: "Europe/Berlin")
    let now = try #require(Timestamp("2026-03-31T08:00:00Z"))
    #expect((1...4).map { calendar.hoursBack(weeks: $0, from: now) } == [167, 335, 503, 671])
    let autumn = try #require(Timestamp("2026-10-26T09:00:00Z"))
    #expect(calendar.hoursBack(weeks: 1, from: autumn) == 169)
    #expect(try ZoneCalendar(named: "UTC").hoursBack(weeks: 4, from: now) == 672)
  }
}
