import Foundation
import Rates
import Sidecar
import Store
import TestSupport
import Testing
import Units

@testable import tollbook

/// The lists as they are published, where this machine has them: none is downloaded for a test.
///
/// `TOLLBOOK_PRICE_LISTS` names a folder of files called after their sources (`models-dev.json`);
/// LiteLLM's is also found in an installed Python package.
@Suite struct RealPriceListTests {
  static func path(_ source: PriceSource) -> String? {
    if let folder = ProcessInfo.processInfo.environment["TOLLBOOK_PRICE_LISTS"] {
      let path = "\(folder)/\(source.rawValue).json"
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    guard source == .litellm, Checker.path(of: "python3") != nil else { return nil }
    let find = """
      import importlib.util, os
      found = importlib.util.find_spec('litellm')
      print(os.path.join(os.path.dirname(found.origin), 'model_prices_and_context_window_backup.json') if found else '')
      """
    let said = try? Checker.run("python3", ["-c", find], on: "").output
    let path = said?.split(separator: "\n").last.map(String.init) ?? ""
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// Models that a list has at least, and that must be read from it.
  static let models: [PriceSource: Int] = [
    .litellm: 2_000, .genaiPrices: 1_000, .modelsDev: 2_000, .openrouter: 200, .hfRouter: 50,
  ]

  static let isAnyHere = PriceSource.allCases.contains { path($0) != nil }

  @Test(
    .enabled(if: isAnyHere, "no published price list is on this machine"),
    arguments: PriceSource.allCases)
  func `a published list becomes cards that pass the check, and then differs in nothing`(
    source: PriceSource
  ) throws {
    guard let path = Self.path(source) else { return }
    let text = String(decoding: try DownloadedFile.bytes(of: path), as: UTF8.self)
    let today = try #require(Day("2026-11-21"))
    let listing = try source.listing(of: text, today: today, windows: false)
    #expect(listing.models > Self.models[source] ?? 0)
    #expect(listing.products.count > listing.models / 2)
    #expect(listing.faults.count < listing.models / 50)
    let texts = CarriedFile.pricing.map { ($0.name, $0.text) }
    let book = try PricingFolder.book(of: texts, origin: "built-in cards")
    var choice = PriceReview.Choice(from: today, today: today)
    choice.allIssuers = true
    choice.accepted = ["all"]
    let review = PriceReview(of: listing, from: source, against: book, choice)
    var merge = try PriceFileMerge(
      files: texts, names: book, origin: PriceFileMerge.Origin(source: source.title, readOn: today))
    for entry in review.writable { merge.add(entry) }
    let after = try PricingFolder.book(
      of: texts.filter { !merge.touched.contains($0.0) } + merge.texts, origin: "after")
    let again = PriceReview(of: listing, from: source, against: after, choice)
    #expect(again.writable.isEmpty)
    // Other names of what was changed agree now as well.
    #expect(again.count(.unchanged) >= review.count(.unchanged) + review.writable.count)
  }
}
