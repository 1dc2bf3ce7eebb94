import Testing

@testable import Sidecar

/// Who may add a line to a batch of 100.
@Suite struct BatchShareTests {
  private static func room(
    _ filled: Int, aim: Int = 100, most: Int = 100, floods: Int = 0, isAlone: Bool = false
  ) -> BatchShare.Room {
    BatchShare.Room(filled: filled, aim: aim, most: most, floods: floods, isAlone: isAlone)
  }

  /// Each sender adds as many lines to the batch as it may, one sender after the other; what each has.
  private func fill(_ shares: inout [BatchShare], batch: Int = 0, _ room: BatchShare.Room) -> [Int] {
    var room = room
    return shares.indices.map { place in
      var lines = 0
      while case .added(let isFirst) = shares[place].add(toBatch: batch, room) {
        #expect(isFirst == (lines == 0))
        lines += 1
        room.filled += 1
      }
      return lines
    }
  }

  private func fill(_ senders: Int, _ room: BatchShare.Room) -> [Int] {
    var shares = [BatchShare](repeating: BatchShare(), count: senders)
    return fill(&shares, room)
  }

  @Test func `one that floods leaves a tenth, and one that is alone a hundredth for whoever connects`() {
    #expect(fill(1, Self.room(0)) == [90])
    #expect(fill(1, Self.room(0, isAlone: true)) == [99])
    // Ten others come with a line each.
    #expect((90..<100).allSatisfy { fill(1, Self.room($0)) != [0] })
    #expect(fill(1, Self.room(100)) == [0])
  }

  // Nine begin within one batch: 90, nine tenths of the 10 left, and the last one. After that 10 are everybody's.
  @Test func `however many flood, a tenth is left`() {
    var shares = [BatchShare](repeating: BatchShare(), count: 9)
    #expect(fill(&shares, Self.room(0)) == [90, 9, 1, 0, 0, 0, 0, 0, 0])
    #expect(fill(&shares, batch: 1, Self.room(0, floods: 9)) == [10, 10, 10, 10, 10, 10, 10, 10, 10])
    #expect(fill(&shares, batch: 2, Self.room(0, floods: 9)) == [10, 10, 10, 10, 10, 10, 10, 10, 10])
    // Who had room enough a batch ago is a sender like any other.
    #expect(fill(&shares, batch: 4, Self.room(0, floods: 9)).first == 90)
  }

  @Test func `more senders than lines have one each`() {
    var shares = [BatchShare](repeating: BatchShare(), count: 200)
    _ = fill(&shares, Self.room(0))
    #expect(fill(&shares, batch: 1, Self.room(0, floods: 200)).max() == 1)
  }

  @Test func `a refusal is told once a batch`() {
    var share = BatchShare()
    #expect(share.add(toBatch: 0, Self.room(100)) == .refused(isFirst: true))
    #expect(share.add(toBatch: 0, Self.room(100)) == .refused(isFirst: false))
    #expect(share.add(toBatch: 1, Self.room(100)) == .refused(isFirst: true))
  }

  // The batch has 60 lines of one that was alone when it is meant to have 50: a tenth of what is left is anybody's.
  @Test func `a batch beyond its aim takes lines of those that have few in it`() {
    #expect(fill(4, Self.room(60, aim: 50)) == [4, 4, 3, 3])
    #expect(fill(1, Self.room(60, aim: 50, isAlone: true)) == [1])
  }

  @Test(arguments: [1, 2, 9, 10, 11]) func `a small batch is filled too`(most: Int) {
    #expect(fill(1, Self.room(0, aim: most, most: most)) == [most < 10 ? most : most - 1])
  }
}
