import Books
import Calls
import Units

/// Senders in acknowledged mode, and how far their numbered lines were taken.
extension LinePump {
  /// Whether the sender is known, or one more may be.
  package func hasRoom(for sender: Sender) -> Bool {
    senders.count < Self.sendersMax || senderNumbers[sender] != nil
  }

  /// The sender's number, and the last line of it that is on disk; ask ``hasRoom(for:)`` first.
  package mutating func join(_ sender: Sender) -> (number: Int32, resumeAfter: Int64) {
    let number = number(of: sender, marked: 0)
    return (number, senders[Int(number)].marked)
  }

  mutating func number(of sender: Sender, marked: Int64) -> Int32 {
    if let number = senderNumbers[sender] { return number }
    let number = Int32(senders.count)
    senderNumbers[sender] = number
    senders.append(SenderState(sender: sender, taken: marked, marked: marked))
    batch.newSenders.append(sender)
    return number
  }

  /// Whether a number is no further line of the sender's but a slip.
  func isTooFar(_ number: Int64, _ source: Source) -> Bool {
    source.sender >= 0 && !source.isFile
      && number > senders[Int(source.sender)].taken &+ Limits.numberStep
  }

  /// Takes the line's number; false when the line was taken before.
  mutating func settle(_ number: Int64, of source: Source) -> Bool {
    lastNumber = number
    let place = Int(source.sender)
    if !senders[place].hasMoved {
      senders[place].hasMoved = true
      moved.append(source.sender)
    }
    guard number > senders[place].taken else {
      senders[place].replays += 1
      return false
    }
    if !source.isFile { senders[place].gaps += number - senders[place].taken - 1 }
    senders[place].taken = number
    return true
  }

  /// Notes that the sender's lines up to `number` are on disk.
  package mutating func marked(_ sender: Int32, upTo number: Int64) {
    senders[Int(sender)].marked = max(senders[Int(sender)].marked, number)
  }

  /// Whether lines of the sender are taken and not yet on disk.
  package func hasUnsettled(_ sender: Int32) -> Bool {
    let state = senders[Int(sender)]
    return state.hasMoved || state.taken > state.marked
  }

  /// The name of a sender's client.
  func client(of sender: Int32) -> String { senders[Int(sender)].sender.client }

  package func mark(of sender: Int32) -> Int64 { senders[Int(sender)].marked }
}
