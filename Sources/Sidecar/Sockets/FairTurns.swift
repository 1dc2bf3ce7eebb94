/// Whose turn it is among those that have work, where each has as much done as the others.
///
/// A piece of work is due behind as many bytes as it has itself, counted from what is done when it comes, or from where
/// its owner's piece before was due. So whoever has little goes before those that have much, however many they are and
/// however long they have waited; and whoever has much is passed by no more work than its own.
/// The rule is that of self-clocked fair queueing (Golestani, 1994).
struct FairTurns<Owner> {
  private var waiting: [(owner: Owner, due: Int)] = []
  /// Where the piece was due that was given out last, in bytes since the start.
  private(set) var reached = 0

  var isEmpty: Bool { waiting.isEmpty }
  var count: Int { waiting.count }
  /// Those that wait, in their order.
  var owners: [Owner] { waiting.map(\.owner) }

  /// Adds a piece of so many bytes; where it is due, to be told with the owner's next piece.
  @discardableResult mutating func add(_ owner: Owner, bytes: Int, behind last: Int = 0) -> Int {
    let due = max(reached, last) + max(1, bytes)
    let place = (waiting.lastIndex { $0.due <= due } ?? -1) + 1
    waiting.insert((owner, due), at: place)
    return due
  }

  /// Takes out the next, and goes on to where it was due; nil when there is none.
  mutating func next() -> Owner? { isEmpty ? nil : take(at: 0) }

  /// Takes out the one at a place in the order, whose turn it is where those before it cannot go on.
  mutating func take(at place: Int) -> Owner {
    let (owner, due) = waiting.remove(at: place)
    reached = max(reached, due)
    return owner
  }

  mutating func removeAll() { waiting.removeAll() }
}
