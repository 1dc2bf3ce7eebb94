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
    // 10,000 lines in 20 ms: 7,500 in 15.
    pace.note(lines: 10_000, microseconds: 20_000)
    #expect(pace.aim == 10_000)
    pace.addSender()
    #expect(pace.isShared)
    #expect(pace.aim == 7_500)
    // The batch after it is shared still; the one behind that, of one sender, is not.
    pace.turn()
    pace.addSender()
    #expect(pace.aim == 7_500)
    pace.turn()
    #expect(pace.aim == 10_000)
  }

  // Half down at most, a quarter up at most, never below 2,000 or above the most.
  @Test func `one stall moves it by a half`() {
    var pace = BatchPace(linesMax: 10_000)
    shared(&pace)
    let steps: [(lines: Int, microseconds: Int64, aim: Int)] = [
      (10_000, 500_000, 5_000), (5_000, 500_000, 2_500), (2_500, 500_000, 2_000), (2_000, 500_000, 2_000),
      // Less than half a batch tells nothing; nor does a clock that stood still.
      (999, 100, 2_000), (2_000, 0, 2_000),
      (2_000, 4_000, 2_500), (2_500, 15_000, 2_500), (2_500, 5_000, 3_125), (3_125, 1, 3_906),
    ]
    for step in steps {
      pace.note(lines: step.lines, microseconds: step.microseconds)
      #expect(pace.aim == step.aim, "\(step)")
    }
  }

  @Test func `where batches are small anyway, they stay`() {
    var pace = BatchPace(linesMax: 100)
    shared(&pace)
    pace.note(lines: 100, microseconds: 1_000_000)
    #expect(pace.aim == 100)
  }
}
