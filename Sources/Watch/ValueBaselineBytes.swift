import Units

extension ValueBaseline {
  /// The version of a snapshot's bytes.
  package static let snapshotVersion: UInt16 = 1
  private static let mark: UInt32 = 0x5642_4254

  /// All that is kept, to the last bit: mark, version, state, digest.
  package var snapshot: [UInt8] {
    var writer = StateWriter()
    writer.write(Self.mark)
    writer.write(Self.snapshotVersion)
    writer.write(count)
    for value in [last, level, logLevel, roughness, roughnessScale, mean] { writer.write(value) }
    for moments in [levelMoments, logMoments, roughnessMoments] {
      writer.write(moments.mean)
      writer.write(moments.variance)
    }
    for envelope in [values, means] {
      writer.write(envelope.low)
      writer.write(envelope.high)
    }
    for place in 0..<6 {
      writer.write(tails[place].quantile)
      writer.write(tails[place].excess)
      writer.write(tails[place].scale)
      writer.write(tails[place].exceedances)
    }
    writer.write(writer.bytes.withUnsafeBytes { Digest64.of($0) })
    return writer.bytes
  }

  /// Goes on from a snapshot.
  ///
  /// - Throws: ``WatchFault`` when the bytes are none, of another version, or damaged.
  package init(snapshot: [UInt8]) throws(WatchFault) {
    var reader = StateReader(snapshot[...])
    guard let mark = try? reader.read(UInt32.self), mark == Self.mark else { throw .noSnapshot }
    let version = try reader.read(UInt16.self)
    guard version == Self.snapshotVersion else { throw .otherVersion(version, known: Self.snapshotVersion) }
    var end = StateReader(snapshot.suffix(8))
    let digest = try end.read(UInt64.self)
    guard digest == snapshot.dropLast(8).withUnsafeBytes({ Digest64.of($0) }) else { throw .damaged }
    count = try reader.read()
    last = try reader.readDouble()
    level = try reader.readDouble()
    logLevel = try reader.readDouble()
    roughness = try reader.readDouble()
    roughnessScale = try reader.readDouble()
    mean = try reader.readDouble()
    levelMoments = Moments(mean: try reader.readDouble(), variance: try reader.readDouble())
    logMoments = Moments(mean: try reader.readDouble(), variance: try reader.readDouble())
    roughnessMoments = Moments(mean: try reader.readDouble(), variance: try reader.readDouble())
    values = Envelope(low: try reader.readDouble(), high: try reader.readDouble())
    means = Envelope(low: try reader.readDouble(), high: try reader.readDouble())
    for place in 0..<6 {
      tails[place] = ValueTail(
        quantile: try reader.readDouble(), excess: try reader.readDouble(), scale: try reader.readDouble(),
        exceedances: try reader.readDouble())
    }
    guard reader.left == 8 else { throw .damaged }
  }
}
