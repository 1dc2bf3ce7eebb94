import Testing

@testable import Sidecar

/// Who may add a line to a batch of 100, of which 10 are kept for those that have few in it.
@Suite struct BatchShareTests {
  @Test func `one that floods leaves a tenth to the others`() {
    var flood = BatchShare()
    var filled = 0
    while flood.mayAdd(toBatch: 0, filled: filled, most: 100, isAlone: false) {
      flood.add()
      filled += 1
    }
    #expect(filled == 90)
    // Ten others come with a line each; none of the flood's gets in between.
    for _ in 0..<10 {
      var other = BatchShare()
      let fits = other.mayAdd(toBatch: 0, filled: filled, most: 100, isAlone: false)
      #expect(fits)
      filled += 1
      let more = flood.mayAdd(toBatch: 0, filled: filled, most: 100, isAlone: false)
      #expect(!more)
    }
    var late = BatchShare()
    #expect(filled == 100)
    let fits = late.mayAdd(toBatch: 0, filled: filled, most: 100, isAlone: false)
    #expect(!fits)
    // The next batch is empty, and nothing in it is the flood's yet.
    let next = flood.mayAdd(toBatch: 1, filled: 99, most: 100, isAlone: false)
    #expect(next)
  }

  @Test func `one that is alone fills the batch`() {
    var sender = BatchShare()
    for filled in 0..<100 {
      let fits = sender.mayAdd(toBatch: 0, filled: filled, most: 100, isAlone: true)
      #expect(fits)
      sender.add()
    }
    let fits = sender.mayAdd(toBatch: 0, filled: 100, most: 100, isAlone: true)
    #expect(!fits)
  }

  @Test(arguments: [1, 2, 9, 10, 11]) func `a small batch is filled too`(most: Int) {
    var sender = BatchShare()
    var filled = 0
    while sender.mayAdd(toBatch: 0, filled: filled, most: most, isAlone: false) {
      sender.add()
      filled += 1
    }
    #expect(filled == (most < 10 ? most : most - 1))
  }
}
