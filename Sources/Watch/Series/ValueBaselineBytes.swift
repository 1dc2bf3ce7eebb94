import Units

extension ValueBaseline {
  /// The version of a snapshot's bytes.
  package static let snapshotVersion: UInt16 = 1
  private static let header = SnapshotHeader(mark: 0x5642_4254, version: snapshotVersion)

  /// All that is kept, to the last bit: mark, version, state, digest.
  package var snapshot: [UInt8] {
    StateWriter.snapshot(Self.header) { writer in
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
    }
  }

  /// Goes on from a snapshot.
  ///
  /// - Throws: ``WatchFault`` when the bytes are none, of another version, or damaged.
  package init(snapshot: [UInt8]) throws(WatchFault) {
    var reader = try StateReader(snapshot: snapshot, Self.header)
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
    guard reader.isAtEnd else { throw .damaged }
  }
}
