import Calls
import Units

/// Messages whose stream has begun and not ended, by who sends them: what a delta without an id belongs to.
///
/// A sender or connection usually has one. With several open at once, events without ids cannot be told
/// apart: nothing is joined until all of them have ended, but for events that name their message.
struct OpenMessages {
  /// Senders and connections with open messages, and messages of one of them.
  static let keysMax = 10_000
  static let messagesMax = 16
  /// Bytes of what is kept of a message's start.
  static let lineBytesMax = 4_096
  /// Minutes without an end after which a message is taken as broken off.
  static let openMinutes: Int64 = 15

  enum Key: Hashable {
    case sender(Int32)
    case connection(Int32)
  }

  struct Message {
    /// The start as a line of our own, with 16 bytes behind it that may be read.
    let line: ContiguousArray<UInt8>
    /// Digests of the ids it is known by.
    let ids: [UInt64]
    let since: Timestamp
    /// Its counts have come: what begins now is another message.
    var hasCounts = false
  }

  private struct Streams {
    var messages: [Message] = []
    var isMixed = false
    /// Ends that came while it was mixed.
    var stops = 0
  }

  /// What an event without an id may belong to.
  enum Found {
    case message(Message)
    case none
    case several
  }

  private var open: [Key: Streams] = [:]
  /// Messages that were taken as broken off since this was last asked.
  private var brokenOff = 0

  var isEmpty: Bool { open.isEmpty }

  /// A message begins; the same one again, when it is sent again.
  mutating func begin(_ message: Message, of key: Key) {
    var streams = open[key] ?? Streams()
    if open[key] == nil, open.count >= Self.keysMax { forget(before: message.since) }
    guard message.line.count <= Self.lineBytesMax, open.count < Self.keysMax || open[key] != nil else { return }
    let limit = Self.limit(message.since)
    streams.messages.removeAll { old in
      let isOver = old.hasCounts || old.since < limit || old.ids == message.ids
      if isOver, !old.hasCounts, old.ids != message.ids { brokenOff += 1 }
      return isOver
    }
    if streams.messages.isEmpty { streams = Streams() }
    if streams.messages.count >= Self.messagesMax {
      streams.messages.removeFirst()
      brokenOff += 1
    }
    streams.messages.append(message)
    streams.isMixed = streams.isMixed || streams.messages.count > 1
    open[key] = streams
  }

  /// The message that an event belongs to; `id` is the digest of the id beside it, 0 for none.
  func message(of key: Key, named id: UInt64, at now: Timestamp) -> Found {
    guard let streams = open[key] else { return .none }
    if id != 0, let named = streams.messages.first(where: { $0.ids.contains(id) }) { return .message(named) }
    if streams.isMixed { return .several }
    guard let only = streams.messages.first, only.since >= Self.limit(now) else { return .none }
    return .message(only)
  }

  /// Counts of a message have come.
  mutating func counted(_ message: Message, of key: Key) {
    guard let place = open[key]?.messages.firstIndex(where: { $0.ids == message.ids }) else { return }
    open[key]?.messages[place].hasCounts = true
  }

  /// A message ends.
  mutating func end(_ key: Key, named id: UInt64) {
    guard var streams = open[key] else { return }
    if id != 0, let place = streams.messages.firstIndex(where: { $0.ids.contains(id) }) {
      streams.messages.remove(at: place)
      if streams.messages.count == 1, streams.stops == 0 { streams.isMixed = false }
    } else if streams.isMixed {
      streams.stops += 1
      if streams.stops >= streams.messages.count { streams.messages = [] }
    } else {
      streams.messages = []
    }
    open[key] = streams.messages.isEmpty ? nil : streams
  }

  /// Nothing more comes of a connection: what is open broke off.
  mutating func leave(_ key: Key) {
    guard let streams = open.removeValue(forKey: key) else { return }
    brokenOff += streams.messages.count { !$0.hasCounts }
  }

  /// Messages that were found to be broken off, since this was last asked.
  mutating func takeBrokenOff() -> Int {
    defer { brokenOff = 0 }
    return brokenOff
  }

  private mutating func forget(before now: Timestamp) {
    let limit = Self.limit(now)
    for (key, streams) in open where streams.messages.allSatisfy({ $0.since < limit }) {
      brokenOff += streams.messages.count { !$0.hasCounts }
      open[key] = nil
    }
  }

  private static func limit(_ now: Timestamp) -> Timestamp {
    Timestamp(microseconds: now.microseconds - openMinutes * 60_000_000)
  }

  // MARK: - In the ledger

  /// A sender's open messages as the ledger keeps them, a line each; nil for none.
  func text(of key: Key) -> String? {
    guard let messages = open[key]?.messages, !messages.isEmpty else { return nil }
    return messages.map { message in
      message.ids.map { String($0, radix: 16) }.joined(separator: ",") + " "
        + (message.hasCounts ? "1 " : "0 ") + String(decoding: message.line.dropLast(16), as: UTF8.self)
    }.joined(separator: "\n")
  }

  /// Takes up what the ledger kept of a sender.
  mutating func restore(_ text: String, of key: Key, at now: Timestamp) {
    for row in text.split(separator: "\n") {
      let parts = row.split(separator: " ", maxSplits: 2)
      guard parts.count == 3 else { continue }
      var message = Message(
        line: ContiguousArray(parts[2].utf8) + ContiguousArray(repeating: 0, count: 16),
        ids: parts[0].split(separator: ",").compactMap { UInt64($0, radix: 16) }, since: now)
      message.hasCounts = parts[1] == "1"
      begin(message, of: key)
    }
  }
}
