import Units

extension SeriesTable {
  /// The version of a snapshot's bytes; one that is older or newer is not read but learnt anew.
  package static let snapshotVersion: UInt16 = 1
  private static let header = SnapshotHeader(mark: 0x5741_4254, version: snapshotVersion)

  /// All that is kept, to the last bit, in the order of the keys: mark, version, buckets, series, digest.
  ///
  /// A table that goes on from it says what this one would have said.
  package var snapshot: [UInt8] {
    StateWriter.snapshot(Self.header) { writer in
      writer.write(first?.number ?? .min)
      writer.write(last?.number ?? .min)
      writer.write(turnedAway)
      writer.write(UInt32(series.count))
      for one in series.sorted(by: { $0.key < $1.key }) {
        writer.write(one.key.kind.rawValue)
        writer.write(one.key.first)
        writer.write(one.key.second)
        one.baseline.encode(to: &writer)
      }
    }
  }

  /// Goes on from a snapshot, under limits and parameters of now.
  ///
  /// - Throws: ``WatchFault`` when the bytes are none, of another version, damaged, or hold too many series.
  package init(
    snapshot: [UInt8], limits: Limits = Limits(), parameters: SpendParameters = SpendParameters(),
    zone: ZoneOffsets = .utc
  ) throws(WatchFault) {
    self.init(limits: limits, parameters: parameters, zone: zone)
    var reader = try StateReader(snapshot: snapshot, Self.header)
    first = Self.bucket(try reader.read())
    last = Self.bucket(try reader.read())
    turnedAway = try reader.read()
    let count = Int(try reader.read(UInt32.self))
    guard count <= limits.seriesMax else { throw .tooManySeries(count, most: limits.seriesMax) }
    for _ in 0..<count {
      guard let kind = SeriesKey.Kind(rawValue: try reader.read()) else { throw .damaged }
      let key = SeriesKey(kind, try reader.readText(), try reader.readText())
      series.append(Series(key: key, baseline: try SpendBaseline(from: &reader)))
    }
    guard reader.isAtEnd, Set(series.map(\.key)).count == count else { throw .damaged }
    index()
  }

  private static func bucket(_ number: Int32) -> Bucket? { number == .min ? nil : Bucket(number: number) }
}
