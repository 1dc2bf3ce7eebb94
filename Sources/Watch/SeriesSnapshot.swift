import Units

extension SeriesTable {
  /// The version of a snapshot's bytes; one that is older or newer is not read but learnt anew.
  package static let snapshotVersion: UInt16 = 1
  private static let mark: UInt32 = 0x5741_4254

  /// All that is kept, to the last bit, in the order of the keys: mark, version, buckets, series, digest.
  ///
  /// A table that goes on from it says what this one would have said.
  package var snapshot: [UInt8] {
    var writer = StateWriter()
    writer.write(Self.mark)
    writer.write(Self.snapshotVersion)
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
    writer.write(writer.bytes.withUnsafeBytes { Digest64.of($0) })
    return writer.bytes
  }

  /// Goes on from a snapshot, under limits and parameters of now.
  ///
  /// - Throws: ``WatchFault`` when the bytes are none, of another version, damaged, or hold too many series.
  package init(
    snapshot: [UInt8], limits: Limits = Limits(), parameters: SpendParameters = SpendParameters(),
    utcOffset: Int64 = 0
  ) throws(WatchFault) {
    self.init(limits: limits, parameters: parameters, utcOffset: utcOffset)
    var reader = StateReader(snapshot[...])
    guard let mark = try? reader.read(UInt32.self), mark == Self.mark else { throw .noSnapshot }
    let version = try reader.read(UInt16.self)
    guard version == Self.snapshotVersion else { throw .otherVersion(version, known: Self.snapshotVersion) }
    guard snapshot.count > 8 else { throw .damaged }
    var end = StateReader(snapshot.suffix(8))
    let digest = try end.read(UInt64.self)
    guard digest == snapshot.dropLast(8).withUnsafeBytes({ Digest64.of($0) }) else { throw .damaged }
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
    guard reader.left == 8, Set(series.map(\.key)).count == count else { throw .damaged }
    index()
  }

  private static func bucket(_ number: Int32) -> Bucket? { number == .min ? nil : Bucket(number: number) }
}
