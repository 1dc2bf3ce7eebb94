import Testing

@testable import Sidecar

/// Whose work is gone on with, told by order.
@Suite struct FairTurnsTests {
  @Test func `who has little goes before those that have much`() {
    var turns = FairTurns<String>()
    for large in ["a", "b", "c"] { turns.add(large, bytes: 1_000) }
    turns.add("small", bytes: 10)
    #expect(turns.owners == ["small", "a", "b", "c"])
  }

  @Test func `pieces of those that have as much come in turn, and one that comes new waits for none of them`() {
    var turns = FairTurns<String>()
    var due = ["a": turns.add("a", bytes: 100), "b": turns.add("b", bytes: 100)]
    var taken: [String] = []
    for round in 1...6 {
      guard let next = turns.next() else { break }
      taken.append(next)
      if next != "new" { due[next] = turns.add(next, bytes: 100, behind: due[next] ?? 0) }
      if round == 4 { turns.add("new", bytes: 5) }
    }
    // Four pieces are done, the next two are due at 300, and the new one at 205.
    #expect(taken == ["a", "b", "a", "b", "new", "a"])
  }

  // 30 pieces of 100 bytes come while one of 1,000 waits: nine of them go before it, however many more come.
  @Test func `small ones that keep coming do not hold up a large one for ever`() {
    var turns = FairTurns<Int>()
    turns.add(-1, bytes: 1_000)
    turns.add(0, bytes: 100)
    for number in 1...30 {
      guard let next = turns.next() else { break }
      if next == -1 {
        #expect(number == 10)
        return
      }
      turns.add(number, bytes: 100)
    }
    Issue.record("the large one had no turn")
  }

  @Test func `a place in the order can be passed over`() {
    var turns = FairTurns<String>()
    turns.add("a", bytes: 1)
    turns.add("b", bytes: 2)
    #expect(turns.take(at: 1) == "b")
    #expect(turns.reached == 2)
    #expect(turns.next() == "a")
    #expect(turns.next() == nil)
    #expect(turns.isEmpty)
  }
}
