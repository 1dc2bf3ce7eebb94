import Calls
import Testing
import Watch

/// Whose spend is watched.
@Suite struct SeriesKeyTests {
  @Test func `a call belongs to the series of what it states`() {
    var subject = Subject()
    subject.team = "search"
    subject.model = "large-1"
    subject.provider = "acme"
    subject.route = "direct"
    let keys = SeriesKey.all(of: subject).map(\.description)
    #expect(
      keys == [
        "team=search", "model=large-1", "provider=acme", "route=direct", "team=search model=large-1",
        "provider=acme model=large-1", "route=direct provider=acme",
      ])
    #expect(SeriesKey.all(of: Subject()).isEmpty)
  }

  @Test func `a pair is a part of each of its two`() {
    let pair = SeriesKey(.teamModel, "search", "large-1")
    #expect(pair.isPart(of: SeriesKey(.team, "search")) && pair.isPart(of: SeriesKey(.model, "large-1")))
    #expect(!pair.isPart(of: SeriesKey(.team, "large-1")) && !pair.isPart(of: SeriesKey(.project, "search")))
    #expect(!SeriesKey(.team, "search").isPart(of: SeriesKey(.team, "search")) && !pair.isPart(of: pair))
  }
}
