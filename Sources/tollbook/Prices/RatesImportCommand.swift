import ArgumentParser
import Rates
import Sidecar
import Store
import Units

extension PriceSource: ExpressibleByArgument {}

struct RatesImport: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Compare a public price list with the cards, and write what is accepted.",
    discussion: """
      Fetches the list, or reads --file, and shows what differs: added, changed, gone, at fault. Nothing \
      is written without --write, and no card is ever edited or deleted. Changes of more than ten times, \
      to or from nought, of the unit, or that lose a rate are held back until --accept names the model.

      Exits with 0 when nothing differs or all was written, and with 2 when there is something to look at.

      EXAMPLES
        tollbook rates import hf-router
        tollbook rates import litellm --issuer openai,groq
        tollbook rates import genai-prices --file data.json --json
        tollbook rates import models-dev --pricing . --write . --accept glm-5.2
      """)

  @Argument(help: ArgumentHelp("Which list.", valueName: "source"))
  var source: PriceSource

  @Option(help: ArgumentHelp("Read this file instead of the network.", valueName: "path"))
  var file: String?

  @Option(help: ArgumentHelp("Fetch the list from here: a mirror.", valueName: "address"))
  var url: String?

  @Option(
    help: ArgumentHelp(
      "Only these issuers, separated by commas, or 'all'.",
      discussion: "Default: those that have a price file; all when none has.", valueName: "names"))
  var issuer: String?

  @Option(help: ArgumentHelp("First day of prices that state none; default: today, UTC.", valueName: "day"))
  var from: String?

  @Option(
    name: .customLong("write"),
    help: ArgumentHelp("Write new cards into the price files of this folder.", valueName: "dir"))
  var folder: String?

  @Option(
    help: ArgumentHelp(
      "Write this model though it is held back; repeatable; 'all' for every one.", valueName: "model"))
  var accept: [String] = []

  @OptionGroup var pricing: PricingOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let choice = try self.choice(surroundings)
    let set = try priceSet(surroundings)
    let document = try document(surroundings)
    let listing = try source.listing(of: document.text, today: choice.today)
    let review = PriceReview(of: listing, from: source, against: set.book, choice)
    try check(review)
    let written = try folder.map { try write(review, into: $0, set, document, choice) } ?? []
    let isDone = review.faults.isEmpty && review.held.isEmpty && review.count(.gone) == 0
    let differs = folder == nil ? !review.isEmpty : !isDone
    let answer =
      output.json
      ? review.json(document.name, set.book.origin, written: written)
      : review.text(document.name, set.book.origin, written: written, output.paint(surroundings))
    var hints: [String] = []
    if folder == nil, !review.writable.isEmpty {
      hints.append("To write what is not held back: add --write DIR")
    }
    return Answer(answer, hints: hints, exit: differs ? .found : .clean)
  }

  // MARK: - What was asked

  private func choice(_ surroundings: Surroundings) throws -> PriceReview.Choice {
    let today = surroundings.now.day
    var choice = PriceReview.Choice(from: today, today: today)
    if let from {
      guard let day = Day(from) else {
        throw CommandFault(
          misuse: "'\(from)' is no day.", try: "tollbook rates import \(source.rawValue) --from \(today)")
      }
      choice.from = day
    }
    choice.accepted = Set(accept)
    let names = issuer?.split(separator: ",").map(String.init)
    choice.allIssuers = names == ["all"]
    choice.issuers = choice.allIssuers ? nil : names
    if file != nil, url != nil {
      throw CommandFault(
        misuse: "--file and --url are two sources of one list.",
        try: "tollbook rates import \(source.rawValue) --file PATH")
    }
    return choice
  }

  /// A model that was accepted and is not there was misspelt.
  private func check(_ review: PriceReview) throws {
    let models = Set(review.entries.map(\.key.model))
    for name in accept where name != "all" && !models.contains(name) {
      let near = nearest(to: name, in: models.sorted())
      throw CommandFault(
        misuse: "Nothing in the list is for '\(name)'." + (near.map { " Did you mean '\($0)'?" } ?? ""),
        try: "tollbook rates import \(source.rawValue)" + (near.map { " --accept " + ShellText.quoted($0) } ?? ""))
    }
  }

  private struct PriceSet {
    let texts: [(name: String, text: String)]
    let book: RateBook
  }

  private func priceSet(_ surroundings: Surroundings) throws -> PriceSet {
    let folder = try pricing.folder(surroundings)
    let texts = try folder.texts(builtIn: CarriedFile.pricing.map { ($0.name, $0.text) })
    let origin = texts.isEmpty ? "no cards" : folder.path ?? "built-in cards"
    return PriceSet(texts: texts, book: try PricingFolder.book(of: texts, origin: origin, zones: ZoneFiles.offsets))
  }

  // MARK: - The list

  private struct Document {
    let text: String
    /// Where it is from, and the digest of its bytes.
    let name: String
  }

  private func document(_ surroundings: Surroundings) throws -> Document {
    let place: String
    let bytes: [UInt8]
    if let file {
      place = "file " + (file.split(separator: "/").last.map(String.init) ?? file)
      bytes = try DownloadedFile.bytes(of: file)
    } else {
      place = url ?? source.address
      var bar = ProgressBar(name: source.rawValue, size: 0, surroundings)
      var size: Int64 = 0
      let download = Download(
        progress: { received, total in
          if total != size {
            size = total
            bar = ProgressBar(name: source.rawValue, size: total, surroundings)
          }
          if total > 0 { bar.reached(received, lines: 0) }
        })
      bytes = try download.fetch(place)
      bar.finish()
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ListingFault(source: source, line: 1, what: "it is not JSON: it is not UTF-8")
    }
    return Document(text: text, name: "\(source.title), \(place), sha256 \(PricingFolder.sha256(text))")
  }

  // MARK: - Writing

  /// The names of the files that were written.
  ///
  /// - Throws: before anything is written, when a file of the folder is not the one that was
  ///   compared with, or when the result would not pass `rates check`.
  private func write(
    _ review: PriceReview, into folder: String, _ set: PriceSet, _ document: Document,
    _ choice: PriceReview.Choice
  ) throws -> [String] {
    let there = try PricingFolder(path: folder, decidedBy: "--write").texts(builtIn: [])
    var merge = try PriceFileMerge(
      files: set.texts, names: set.book,
      origin: PriceFileMerge.Origin(source: document.name, readOn: choice.today))
    for entry in review.writable { merge.add(entry) }
    let new = merge.texts
    guard !new.isEmpty else { return [] }
    for file in there where merge.touched.contains(file.name) {
      guard set.texts.contains(where: { $0.name == file.name && $0.text == file.text }) else {
        let there = ShellText.quoted(folder)
        throw CommandFault(
          "\(folder)/\(file.name) is not the file that the list was compared with.",
          try: "tollbook rates import \(source.rawValue) --pricing \(there) --write \(there)")
      }
    }
    let whole = there.filter { !merge.touched.contains($0.name) } + new
    _ = try PricingFolder.book(of: whole, origin: folder, zones: ZoneFiles.offsets)
    try PricingFolder.write(new, into: folder)
    return new.map(\.name)
  }
}
