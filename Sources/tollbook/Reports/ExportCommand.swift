import ArgumentParser
import Audit
import Store
import Units

struct ExportCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the general ledger for another accounting program.",
    discussion: """
      One transaction a UTC day, kind and pair of accounts, with nine decimals on every posting. \
      The whole ledger ends with assertions of its own balances, so that the other program checks \
      our books.

      EXAMPLES
        tollbook export --format hledger > tollbook.journal && hledger -f tollbook.journal check -s
        tollbook export --format beancount > tollbook.beancount && bean-check tollbook.beancount
        tollbook export --format csv --from 2026-11 --to 2026-12
      """)

  @Option(help: ArgumentHelp("hledger, ledger, beancount or csv.", valueName: "format"))
  var format: LedgerExport.Format

  @Option(help: ArgumentHelp("First UTC day, or month.", valueName: "day"))
  var from: String?

  @Option(help: ArgumentHelp("First UTC day no longer meant, or month.", valueName: "day"))
  var to: String?

  @OptionGroup var data: DataOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    var days: Range<Day>?
    if from != nil || to != nil {
      let first = try day(from, "--from") ?? Day(number: 0)
      let end = try day(to, "--to") ?? Day(number: Int(Int32.max))
      guard first <= end else {
        throw CommandFault(
          misuse: "The span ends on \(end), before it begins on \(first).",
          try: "tollbook export --from \(end) --to \(first)")
      }
      days = first..<end
    }
    let export = try data.reader(surroundings).export(days)
    return Answer(export.text(format))
  }

  private func day(_ text: String?, _ option: String) throws(CommandFault) -> Day? {
    guard let text else { return nil }
    if let day = Day(text) ?? Day(text + "-01") { return day }
    throw CommandFault(
      misuse: "\(option) has '\(text)', which is no day.",
      try: "tollbook export --format csv \(option) 2026-11-20")
  }
}

extension LedgerExport.Format: ExpressibleByArgument {}
