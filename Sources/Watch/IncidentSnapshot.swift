import Units

extension IncidentBook {
  /// The version of a snapshot's bytes.
  package static let snapshotVersion: UInt16 = 1
  private static let mark: UInt32 = 0x4942_4254

  /// All that is held, to the last bit, in the order of the keys: mark, version, incidents, silences, levels, digest.
  ///
  /// A book that goes on from it tells what this one would have told.
  package var snapshot: [UInt8] {
    var writer = StateWriter()
    writer.write(Self.mark)
    writer.write(Self.snapshotVersion)
    writer.write(last) { $0.write($1) }
    writer.write(turnedAway)
    writer.write(each: incidents) { $0.write($1) }
    writer.write(each: silences) { $0.write($1) }
    writer.write(each: raised.sorted { $0.key < $1.key }) {
      $0.write($1.key)
      $0.write($1.value.factor)
      $0.write($1.value.until)
    }
    writer.write(writer.bytes.withUnsafeBytes { Digest64.of($0) })
    return writer.bytes
  }

  /// Goes on from a snapshot, under limits of now.
  ///
  /// - Throws: ``IncidentFault`` when the bytes are none, of another version, damaged, or hold too many incidents.
  package init(
    snapshot: [UInt8], limits: IncidentLimits = IncidentLimits(), severities: SeverityLimits = SeverityLimits()
  ) throws(IncidentFault) {
    self.init(limits: limits, severities: severities)
    do throws(WatchFault) { try read(snapshot) } catch {
      switch error {
      case .noSnapshot: throw .noSnapshot
      case .otherVersion(let version, let known): throw .otherVersion(version, known: known)
      case .tooManySeries(let count, let most): throw .tooManyIncidents(count, most: most)
      case .damaged: throw .damaged
      }
    }
  }

  private mutating func read(_ snapshot: [UInt8]) throws(WatchFault) {
    var reader = StateReader(snapshot[...])
    guard let mark = try? reader.read(UInt32.self), mark == Self.mark else { throw .noSnapshot }
    let version = try reader.read(UInt16.self)
    guard version == Self.snapshotVersion else { throw .otherVersion(version, known: Self.snapshotVersion) }
    guard snapshot.count > 8 else { throw .damaged }
    var end = StateReader(snapshot.suffix(8))
    let digest = try end.read(UInt64.self)
    guard digest == snapshot.dropLast(8).withUnsafeBytes({ Digest64.of($0) }) else { throw .damaged }
    last = try reader.readOptional { (reader) throws(WatchFault) in try reader.readBucket() }
    turnedAway = try reader.read()
    let incidents = try reader.readEach { (reader) throws(WatchFault) in try reader.readIncident() }
    guard incidents.count <= limits.incidentsMax else {
      throw .tooManySeries(incidents.count, most: limits.incidentsMax)
    }
    for incident in incidents { held[incident.key] = incident }
    silences = try reader.readEach { (reader) throws(WatchFault) in try reader.readSilence() }
    let levels = try reader.readEach { (reader) throws(WatchFault) in
      (try reader.readKey(), RaisedLevel(factor: try reader.readDouble(), until: try reader.readBucket()))
    }
    for (key, level) in levels { raised[key] = level }
    guard reader.left == 8, held.count == incidents.count else { throw .damaged }
  }
}
