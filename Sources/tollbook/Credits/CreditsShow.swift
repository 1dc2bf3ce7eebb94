import ArgumentParser
import Audit
import Books
import Store
import Units

struct CreditsShow: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what became of each grant, and what stands with each issuer.",
    discussion: """
      EXAMPLES
        tollbook credits show
        tollbook credits show --issuer huggingface --json
      """)

  @Option(help: ArgumentHelp("Only this issuer.", valueName: "name"))
  var issuer: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let (books, all) = try data.reader(surroundings).credits()
    let grants = try books.grants().filter { issuer == nil || $0.issuer == issuer }
    let issuers = all.filter { issuer == nil || $0.issuer == issuer }
    if output.json { return Answer(Self.json(grants, issuers) + "\n") }
    if grants.isEmpty, issuers.isEmpty {
      return Answer("No credits, no prepaid money, and nothing accrued.\n")
    }
    let paint = output.paint(surroundings)
    var text = ""
    if !grants.isEmpty {
      var table = TextTable([
        .text("issuer"), .text("month"), .number("granted USD"), .number("used USD"),
        .number("expired USD"), .number("left USD"),
      ])
      for grant in grants {
        table.add(
          [grant.issuer, "\(grant.month)"]
            + [grant.granted, grant.used, grant.expired, grant.left].map { NumberText.grouped("\($0)") })
      }
      text += table.text(paint) + "\n"
    }
    return Answer(
      text + issuers.table(paint),
      hints: ["What plans include: tollbook credits plans"])
  }

  private static func json(_ grants: [CreditGrant], _ issuers: [IssuerBalance]) -> String {
    JSONText.object([
      (
        "grants",
        JSONText.array(
          grants.map { grant in
            JSONText.object(
              [("issuer", JSONText.quoted(grant.issuer)), ("month", JSONText.quoted("\(grant.month)"))]
                + grant.members)
          })
      ), ("issuers", JSONText.array(issuers.map(\.json))),
    ])
  }
}

extension [IssuerBalance] {
  /// What stands with each issuer, and what it is owed, as a table.
  func table(_ paint: Paint) -> String {
    var table = TextTable([
      .text("issuer"), .number("credits left USD"), .number("prepaid left USD"), .number("accrued USD"),
    ])
    for issuer in self {
      table.add(
        [issuer.issuer]
          + [issuer.credits, issuer.prepaid, issuer.accrued].map { NumberText.grouped("\($0)") })
    }
    return table.text(paint)
  }
}

extension IssuerBalance {
  /// As `status --json` and `credits show --json` promise it.
  var json: String {
    JSONText.object([
      ("issuer", JSONText.quoted(issuer)), ("credits", JSONText.quoted("\(credits)")),
      ("prepaid", JSONText.quoted("\(prepaid)")), ("accrued", JSONText.quoted("\(accrued)")),
    ])
  }
}
