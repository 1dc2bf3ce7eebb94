import CSystem
import Calls
import Rates
import Store
import Units

/// Charges a second: a normalised usage times a card in force, on one core.
enum PricingLoad {
  static func run(charges: Int) throws -> Double {
    var reader = RateFileReader(digest: { String($0.utf8.count) })
    for file in CarriedFile.pricing { reader.read(file.text, file: file.name) }
    let book = try reader.book(origin: "bench")
    let products = [
      ("direct", "openai", "gpt-5-mini"), ("huggingface", "groq", "openai/gpt-oss-120b"),
      ("direct", "anthropic", "claude-sonnet-5"), ("direct", "openai", "gpt-5.4"),
    ]
    var cards: [RateCard] = []
    for (route, provider, model) in products {
      var subject = Subject()
      subject.route = route
      subject.provider = provider
      subject.model = model
      let found = book.resolve(
        book.completed(subject).subject, at: Timestamp(microseconds: 1_793_000_000_000_000))
      if let card = found.card { cards.append(card) }
    }
    guard !cards.isEmpty else { throw BenchFault("no card to price by") }
    var calls: [Call] = []
    for index in 0..<1024 {
      var call = Call()
      call.usage[.input] = Int64(200 + index * 7)
      call.usage[.cacheRead] = Int64(index * 3)
      call.usage[.output] = Int64(20 + index)
      calls.append(call)
    }
    var sum: Int64 = 0
    let start = tb_steady_us()
    for index in 0..<charges {
      sum &+= cards[index % cards.count].charge(calls[index & 1023]).amount.nanos
    }
    let seconds = Double(tb_steady_us() - start) / 1e6
    guard sum != 0 else { throw BenchFault("nothing was charged") }
    return Double(charges) / seconds
  }
}
