import Calls
import Rates
import Testing
import Units

/// What holds of every card and every call, asked of seeded ones.
@Suite struct RatePropertyTests {
  static let first = Day(number: 20_454)  // 2026-01-01
  static let seeds = Array(UInt64(1)...40)

  /// The card of a model of acme's, for a tier, at noon of a day; nil where none is in force.
  private func cardInForce(_ book: RateBook, _ model: String = "large", tier: String = "", on day: Day) -> RateCard? {
    var subject = Subject()
    subject.provider = "acme"
    subject.model = model
    subject.tier = tier
    let noon = Timestamp(microseconds: Int64(day.number) * 86_400_000_000 + 43_200_000_000)
    return book.resolve(book.completed(subject).subject, at: noon).card
  }

  private func made(_ usage: Usage) -> Call {
    var call = Call()
    call.usage = usage
    return call
  }

  @Test(arguments: seeds)
  func `a call cut into parts of one band costs the same before rounding`(seed: UInt64) throws {
    var dice = RateDice(seed: seed)
    let pricing = try Pricing(
      acme: #"{"model":"large","cards":[\#(dice.card(from: Self.first, over: 10_000_000))]}"#)
    let card = try #require(cardInForce(pricing.book, on: Self.first))
    for _ in 0..<50 {
      // Six token meters of the prompt at most, so that whole and parts stay in the base band.
      let whole = dice.usage(below: 1_000_000)
      guard !whole.isEmpty else { continue }
      var rest = whole
      var sum: Int128 = 0
      for _ in 0..<dice.below(4) {
        var part = Usage()
        for (meter, quantity) in rest.stated {
          let share = Int64(dice.below(Int(quantity) + 1))
          part[meter] = share
          rest[meter] = quantity - share
        }
        sum += card.charge(made(part)).exact
      }
      sum += card.charge(made(rest)).exact
      let charge = card.charge(made(whole))
      #expect(charge.state == .exact && sum == charge.exact)
    }
  }

  @Test(arguments: seeds)
  func `another card changes no call outside its span`(seed: UInt64) throws {
    var dice = RateDice(seed: seed)
    let days = Set((0..<4).map { _ in dice.below(300) }).sorted().map { Day(number: Self.first.number + $0) }
    let cards = days.map { dice.card(from: $0, over: 1000) }
    let at = Day(number: Self.first.number + dice.below(300))
    guard !days.contains(at) else { return }
    let end = days.first { at < $0 }
    let before = try Pricing(acme: #"{"model":"large","cards":[\#(cards.joined(separator: ","))]}"#)
    let more = cards + [dice.card(from: at, over: 500)]
    let after = try Pricing(acme: #"{"model":"large","cards":[\#(more.joined(separator: ","))]}"#)
    for offset in 0..<320 {
      let day = Day(number: Self.first.number + offset)
      let old = cardInForce(before.book, on: day)
      let new = cardInForce(after.book, on: day)
      let isInside = at <= day && (end.map { day < $0 } ?? true)
      #expect((old?.text == new?.text) != isInside, "\(day)")
      let usage = made(dice.usage(below: 2000))
      if !isInside { #expect(old?.charge(usage).exact == new?.charge(usage).exact) }
    }
  }

  @Test(arguments: seeds)
  func `the order of cards, models and files is of no matter`(seed: UInt64) throws {
    var dice = RateDice(seed: seed)
    var files: [(name: String, models: [(name: String, cards: [String])])] = []
    for issuer in ["acme", "bell"] {
      let models = ["large", "small"].map { model in
        (
          name: model,
          cards: [0, 30, 90].map { dice.card(from: Day(number: Self.first.number + $0), over: 1000) }
            + [dice.card(from: Self.first, tier: "flex")]
        )
      }
      files.append((issuer, models))
    }
    func book(isMixed: Bool) throws -> RateBook {
      func mixed<Element>(_ elements: [Element]) -> [Element] { isMixed ? dice.shuffled(elements) : elements }
      return try Pricing(
        mixed(files).map { file in
          let models = mixed(file.models).map { model in
            #"{"model":"\#(model.name)","cards":[\#(mixed(model.cards).joined(separator: ","))]}"#
          }
          let heading = #""issuer":"\#(file.name)","source":"acme.example","read_on":"2026-03-01""#
          return ("\(file.name).json", "{\(heading),\"models\":[\(models.joined(separator: ","))]}")
        }
      ).book
    }
    let one = try book(isMixed: false)
    let other = try book(isMixed: true)
    for offset in stride(from: -1, to: 120, by: 7) {
      for (model, tier) in [("large", ""), ("small", ""), ("large", "flex"), ("small", "priority")] {
        let day = Day(number: Self.first.number + offset)
        let (a, b) = (cardInForce(one, model, tier: tier, on: day), cardInForce(other, model, tier: tier, on: day))
        let usage = made(dice.usage(below: 2000))
        #expect(a?.text == b?.text)
        #expect(a?.charge(usage).amount == b?.charge(usage).amount)
      }
    }
  }

  @Test(arguments: seeds)
  func `a stored card charges the same to the nanodollar`(seed: UInt64) throws {
    var dice = RateDice(seed: seed)
    let uplift = #""uplifts":[{"when":{"region":"eu"},"times":"1.1"}],"#
    let rounding = #""rounding":"\#(["half_even", "half_up", "up"][dice.below(3)])","#
    let pricing = try Pricing(
      acme: #"{"model":"large","cards":[\#(dice.card(from: Self.first, over: 1000))]}"#, heading: rounding + uplift)
    let card = try #require(cardInForce(pricing.book, on: Self.first))
    let stored = try StoredCard(text: card.text)
    for _ in 0..<50 {
      let call = made(dice.usage(below: 3000))
      let (now, later) = (card.charge(call), stored.charge(call.usage, outcome: call.outcome))
      #expect(now.state == later.state && now.amount == later.amount)
      // The sums are one fraction, whatever each is over.
      #expect(now.exact * Int128(later.denominator) == later.exact * Int128(now.denominator))
    }
  }
}
