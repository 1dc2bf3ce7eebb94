import Testing
import Units

@testable import Watch

/// What follows from what people say.
@Suite struct BucketWatchActTests {
  static func act(_ kind: Act.Kind) throws(ActFault) -> Act {
    try Act(kind, author: "ada", at: Timestamp(microseconds: 1_000_000))
  }

  @Test func `what is said is done once, or not at all`() throws {
    var watch = BucketWatch()
    var moves: [IncidentMove] = []
    for number in 0..<3 * 288 {
      let calls: Int64 = number < 2 * 288 + 144 ? 100 : 5_000
      let bucket = Bucket(number: BucketWatchTests.start.number + Int32(number))
      moves += watch.close(
        ClosedBucket(
          bucket, [(BucketWatchTests.subject("search", "large"), BucketWatchTests.facts(calls, calls * 1_000_000))]))
    }
    let fired = try #require(moves.first { $0.kind == .fired })
    let id = fired.incident.id
    #expect(throws: IncidentFault.unknownIncident("i1")) { try watch.take(try Self.act(.ack("i1")), number: 1) }
    #expect(try watch.take(try Self.act(.ack(id)), number: 2).moves.isEmpty)
    #expect(watch.book.incident(of: fired.incident.key)?.acknowledgedBy == "ada")
    let ended = try watch.take(try Self.act(.resolve(id)), number: 3).moves
    #expect(ended.map(\.kind) == [.resolved(.manual)] && ended[0].eventID == id + "_resolved")
    #expect(throws: IncidentFault.notFiring(id)) { try watch.take(try Self.act(.resolve(id)), number: 4) }
    let (one, two) = (Timestamp(microseconds: 1), Timestamp(microseconds: 2))
    let silence = try Self.act(.silence([Silence.Matcher("team", .equals, "x")], from: one, to: two, reason: "r"))
    #expect(try watch.take(silence, number: 5).silence?.id == 5)
    #expect(watch.book.silences.map(\.author) == ["ada"])
    #expect(try watch.take(try Self.act(.unsilence(5)), number: 6).endedSilence == 5)
    #expect(watch.book.silences.isEmpty)
    #expect(throws: IncidentFault.unknownSilence(5)) { try watch.take(try Self.act(.unsilence(5)), number: 7) }
    // What was planned is silent under the number of what was said.
    let planned = try watch.take(try Self.act(.feedback(id, .planned, until: nil)), number: 8).silence
    #expect(planned?.id == 8 && planned?.to == Timestamp(microseconds: 86_401_000_000))
    #expect(planned.map { watch.book.silences == [$0] } == true)
  }
}
