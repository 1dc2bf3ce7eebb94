import Books
import Calls
import Units

/// Events of a stream, which hang on the one that began it.
extension LinePump {
  /// What becomes of an event of a stream: a delta whose start is known is a call.
  ///
  /// A source without a connection, such as datagrams, joins nothing: its starts are parts of streams, and
  /// a delta is a call where it says all of one.
  mutating func join(
    _ event: MessageEvent, _ other: CallDecoder.NoCall?, _ line: UnsafeBufferPointer<UInt8>, from source: Source,
    at arrival: Timestamp, number: Int64?
  ) -> CallDecoder.NoCall? {
    guard let key = source.streams else {
      switch (event, other) {
      case (.start, nil):
        dropDetails()
        return .ignored(.streamPart)
      case (.delta, .ignored): return decodeAlone(line, from: source, at: arrival)
      default: return other
      }
    }
    switch event {
    case .start: return other
    case .stop:
      if isNew(number ?? decoder.lineNumber, of: source) {
        openMessages.end(key, named: decoder.eventID)
        noteMessages(of: source)
      }
      return other
    case .delta:
      guard decoder.eventHasUsage, case .ignored = other else { return other }
      switch openMessages.message(of: key, named: decoder.eventID, at: arrival) {
      case .message(let message):
        joined = message
        return decoder.decode(line, joining: message.line, arrival: arrival, defaults: source.defaults, into: &call)
      case .several: return .refused(.streamsMixed)
      case .none:
        let alone = decodeAlone(line, from: source, at: arrival)
        if case .ignored = alone { return .refused(.streamUnknown) }
        return alone
      }
    }
  }

  /// Notes what an event that was taken means for those behind it.
  mutating func follow(_ event: MessageEvent, from source: Source, at arrival: Timestamp) {
    guard let key = source.streams else { return }
    switch event {
    case .start:
      let line = decoder.startLine + ContiguousArray(repeating: 0, count: 16)
      openMessages.begin(
        OpenMessages.Message(line: line, ids: [call.key, call.reference].filter { $0 != 0 }, since: arrival), of: key)
    case .delta:
      guard let message = joined else { return }
      openMessages.counted(message, of: key)
    case .stop: return
    }
    noteMessages(of: source)
  }

  private mutating func decodeAlone(
    _ line: UnsafeBufferPointer<UInt8>, from source: Source, at arrival: Timestamp
  ) -> CallDecoder.NoCall? {
    decoder.joinsMessages = false
    defer { decoder.joinsMessages = true }
    return decoder.decode(line, arrival: arrival, defaults: source.defaults, into: &call)
  }

  /// Whether a line of that number was not taken before.
  private func isNew(_ number: Int64?, of source: Source) -> Bool {
    source.sender < 0 || number.map { $0 > senders[Int(source.sender)].taken } ?? true
  }

  private mutating func noteMessages(of source: Source) {
    if source.sender >= 0 { messagesMoved.insert(source.sender) }
  }

  /// Nothing more comes of a connection.
  ///
  /// What a sender in acknowledged mode has open it may end on its next connection.
  package mutating func leave(_ source: Source) {
    if case .connection = source.streams, let key = source.streams { openMessages.leave(key) }
  }

  /// Streams that were found to have broken off, since this was last asked.
  package mutating func takeBrokenOff() -> Int { openMessages.takeBrokenOff() }

  /// Hands what changed of senders' open messages to the batch.
  mutating func sealMessages() {
    for sender in messagesMoved {
      let text = openMessages.text(of: .sender(sender))
      if text == nil, !messagesKept.contains(sender) { continue }
      batch.openMessages[sender] = text ?? ""
      if text == nil { messagesKept.remove(sender) } else { messagesKept.insert(sender) }
    }
    messagesMoved.removeAll(keepingCapacity: true)
  }
}

extension LinePump.Source {
  /// Whose open messages its events belong to; nil where nothing holds its lines together.
  var streams: OpenMessages.Key? {
    if sender >= 0 { return .sender(sender) }
    return connection >= 0 ? .connection(connection) : nil
  }
}
