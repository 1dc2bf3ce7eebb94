import Calls
import Foundation
import Rates
import Testing
import Units

/// The month that `make run` books: what stands in it, and that our own cards price it.
@Suite struct SampleMonthTests {
  /// What the script writes: the same bytes each time.
  private static func month() throws -> [UInt8] {
    let run = try ScriptRun(
      "scripts/sample-month", environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""])
    #expect(run.status == 0 && run.error.isEmpty)
    return run.outBytes + [UInt8](repeating: 0, count: 32)
  }

  private static func book() throws -> RateBook {
    var reader = RateFileReader(digest: { "\($0.utf8.count)" })
    for name in Tree.names(in: "pricing", ending: ".json") {
      reader.read(try Tree.text("pricing/" + name), file: name)
    }
    return try reader.book(origin: "pricing")
  }

  @Test func `every sound call is of October, and only planted ones lack a price`() throws {
    let month = try Self.month()
    // Another awk, another machine: the same month.
    let digest = month.withUnsafeBytes { Digest64.of($0) }
    #expect(
      String(digest, radix: 16) == "7dc741259f0087bc",
      "the month has changed: if it was meant to, write its digest here")

    let tally = Tally(book: try Self.book())
    month.withUnsafeBufferPointer { bytes in
      var start = 0
      while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
        tally.take(UnsafeBufferPointer(rebasing: bytes[start..<end]))
        start = end + 1
      }
    }
    #expect(tally.lines == 20_649)
    #expect(tally.days.sorted() == (1...31).map { "2026-10-" + ($0 < 10 ? "0" : "") + "\($0)" })
    #expect(tally.teams == ["search", "support", "research", "growth"])
    #expect(
      tally.refused == [
        "bad_json": 1, "negative_count": 1, "duplicate_key": 1, "not_an_object": 1, "no_usage": 1,
        "fractional_count": 1,
      ])
    #expect(
      tally.notExact == [
        "huggingface fal-ai black-forest-labs/FLUX.1-dev: unpriced",
        "direct google gemini-3-pro: unpriced",
      ])
    // What the routed-against-direct table of `make run` shows.
    #expect(tally.compared.count >= 5 && tally.compared.values.filter { $0 }.count >= 4)
  }

  /// What the lines come to.
  private final class Tally {
    let book: RateBook
    var decoder = CallDecoder()
    var lines = 0
    var days: Set<String> = []
    var teams: Set<String> = []
    var refused: [String: Int] = [:]
    var notExact: Set<String> = []
    /// Routed products with a direct counterpart, and whether it ever costs something else.
    var compared: [String: Bool] = [:]
    private var found: [Int32: (subject: Subject, cards: RateBook.Resolution)] = [:]

    init(book: RateBook) { self.book = book }

    func take(_ line: UnsafeBufferPointer<UInt8>) {
      lines += 1
      switch decoder.decode(line, arrival: Timestamp(microseconds: 0), defaults: .none) {
      case .call(let call): take(call)
      case .other(.refused(let reason)): refused[reason.rawValue, default: 0] += 1
      case .other: Issue.record("line \(lines) is neither a call nor refused")
      }
    }

    private func take(_ stated: Call) {
      var call = stated
      let (subject, cards) = resolved(call)
      days.insert(String("\(call.at)".prefix(10)))
      teams.insert(subject.team)
      guard call.outcome == .ok else { return }
      let name = "\(subject.route) \(subject.provider) \(subject.model)"
      guard let card = cards.card else {
        notExact.insert("\(name): unpriced")
        return
      }
      if let usage = card.billedUsage(of: call) { call.usage = usage }
      let charge = card.charge(call)
      if charge.state != .exact { notExact.insert("\(name): \(charge.state)") }
      if subject.route == "huggingface", let direct = cards.direct {
        compared[name] = direct.charge(call).amount != charge.amount || compared[name] ?? false
      }
    }

    private func resolved(_ call: Call) -> (subject: Subject, cards: RateBook.Resolution) {
      if let known = found[call.subject], known.cards.from <= call.at, call.at < known.cards.until {
        return known
      }
      let subject = book.completed(decoder.subjects.subjects[Int(call.subject)]).subject
      let new = (subject, book.resolve(subject, at: call.at))
      found[call.subject] = new
      return new
    }
  }
}
