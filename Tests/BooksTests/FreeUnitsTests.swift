import Books
import Calls
import Rates
import TestSupport
import Testing
import Units

/// Free units of seeded months, beside a reckoning of their own in whole numbers.
@Suite struct FreeUnitsTests {
  static let november = Month(of: Day(number: 20_760))

  /// Searches at 7 nanodollars and a third, a million tokens at 0.0001: sums that seldom end on a nanodollar.
  static func book(free: Int) throws -> RateBook {
    var reader = RateFileReader(digest: { _ in "" })
    reader.read(
      #"""
      {"issuer":"acme","source":"s","read_on":"2026-10-01",
       "allowances":[{"allowance":"a","meter":"searches","free":"\#(free) searches","every":"day","from":"2026-01-01"}],
       "models":[{"model":"m","cards":[{"from":"2026-01-01","rates":{
         "input":{"usd":"0.0001","per":"1M tokens"},"searches":{"usd":"0.000000022","per":"3 searches"}}}]}]}
      """#, file: "acme.json")
    return try reader.book(origin: "test")
  }

  /// Half to even of thirds of 1e-10 USD, in nanodollars: 30 to the nanodollar.
  static func rounded(_ thirtieths: Int) -> Int64 {
    let (whole, rest) = thirtieths.quotientAndRemainder(dividingBy: 30)
    return Int64(whole + (rest > 15 || (rest == 15 && whole % 2 == 1) ? 1 : 0))
  }

  @Test(arguments: UInt64(1)...40) func `what is free is what its calls were charged for it, call by call`(seed: UInt64)
    throws
  {
    var dice = Seeded(seed)
    let free = Int(dice.next() % 12) + 1
    let book = try Self.book(free: free)
    let tariff = try #require(book.products.values.first?.cards.first?.tariff)
    var subject = Subject()
    subject.issuer = "acme"
    subject.model = "m"
    var units = FreeUnits(book.allowances, of: "acme", in: Self.november)
    #expect(units.days == Self.november.days)
    var left: [Int: Int] = [:]
    var (due, used, given): (Int64, Int, Int) = (0, 0, 0)
    for seq in 1...60 {
      let day = 20_758 + seq / 2
      let (tokens, searches) = (Int(dice.next() % 40), Int(dice.next() % 9))
      let at = Timestamp(microseconds: Day(number: day).start.microseconds + Int64(seq) * 1_000)
      var usage = Usage()
      usage[.input] = Int64(tokens)
      usage[.searches] = Int64(searches)
      let price = BookedCharge(dimension: .stored(1), cost: 0, margin: nil, state: .exact)
      let row = Repricing.Row(at: at, outcome: .ok, flags: [], usage: usage, price: price)
      if let call = units.call(row, seq: Int64(seq), usage: usage, subject: subject, product: "m", tariff: tariff) {
        units.take(call)
      }
      // A token is 3, a search 220 thirtieths of a nanodollar.
      let mine = min(left[day] ?? free, searches)
      left[day] = (left[day] ?? free) - mine
      guard Month(of: Day(number: day)) == Self.november else { continue }
      due += Self.rounded(3 * tokens + 220 * searches) - Self.rounded(3 * tokens + 220 * (searches - mine))
      used += searches
      given += mine
    }
    let came = try #require(units.came.first)
    #expect((came.used, came.free, came.unpriced) == (Int128(used), Int128(given), 0))
    #expect(try units.charged(came).nanos == due)
    // Booked once; what was booked is known by its account.
    let today = Day(number: 20_770)
    let entries = try units.entries(booked: CreditBooks(), today: today, firstOpenDay: nil)
    #expect(entries.map(\.amount) == (due == 0 ? [] : [due]))
    #expect(try units.entries(booked: CreditBooks(entries), today: today, firstOpenDay: nil).isEmpty)
    // Half of it was taken back: that half is due again.
    let half = try entries.flatMap {
      try $0.amount > 1
        ? [Entry.moving(-$0.amount / 2, day: today, kind: .reversal, debit: $0.debit, credit: $0.credit)] : []
    }
    let again = try units.entries(
      booked: CreditBooks(entries + half.compactMap { $0 }), today: today, firstOpenDay: nil)
    #expect(again.map(\.amount) == half.compactMap { $0?.amount })
  }
}
