import ArgumentParser
import Calls
import Rates
import Sidecar
import Units

struct RatesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rates",
    abstract: "List, check, show and import rate cards.",
    discussion: """
      EXAMPLES
        tollbook rates list gpt-oss
        tollbook rates check --pricing ./pricing
        tollbook rates show gpt-5-mini
        tollbook rates import hf-router
      """,
    subcommands: [RatesList.self, RatesCheck.self, RatesShow.self, RatesImport.self],
    defaultSubcommand: RatesList.self)
}

/// Where price files are.
struct PricingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Folder of price files.",
      discussion: "Default: TOLLBOOK_PRICING, the configuration, else the cards built in.",
      valueName: "dir"))
  var pricing: String?

  func folder(_ surroundings: Surroundings) throws -> PricingFolder {
    Settings.pricing(try Settings.load(flags: [.pricing: pricing], surroundings))
  }

  func book(_ surroundings: Surroundings) throws -> RateBook {
    try Settings.rates(folder(surroundings))
  }
}

struct RatesList: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List what is sold by whom, and the rates in force.",
    discussion: """
      EXAMPLES
        tollbook rates list
        tollbook rates list gpt-oss
        tollbook rates list huggingface --json
      """)

  @Argument(help: ArgumentHelp("Only names with this text in them.", valueName: "text"))
  var text: String?

  @OptionGroup var pricing: PricingOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let book = try pricing.book(surroundings)
    let cards = book.listed.filter { text.map($0.mentions) ?? true }
    if output.json { return Answer(RateCard.json(cards) + "\n") }
    let inForce = cards.filter { $0.isInForce(at: surroundings.now) }
    if inForce.isEmpty { return Answer("No card in force has '\(text ?? "")' in its names.\n") }
    var table = TextTable([
      .text("issuer"), .text("route"), .text("provider"), .text("model"), .text("when"),
      .text("from"), .text("rates USD"),
    ])
    for card in inForce {
      table.add([
        card.issuer, card.route, card.provider, card.model,
        card.occasion, "\(card.from.day)",
        card.summary,
      ])
    }
    return Answer(
      table.text(output.paint(surroundings)),
      hints: ["All of one model, with sources: tollbook rates show MODEL"])
  }
}

struct RatesCheck: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Read all price files and tell every mistake in them.",
    discussion: """
      Exits with 0 when there is none, and with 2 when there are some.

      EXAMPLES
        tollbook rates check
        tollbook rates check --pricing ./pricing
      """)

  @OptionGroup var pricing: PricingOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let folder = try pricing.folder(surroundings)
    do {
      let book = try Settings.rates(folder)
      let cards = book.listed
      let files = Set(cards.map(\.file)).count
      if output.json {
        return Answer(Self.json(origin: book.origin, files: files, cards: cards.count, []) + "\n")
      }
      return Answer(
        "\(book.origin): \(CountText.of(Int64(cards.count), "card", "cards")) in "
          + "\(CountText.of(Int64(files), "file", "files")), no mistakes\n")
    } catch {
      let origin = folder.path ?? "built-in cards"
      if output.json {
        return Answer(
          Self.json(origin: origin, files: nil, cards: nil, error.faults) + "\n", exit: .found)
      }
      let count = CountText.of(Int64(error.faults.count), "mistake", "mistakes")
      return Answer("\(origin): \(count)\n\(error)\n", exit: .found)
    }
  }

  private static func json(
    origin: String, files: Int?, cards: Int?, _ faults: [RateFault]
  ) -> String {
    JSONText.object([
      ("ok", "\(faults.isEmpty)"), ("pricing", JSONText.quoted(origin)),
      ("files", files.map { "\($0)" } ?? "null"), ("cards", cards.map { "\($0)" } ?? "null"),
      (
        "faults",
        JSONText.array(
          faults.map { fault in
            JSONText.object([
              ("file", JSONText.quoted(fault.file)), ("line", "\(fault.line)"),
              ("what", JSONText.quoted(fault.kind.sentence)),
            ])
          })
      ),
    ])
  }
}

struct RatesShow: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show every card of a model, with its rates and their sources.",
    discussion: """
      EXAMPLES
        tollbook rates show gpt-5-mini
        tollbook rates show openai/gpt-oss-120b --json
      """)

  @Argument(help: ArgumentHelp("The model's name, or another name for it.", valueName: "model"))
  var model: String

  @OptionGroup var pricing: PricingOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let book = try pricing.book(surroundings)
    let cards = book.cards(named: model)
    guard !cards.isEmpty else {
      let near = nearest(to: model, in: Set(book.products.keys.map(\.model)).sorted())
      throw CommandFault(
        "No card is for '\(model)'." + (near.map { " Did you mean '\($0)'?" } ?? ""),
        try: "tollbook rates list" + (near.map { " " + ShellText.quoted($0) } ?? ""))
    }
    let allowances = book.allowances(for: cards, named: model)
    if output.json { return Answer(RateCard.json(cards, allowances) + "\n") }
    let paint = output.paint(surroundings)
    return Answer((cards.map { $0.text(paint) } + allowances.map(\.line)).joined(separator: "\n"))
  }
}
