import Testing

@testable import Sidecar

/// How many lines a batch is meant to have, by how long those before it took: as many as are written in 15 ms.
@Suite struct BatchPaceTests {
  private func shared(_ pace: inout BatchPace) {
    pace.addSender()
    pace.addSender()
  }

  @Test func `one sender fills batches to the brim, several as far as the disk follows`() {
    var pace = BatchPace(linesMax: 10_000)
    pace.addSender()
    // 10,000 lines in 200 ms: 750 in 15.
    pace.note(lines: 10_000, microseconds: 200_000)
    #expect(pace.aim == 10_000)
    pace.addSender()
    #expect(pace.isShared)
    #expect(pace.aim == 750)
    // The batch after it is shared still; the one behind that, of one sender, is not.
    pace.turn()
    pace.addSender()
    #expect(pace.aim == 750)
    pace.turn()
    #expect(pace.aim == 10_000)
  }

  // Down at once, a sixteenth up at most, never below 500 or above the most.
  @Test func `what takes too long counts at once, what does not bit by bit`() {
    var pace = BatchPace(linesMax: 3_000)
    shared(&pace)
    #expect(pace.aim == 1_000)
    let steps: [(lines: Int, microseconds: Int64, aim: Int)] = [
      (1_000, 15_000, 1_000), (1_000, 5_000, 1_062), (1_062, 20_000, 796), (796, 500_000, 500), (500, 500_000, 500),
      // Fewer lines than half a batch tell nothing good; nor does a clock that stood still.
      (249, 1, 500), (249, 500_000, 500), (500, 0, 500),
      (500, 10_000, 531), (531, 14_900, 534), (534, 1, 567),
    ]
    for step in steps {
      pace.note(lines: step.lines, microseconds: step.microseconds)
      #expect(pace.aim == step.aim, "\(step)")
    }
    for _ in 0..<40 { pace.note(lines: pace.aim, microseconds: 1) }
    #expect(pace.aim == 3_000)
  }

  // A batch of few lines that took long is no less of a warning.
  @Test func `a small batch that took long makes the next ones small`() {
    var pace = BatchPace(linesMax: 10_000)
    shared(&pace)
    pace.note(lines: 600, microseconds: 12_000)
    #expect(pace.aim == 750)
  }

  @Test func `where batches are small anyway, they stay`() {
    var pace = BatchPace(linesMax: 100)
    shared(&pace)
    pace.note(lines: 100, microseconds: 1_000_000)
    #expect(pace.aim == 100)
  }
}
