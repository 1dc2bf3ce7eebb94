import Calls
import Units

/// A closed bucket as bytes: all of it that a watch heard, so that it can be shown again.
extension ClosedBucket {
  private static let header = SnapshotHeader(mark: 0x4342_4254, version: 1)
  /// What the names of the parts that hold one begin with.
  static let partPrefix = "bucket."

  var part: BucketWatch.Part {
    BucketWatch.Part(
      name: Self.partPrefix + "\(bucket.number)",
      body: StateWriter.snapshot(Self.header) { writer in
        writer.write(bucket)
        writer.write(each: facts) { writer, one in
          for text in one.subject.watched { writer.write(text) }
          for number in one.facts.numbers { writer.write(number) }
        }
        writer.write(heard) { $0.write(each: $1.sorted()) { $0.write($1) } }
        writer.write(each: skipped.sorted { $0.key < $1.key }) {
          $0.write($1.key)
          $0.write($1.value)
        }
      })
  }

  init(_ part: BucketWatch.Part) throws(WatchFault) {
    var reader = try StateReader(snapshot: part.body, Self.header)
    let bucket = try reader.readBucket()
    let facts = try reader.readEach { (reader) throws(WatchFault) in
      var subject = Subject()
      subject.team = try reader.readText()
      subject.project = try reader.readText()
      subject.model = try reader.readText()
      subject.provider = try reader.readText()
      subject.key = try reader.readText()
      subject.route = try reader.readText()
      return (subject: subject, facts: try CallFacts(from: &reader))
    }
    let heard = try reader.readOptional { (reader) throws(WatchFault) in
      Set(try reader.readEach { (reader) throws(WatchFault) in try reader.readText() })
    }
    let skipped = try reader.readEach { (reader) throws(WatchFault) in
      (try reader.readText(), try reader.read(Int64.self))
    }
    guard reader.isAtEnd else { throw .damaged }
    self.init(bucket, facts, heard: heard, skipped: Dictionary(skipped, uniquingKeysWith: { first, _ in first }))
  }
}

extension Subject {
  /// The dimensions that series, models and budgets are told apart by.
  fileprivate var watched: [String] { [team, project, model, provider, key, route] }
}

extension CallFacts {
  /// In the order in which they are written and read.
  fileprivate var numbers: [Int64] {
    [
      calls, errors, paymentRequired, unpriced, spend.nanos, tokens, latencyMilliseconds, latencyCalls, stated.nanos,
      bookedBesideStated.nanos,
    ]
  }

  fileprivate init(from reader: inout StateReader) throws(WatchFault) {
    self.init()
    calls = try reader.read()
    errors = try reader.read()
    paymentRequired = try reader.read()
    unpriced = try reader.read()
    spend = try reader.readAmount()
    tokens = try reader.read()
    latencyMilliseconds = try reader.read()
    latencyCalls = try reader.read()
    stated = try reader.readAmount()
    bookedBesideStated = try reader.readAmount()
  }
}
