import Books
import CSystem
import Calls
import Foundation
import Rates
import Store
import Units

/// Charges a second on one core, of models that every price library knows.
struct PricingLoad {
  /// Those of Tests/Oracle/timing.py, with the same quantities.
  private static let products = [
    ("openai", "gpt-5-mini"), ("openai", "gpt-5.4"), ("anthropic", "claude-sonnet-5"),
    ("groq", "openai/gpt-oss-120b"), ("google", "gemini-2.5-pro"), ("deepseek", "deepseek-v4-flash"),
  ]
  private static let instant = Timestamp(microseconds: 1_793_534_400_000_000)  // 2026-11-01 12:00 UTC
  private static let callsOfBatch = 1_024

  private let book: RateBook
  private let cards: [RateCard]
  private let calls: [Call]
  private let subjects: SubjectTable

  init() throws {
    var reader = RateFileReader(digest: { String($0.utf8.count) })
    for file in CarriedFile.pricing { reader.read(file.text, file: file.name) }
    book = try reader.book(origin: "bench")
    var decoder = CallDecoder()
    var cards: [RateCard] = []
    var numbers: [Int32] = []
    for (provider, model) in Self.products {
      let line = Array(#"{"provider":"\#(provider)","model":"\#(model)","units":{"input":1}}"#.utf8)
      // The scanner may look at bytes behind the line.
      let padded = line + [UInt8](repeating: 0, count: 64)
      let decoded = padded.withUnsafeBufferPointer { bytes in
        decoder.decode(UnsafeBufferPointer(rebasing: bytes[..<line.count]), arrival: Self.instant, defaults: .none)
      }
      guard case .call(let call) = decoded else { throw BenchFault("no call of \(model)") }
      let subject = book.completed(decoder.subjects.subjects[Int(call.subject)]).subject
      guard let card = book.resolve(subject, at: Self.instant).card else { throw BenchFault("no card of \(model)") }
      cards.append(card)
      numbers.append(call.subject)
    }
    var calls: [Call] = []
    for index in 0..<Self.callsOfBatch {
      var call = Call()
      call.at = Self.instant
      call.subject = numbers[index % numbers.count]
      call.usage[.input] = Int64(200 + index % 64 * 7)
      call.usage[.cacheRead] = Int64(index % 64 * 3)
      call.usage[.output] = Int64(20 + index % 64)
      calls.append(call)
    }
    self.cards = cards
    self.calls = calls
    subjects = decoder.subjects
  }

  /// A usage times a card that is at hand, by the clock on the wall.
  func charges(_ count: Int) throws -> Double {
    var sum: Int64 = 0
    let start = tb_steady_us()
    for index in 0..<count {
      sum &+= cards[index % cards.count].charge(calls[index & (Self.callsOfBatch - 1)]).amount.nanos
    }
    let seconds = Double(tb_steady_us() - start) / 1e6
    guard sum != 0 else { throw BenchFault("nothing was charged") }
    return Double(count) / seconds
  }

  /// Calls priced as the daemon does it, their cards found by subject and instant, by the processor's clock.
  func priced(_ count: Int) throws -> Double {
    var table = DimensionTable(rates: book)
    let batch = BookBatch()
    var details = DetailText()
    let start = clock()
    for round in 0..<count / Self.callsOfBatch {
      batch.removeAll()
      for call in calls {
        var call = call
        call.at = Timestamp(microseconds: call.at.microseconds + Int64(round))
        table.book(&call, of: subjects, details: &details, sender: 0, into: batch)
      }
    }
    let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
    guard batch.calls.allSatisfy({ $0.cost > 0 }) else { throw BenchFault("a call was not priced") }
    return Double(count / Self.callsOfBatch * Self.callsOfBatch) / seconds
  }
}
