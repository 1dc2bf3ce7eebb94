import Units

/// Makes calls of log lines: the only maker of ``Call``s.
///
/// One decoder serves one thread. It keeps every subject it has met, and the details of the calls
/// since they were last taken.
package struct CallDecoder: ~Copyable {
  package var subjects = SubjectTable()
  /// JSON text of the calls' rare details; calls hold ranges of it.
  ///
  /// Whoever books the calls takes it and leaves an empty one.
  package var details = DetailText()

  /// What was wrong with the last hello that was refused.
  package private(set) var helloFault: HelloFault?

  let line: ScannedLine
  var scanner: LineScanner
  var key = SubjectKeyBuilder()
  /// The calls of a line of another program's shape, and how many of them have been decoded.
  var unfolding = Unfolding()

  /// Which event of a stream the line decoded last is, where it hangs on others.
  package private(set) var event: MessageEvent?
  /// A delta of a stream is left to ``decode(_:joining:arrival:defaults:into:)``, whatever it says.
  package var joinsMessages = false

  /// How lines are read that are of no shape we know; set between lines.
  package var mappings: LineMappings { didSet { scanner.marks = mappings.signs } }

  package init(mappings: LineMappings = .none) {
    line = ScannedLine()
    scanner = LineScanner(into: line, keys: KeyTable.shared)
    self.mappings = mappings
    scanner.marks = mappings.signs
  }

  deinit {
    line.deallocate()
    key.deallocate()
  }

  /// What a line is.
  package enum Decoded {
    case call(Call)
    case other(NoCall)
  }

  /// What a line is that is no call.
  package enum NoCall {
    case hello(Hello)
    /// Nothing but white space.
    case blank
    /// Sound, and no call: there is nothing to mend and nothing to keep.
    case ignored(Ignored)
    case refused(Refusal)
  }

  /// Decodes one line without its newline; 16 bytes behind its last one must be readable.
  ///
  /// A line of another program's shape may tell of several calls: this is the first of them, and
  /// ``decodeNext(arrival:defaults:into:)`` gives the others while ``hasMore``.
  ///
  /// `arrival` is the call's time where the line states none.
  package mutating func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, arrival: Timestamp, defaults: CallDefaults
  ) -> Decoded {
    var call = Call()
    if let other = decode(bytes, arrival: arrival, defaults: defaults, into: &call) {
      return .other(other)
    }
    return .call(call)
  }

  /// As ``decode(_:arrival:defaults:)``, into a call that the caller keeps: nil when the line is one.
  ///
  /// A call is too large to hand around a million times a second.
  package mutating func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, arrival: Timestamp, defaults: CallDefaults,
    into call: inout Call
  ) -> NoCall? {
    event = nil
    guard var start = bytes.baseAddress else { return .blank }
    var count = bytes.count
    if count >= 3, start[0] == 0xef, start[1] == 0xbb, start[2] == 0xbf {
      start += 3
      count -= 3
    }
    var first = 0
    while first < count, start[first] <= 32, start[first] != 0 { first += 1 }
    if first == count { return .blank }
    guard count <= Limits.lineBytes else { return .refused(.tooLong) }
    unfolding.isOpen = false
    return decode(
      start, count: count, arrival: arrival, defaults: defaults, mayUnfold: true, into: &call)
  }

  /// Decodes one line that is no white space, or one of those that it was unfolded to.
  mutating func decode(
    _ start: UnsafePointer<UInt8>, count: Int, arrival: Timestamp, defaults: CallDefaults,
    mayUnfold: Bool, into call: inout Call
  ) -> NoCall? {
    scanner.take(start, count: count)
    let before = details.bytes.count
    do throws(Refusal) {
      try scanner.scan()
      if line.sawHello { return greeting() }
      if line.sawKind, mayUnfold, let found = messageEvent {
        // Inside an envelope nothing says whose events belong together.
        if unfolding.isOpen {
          if found == .start { return .ignored(.streamPart) }
        } else {
          event = found
          if joinsMessages, found == .delta { return .ignored(.streamPart) }
        }
      }
      if line.sawSign, mayUnfold,
        let unfolded = try unfold(start, count: count, arrival: arrival, defaults: defaults, into: &call)
      {
        return unfolded.noCall
      }
      if let misfit = line.misfit { throw misfit }
      if line.sawKind, let reason = partOrSum(defaults) { return .ignored(reason) }
      call.clear()
      try read(&call, arrival: arrival, defaults: defaults)
      if unfolding.isOpen { call.shape = unfolding.shape }
      return nil
    } catch {
      details.bytes.removeLast(details.bytes.count - before)
      guard line.sawHello else { return .refused(error) }
      helloFault = .line(error)
      return .refused(.badHello)
    }
  }

  private mutating func greeting() -> NoCall {
    do throws(HelloFault) {
      return .hello(try hello())
    } catch {
      helloFault = error
      return .refused(.badHello)
    }
  }

  /// The line's `n`, as far as it can be made out; also of a line that was refused.
  package var lineNumber: Int64? {
    let slice = line[.number]
    guard slice.kind == .number else { return nil }
    return try? CountText.whole(line.bytes(of: slice))
  }

  /// The dead letter that the line says it settles; of meaning in a replay.
  package var letter: Int64? {
    let slice = line[.letter]
    guard slice.kind == .number else { return nil }
    return try? CountText.whole(line.bytes(of: slice))
  }

  // MARK: - The call

  private mutating func read(
    _ call: inout Call, arrival: Timestamp, defaults: CallDefaults
  ) throws(Refusal) {
    var dialect: Dialect?
    if line.has(.dialect) {
      guard line[.dialect].isText, let named = Dialect(named: line.bytes(of: line[.dialect])) else {
        throw .wrongType
      }
      dialect = named
    }
    let reading = try UsageReading.read(line, dialect: dialect)
    call.usage = reading.usage
    call.flags = reading.flags
    call.at = try instant(arrival, &call.flags)
    let status = try outcome(&call)
    if line.has(.headerFalUnits), line[.headerFalUnits].kind != .escapedText {
      call.billableMicros = try CountText.parts(
        line.bytes(of: line[.headerFalUnits]), decimals: 6, fractionIsRounded: false)
    }
    if call.usage.isEmpty, !call.flags.contains(.contradictory), call.billableMicros < 0 {
      try readParameters(&call)
    }
    guard
      !call.usage.isEmpty || line.sawUsage || line.sawUnits || status || line.has(.cost)
        || call.billableMicros >= 0
        || call.flags.contains(.contradictory)
    else { throw .noUsage }
    readStream(&call)
    if line.has(.number) { call.number = lineNumber ?? 0 }
    if line.has(.latency) {
      let slice = line[.latency]
      let latency = try CountText.parts(
        line.bytes(of: slice), decimals: 0, fractionIsRounded: true)
      guard let milliseconds = Int32(exactly: latency) else { throw .countTooLarge }
      call.latencyMilliseconds = milliseconds
    }
    try identify(&call)
    call.subject = try subject(&call, defaults)
    try writeDetails(&call, raw: reading.raw, defaults: defaults)
  }

  // In order of precedence; kept, because a list made for every line would cost an allocation.
  private static let timeSlots: [Slot] = [.at, .created, .createdAt, .bodyCreated]
  private static let responseIDSlots: [Slot] = [.bodyID, .responseID]
  private static let referenceSlots: [Slot] = [
    .providerRequestID, .headerInferenceID, .headerFalRequestID, .headerRequestID,
    .headerPlainRequestID, .requestID,
  ]

  private func instant(_ arrival: Timestamp, _ flags: inout CallFlags) throws(Refusal) -> Timestamp {
    for slot in Self.timeSlots where line.has(slot) {
      let slice = line[slot]
      let bytes = line.bytes(of: slice)
      switch slice.kind {
      case .number: return try CountText.unixTime(bytes)
      case .text: return try CountText.time(bytes)
      default: throw .badTime
      }
    }
    flags.insert(.timeOfArrival)
    return arrival
  }

  /// The caller's id, else the provider's; digests only, the text is not kept.
  private func identify(_ call: inout Call) throws(Refusal) {
    let isBare =
      line.has(.object) || line.has(.modelVersion) || line.has(.responseID) || line.has(.type)
    if let own = try digest(.id) {
      call.key = own
      if isBare { call.flags.insert(.providerKey) }
    } else {
      for slot in Self.responseIDSlots {
        guard let given = try digest(slot) else { continue }
        call.key = given
        call.flags.insert(.providerKey)
        break
      }
    }
    for slot in Self.referenceSlots {
      if let reference = try digest(slot) {
        call.reference = reference
        break
      }
    }
    if call.reference == 0, line.has(.bodyID) || line.has(.responseID) {
      // Beside an id of the caller's own, the response's id is what others know the call by.
      for slot in Self.responseIDSlots where call.reference == 0 { call.reference = try digest(slot) ?? 0 }
    }
    if call.reference == call.key { call.reference = 0 }
  }

  private func digest(_ slot: Slot) throws(Refusal) -> UInt64? {
    let slice = line[slot]
    switch slice.kind {
    case .absent, .null: return nil
    case .text:
      guard slice.length > 0 else { throw .emptyID }
      guard slice.length <= Limits.idBytes else { throw .textTooLong }
      return Digest64.of(UnsafeRawBufferPointer(line.bytes(of: slice)))
    case .escapedText:
      return Digest64.of(try SubjectKeyBuilder.string(line, slice, limit: Limits.idBytes))
    case .number: return Digest64.of(UnsafeRawBufferPointer(line.bytes(of: slice)))
    default: throw .wrongType
    }
  }
}
