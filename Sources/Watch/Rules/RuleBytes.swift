/// What the rules keep, as bytes.
extension RatioWatch {
  func encode(to writer: inout StateWriter) {
    for value in [hour.above, hour.below, week.above, week.below] { writer.write(value) }
    writer.write(age)
  }

  init(from reader: inout StateReader) throws(WatchFault) {
    hour = (try reader.readDouble(), try reader.readDouble())
    week = (try reader.readDouble(), try reader.readDouble())
    age = try reader.read()
  }
}

extension ModelRules {
  func encode(to writer: inout StateWriter) {
    writer.write(last) { $0.write($1) }
    writer.write(each: watched.sorted { $0.key < $1.key }) { writer, one in
      writer.write(one.key.provider)
      writer.write(one.key.model)
      writer.write(one.value.last)
      for ratio in one.value.ratios { ratio.encode(to: &writer) }
      for sum in [one.value.paymentRequired.hour, one.value.drift.stated, one.value.drift.booked] { writer.write(sum) }
    }
  }

  init(from reader: inout StateReader) throws(WatchFault) {
    last = try reader.readOptional { (reader) throws(WatchFault) in try reader.readBucket() }
    let models = try reader.readEach { (reader) throws(WatchFault) in
      let model = ServedModel(provider: try reader.readText(), model: try reader.readText())
      var one = Watched(last: try reader.readBucket(), provider: ProviderChangeRule(asOf: nil))
      one.unitPrice.price = try RatioWatch(from: &reader)
      one.unitPrice.calls = try RatioWatch(from: &reader)
      one.errorRate.rate = try RatioWatch(from: &reader)
      one.latency.mean = try RatioWatch(from: &reader)
      one.provider.share = try RatioWatch(from: &reader)
      one.paymentRequired.hour = try reader.readDouble()
      one.drift.stated = try reader.readDouble()
      one.drift.booked = try reader.readDouble()
      return (model, one)
    }
    for (model, one) in models { watched[model] = one }
    guard watched.count == models.count, watched.count <= Self.modelsMax else { throw .damaged }
  }
}

extension ModelRules.Watched {
  /// In the order in which they are written and read.
  fileprivate var ratios: [RatioWatch] {
    [unitPrice.price, unitPrice.calls, errorRate.rate, latency.mean, provider.share]
  }
}

extension SilentClientRule {
  func encode(to writer: inout StateWriter) {
    writer.write(each: clients.sorted { $0.key < $1.key }) {
      $0.write($1.key)
      $0.write($1.value.first)
      $0.write($1.value.last)
      $0.write($1.value.longest)
      $0.write($1.value.isSilent)
    }
  }

  init(from reader: inout StateReader) throws(WatchFault) {
    let known = try reader.readEach { (reader) throws(WatchFault) in
      (
        try reader.readText(),
        Client(
          first: try reader.readBucket(), last: try reader.readBucket(), longest: try reader.readDouble(),
          isSilent: try reader.readFlag())
      )
    }
    for (name, client) in known { clients[name] = client }
    guard clients.count == known.count, clients.count <= Self.clientsMax else { throw .damaged }
  }
}

extension SequenceGapRule {
  func encode(to writer: inout StateWriter) {
    writer.write(each: known.sorted { $0.key < $1.key }) {
      $0.write($1.key)
      $0.write($1.value)
    }
  }

  init(from reader: inout StateReader) throws(WatchFault) {
    let senders = try reader.readEach { (reader) throws(WatchFault) in
      (try reader.readText(), try reader.read(Int64.self))
    }
    for (name, gaps) in senders { known[name] = gaps }
    guard known.count == senders.count, known.count <= Self.sendersMax else { throw .damaged }
  }
}
