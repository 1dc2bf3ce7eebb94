import Units

/// An incident and what is said about it as bytes.
extension StateWriter {
  mutating func write(_ bucket: Bucket) { write(bucket.number) }
  mutating func write(_ amount: Amount) { write(amount.nanos) }
  mutating func write(_ flag: Bool) { write(UInt8(flag ? 1 : 0)) }

  mutating func write<Value>(_ value: Value?, _ write: (inout StateWriter, Value) -> Void) {
    self.write(value != nil)
    if let value { write(&self, value) }
  }

  mutating func write<Value>(each values: [Value], _ write: (inout StateWriter, Value) -> Void) {
    self.write(UInt32(values.count))
    for value in values { write(&self, value) }
  }

  mutating func write(_ label: IncidentKey.Label) {
    write(label.name)
    write(label.value)
  }

  mutating func write(_ key: IncidentKey) {
    write(key.rule.rawValue)
    write(each: key.labels) { $0.write($1) }
  }

  mutating func write(_ evidence: IncidentEvidence) {
    write(evidence.view)
    write(evidence.strength)
    write(evidence.since)
    write(evidence.at)
    for amount in [evidence.spend, evidence.expected, evidence.byCalls, evidence.dayAhead] { write(amount) }
    write(evidence.measure) {
      $0.write($1.name)
      $0.write($1.now)
      $0.write($1.usual)
    }
    write(each: evidence.contributors) {
      $0.write(each: $1.labels) { $0.write($1) }
      $0.write($1.excess)
      $0.write($1.permille)
      $0.write($1.isNew)
    }
    write(each: evidence.callIDs) { $0.write($1) }
  }

  mutating func write(_ incident: Incident) {
    write(incident.key)
    write(incident.provider)
    for byte in [incident.phase.rawValue, incident.telling.rawValue] { write(byte) }
    for severity in [incident.severity, incident.toldSeverity] { write(severity.rawValue) }
    for bucket in [incident.opened, incident.fired, incident.told] { write(bucket) }
    write(incident.sequence)
    write(incident.updates)
    write(incident.toldExcess)
    write(incident.evidence)
    for bucket in [incident.calmFrom, incident.ended, incident.heldUntil, incident.inhibitorEnded] {
      write(bucket) { $0.write($1) }
    }
    for ending in [incident.ending, incident.heldEnding] { write(ending) { $0.write($1.rawValue) } }
    write(each: incident.reopenings) { $0.write($1) }
    write(incident.acknowledgedBy) { $0.write($1) }
    write(incident.feedback) { $0.write($1.rawValue) }
    write(incident.inhibitor) { $0.write($1) }
  }

  mutating func write(_ silence: Silence) {
    write(silence.id)
    write(each: silence.matchers) {
      $0.write($1.name)
      $0.write($1.form.rawValue)
      $0.write($1.value)
    }
    write(silence.from.microseconds)
    write(silence.to.microseconds)
    write(silence.author)
    write(silence.reason)
  }
}

extension StateReader {
  mutating func readBucket() throws(WatchFault) -> Bucket { Bucket(number: try read()) }
  mutating func readAmount() throws(WatchFault) -> Amount { Amount(nanos: try read()) }
  mutating func readFlag() throws(WatchFault) -> Bool { try read(UInt8.self) != 0 }

  mutating func readCase<Value: RawRepresentable<UInt8>>(
    _: Value.Type = Value.self
  ) throws(WatchFault) -> Value {
    guard let value = Value(rawValue: try read()) else { throw .damaged }
    return value
  }

  mutating func readOptional<Value>(
    _ read: (inout StateReader) throws(WatchFault) -> Value
  ) throws(WatchFault) -> Value? {
    try readFlag() ? try read(&self) : nil
  }

  mutating func readEach<Value>(
    _ read: (inout StateReader) throws(WatchFault) -> Value
  ) throws(WatchFault) -> [Value] {
    let count = Int(try self.read(UInt32.self))
    // Each value takes a byte at least, so that a wrong count makes no room for itself.
    guard count <= left else { throw .damaged }
    var values: [Value] = []
    for _ in 0..<count { values.append(try read(&self)) }
    return values
  }

  mutating func readLabel() throws(WatchFault) -> IncidentKey.Label {
    IncidentKey.Label(try readText(), try readText())
  }

  mutating func readKey() throws(WatchFault) -> IncidentKey {
    guard let rule = AlertRule(rawValue: try readText()) else { throw .damaged }
    return IncidentKey(rule, try readEach { (reader) throws(WatchFault) in try reader.readLabel() })
  }

  mutating func readEvidence() throws(WatchFault) -> IncidentEvidence {
    let view = try readText()
    let strength = try readDouble()
    var evidence = IncidentEvidence(since: try readBucket())
    evidence.at = try readBucket()
    evidence.view = view
    evidence.strength = strength
    evidence.spend = try readAmount()
    evidence.expected = try readAmount()
    evidence.byCalls = try readAmount()
    evidence.dayAhead = try readAmount()
    evidence.measure = try readOptional { (reader) throws(WatchFault) in
      IncidentEvidence.Measure(try reader.readText(), now: try reader.readDouble(), usual: try reader.readDouble())
    }
    evidence.contributors = try readEach { (reader) throws(WatchFault) in
      IncidentEvidence.Contributor(
        labels: try reader.readEach { (reader) throws(WatchFault) in try reader.readLabel() },
        excess: try reader.readAmount(), permille: try reader.read(), isNew: try reader.readFlag())
    }
    evidence.callIDs = try readEach { (reader) throws(WatchFault) in try reader.readText() }
    return evidence
  }

  mutating func readIncident() throws(WatchFault) -> Incident {
    let key = try readKey()
    let provider = try readText()
    let phase = try readCase(Incident.Phase.self)
    let telling = try readCase(Incident.Telling.self)
    let severity = try readCase(Severity.self)
    let toldSeverity = try readCase(Severity.self)
    let opened = try readBucket()
    let fired = try readBucket()
    let told = try readBucket()
    let sequence = try read(Int32.self)
    let updates = try read(Int32.self)
    let toldExcess = try readAmount()
    var incident = Incident(key, at: opened, severity: severity, evidence: try readEvidence(), provider: provider)
    incident.phase = phase
    incident.telling = telling
    incident.toldSeverity = toldSeverity
    incident.fired = fired
    incident.told = told
    incident.sequence = sequence
    incident.updates = updates
    incident.toldExcess = toldExcess
    incident.calmFrom = try readOptional { (reader) throws(WatchFault) in try reader.readBucket() }
    incident.ended = try readOptional { (reader) throws(WatchFault) in try reader.readBucket() }
    incident.heldUntil = try readOptional { (reader) throws(WatchFault) in try reader.readBucket() }
    incident.inhibitorEnded = try readOptional { (reader) throws(WatchFault) in try reader.readBucket() }
    incident.ending = try readOptional { (reader) throws(WatchFault) in try reader.readCase() }
    incident.heldEnding = try readOptional { (reader) throws(WatchFault) in try reader.readCase() }
    incident.reopenings = try readEach { (reader) throws(WatchFault) in try reader.readBucket() }
    incident.acknowledgedBy = try readOptional { (reader) throws(WatchFault) in try reader.readText() }
    incident.feedback = try readOptional { (reader) throws(WatchFault) in try reader.readCase() }
    incident.inhibitor = try readOptional { (reader) throws(WatchFault) in try reader.readKey() }
    return incident
  }

  /// Its bounds were looked at when it was made.
  mutating func readSilence() throws(WatchFault) -> Silence {
    let id = try read(Int64.self)
    let matchers = try readEach { (reader) throws(WatchFault) in
      let name = try reader.readText()
      let form = try reader.readCase(Silence.Matcher.Form.self)
      return Silence.Matcher(name, form, try reader.readText())
    }
    let from = Timestamp(microseconds: try read())
    let to = Timestamp(microseconds: try read())
    let silence = try? Silence(
      id: id, matchers, from: from, to: to, author: try readText(), reason: try readText())
    guard let silence else { throw .damaged }
    return silence
  }
}
