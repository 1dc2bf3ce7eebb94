import Testing

/// A sender in acknowledged mode that keeps its lines until they are on disk, as a good client does.
///
/// It never waits: what it is told is looked at when ``hear(_:)`` is called.
final class SpoolingSender {
  let client: String
  private(set) var epoch = 1
  private(set) var link: Link?
  private(set) var isReady = false
  /// The calls by their numbers, from 1 on.
  private var spool: [Int] = []
  private(set) var acknowledged = 0
  /// Lines up to here have been handed to the link.
  private var handed = 0
  /// A connection of the same name and epoch that has been left open behind this one.
  private var other: Link?

  init(_ client: String) { self.client = client }

  var isSettled: Bool { acknowledged == spool.count }

  func connect(_ path: String) {
    isReady = false
    link = Link(path)
    link?.add(RawSender.hello(client, epoch))
  }

  func disconnect() {
    link = nil
    isReady = false
  }

  /// Leaves the connection open, with what it has yet to send, and opens another.
  func connectBeside(_ path: String) {
    other = link
    connect(path)
  }

  /// Begins an epoch of its own: what is not known to be on disk is sent again under numbers from 1 on.
  func beginEpoch(_ path: String) {
    spool.removeFirst(acknowledged)
    acknowledged = 0
    handed = 0
    epoch += 1
    other = nil
    connect(path)
  }

  func keep(_ call: Int) { spool.append(call) }

  /// Hands everything to the link again, from the first line on.
  func replay() { handed = 0 }

  /// Whether the first line of the spool has been handed to the link: all of it could be sent again.
  var hasSent: Bool { handed > 0 && acknowledged > 0 }

  /// Hands the link what it has not been given, and writes a piece.
  func write(atMost bytes: Int, _ obligations: inout Obligations) {
    other?.write(atMost: bytes)
    guard let link else { return }
    if isReady, handed < spool.count, !link.hasUnsent {
      for place in handed..<min(spool.count, handed + 200) {
        link.add(RawSender.line(place + 1, #""id":"o-\#(spool[place])","#, input: spool[place]))
        obligations.send(spool[place])
      }
      handed = min(spool.count, handed + 200)
    }
    link.write(atMost: bytes)
  }

  /// Takes in what it was told; a line of another kind is returned.
  func hear(_ obligations: inout Obligations) -> String? {
    other?.read()
    guard let link else { return nil }
    link.read()
    while let line = link.line() {
      if line.hasPrefix("{\"ack\":"), let number = Int(line.dropFirst(7).dropLast()) {
        settle(number, &obligations)
      } else if let number = line.firstMatch(of: /"resume_after":(\d+)/).flatMap({ Int($0.1) }) {
        settle(number, &obligations)
        isReady = true
        handed = number
      } else {
        return line
      }
    }
    if link.isBroken { disconnect() }
    return nil
  }

  private func settle(_ number: Int, _ obligations: inout Obligations) {
    let number = min(number, spool.count)
    guard number > acknowledged else { return }
    for place in acknowledged..<number { obligations.acknowledge(spool[place]) }
    acknowledged = number
  }
}
