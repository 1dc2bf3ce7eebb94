import Audit
import Books
import CSystem
import Calls
import Rates
import Units

/// What the calls and entries refer to: read once, and fed to each batch's seal as it comes.
struct VerifyParts {
  /// The chain's first link beside the zeros: every ledger has another.
  let ledgerID: String
  private(set) var accounts: [Int64: Account] = [:]
  private(set) var cards: [Int64: StoredCard] = [:]
  private(set) var dimensions: [Int64: Dimension] = [:]

  /// A dimension, as far as calls are judged by it.
  struct Dimension {
    let rules: EntryRules
    let card: Int64
    let direct: Int64
  }

  struct AccountRow {
    let id: Int64
    let name: String
    let commodity: String
    let kind: Int64
  }
  struct CardRow {
    let id: Int64
    let digest: [UInt8]
    let file: String
  }
  struct DimensionRow {
    let id: Int64
    let texts: [String]
    let numbers: [Int64]
  }
  struct DocumentRow {
    let id: Int64
    let kind: String
    let issuer: String
    let reference: String
    let recorded: Int64
    let amount: Int64?
    let text: String
  }

  private(set) var accountRows: [Int64: [AccountRow]] = [:]
  private(set) var cardRows: [Int64: [CardRow]] = [:]
  private(set) var dimensionRows: [Int64: [DimensionRow]] = [:]
  private(set) var documentRows: [Int64: [DocumentRow]] = [:]

  init(_ database: Database, _ faults: inout VerifyFaults) throws(StoreFault) {
    let book = try database.prepare("select value from book where name = 'ledger_id'")
    ledgerID = try book.step() ? book.text(0) : ""
    if ledgerID.isEmpty { faults.add(.file, "the ledger has no id") }
    try readAccounts(database, &faults)
    try readCards(database, &faults)
    try readDimensions(database)
    try readDocuments(database)
  }

  private mutating func readAccounts(
    _ database: Database, _ faults: inout VerifyFaults
  ) throws(StoreFault) {
    let rows = try database.prepare(CarriedFile.query("verify-accounts.sql"))
    while try rows.step() {
      let row = AccountRow(
        id: rows.int64(0), name: rows.text(1), commodity: rows.text(2), kind: rows.int64(3))
      accountRows[rows.int64(4), default: []].append(row)
      guard let commodity = Account.Commodity(rawValue: row.commodity),
        let account = Account(name: row.name, commodity: commodity),
        Int64(account.kind.rawValue) == row.kind
      else {
        faults.add(
          .entry, batch: rows.int64(4), "account \(row.id) '\(row.name)' is of no known kind")
        continue
      }
      accounts[row.id] = account
    }
  }

  private mutating func readCards(
    _ database: Database, _ faults: inout VerifyFaults
  ) throws(StoreFault) {
    let rows = try database.prepare(CarriedFile.query("verify-cards.sql"))
    while try rows.step() {
      let (id, batch) = (rows.int64(0), rows.int64(4))
      let digest = Array(rows.bytes(1))
      cardRows[batch, default: []].append(CardRow(id: id, digest: digest, file: rows.text(2)))
      let text = rows.bytes(3)
      var actual = [UInt8](repeating: 0, count: 32)
      tb_sha256(text.baseAddress, text.count, &actual)
      if actual != digest {
        faults.add(.card, batch: batch, "rate card \(id) is not the text that its digest is of")
      }
      do throws(StoredCardFault) {
        cards[id] = try StoredCard(text: rows.text(3))
      } catch {
        faults.add(.card, batch: batch, "rate card \(id): \(error)")
      }
    }
  }

  private mutating func readDimensions(_ database: Database) throws(StoreFault) {
    let rows = try database.prepare(CarriedFile.query("verify-dimensions.sql"))
    while try rows.step() {
      let row = DimensionRow(
        id: rows.int64(0), texts: (1...14).map { rows.text($0) },
        numbers: (15...19).map { rows.int64($0) })
      dimensionRows[rows.int64(20), default: []].append(row)
      var subject = Subject()
      subject.team = row.texts[0]
      subject.project = row.texts[1]
      subject.route = row.texts[6]
      subject.provider = row.texts[7]
      subject.issuer = row.texts[8]
      let rules = EntryRules(
        for: Books.Dimension(
          subject: subject, providerInferred: row.numbers[0] != 0, card: nil, direct: nil,
          reason: nil, band: Int(row.numbers[3])))
      dimensions[row.id] = Dimension(
        rules: rules, card: row.numbers[1], direct: row.numbers[2])
    }
  }

  private mutating func readDocuments(_ database: Database) throws(StoreFault) {
    let rows = try database.prepare(CarriedFile.query("verify-documents.sql"))
    while try rows.step() {
      documentRows[rows.int64(7), default: []].append(
        DocumentRow(
          id: rows.int64(0), kind: rows.text(1), issuer: rows.text(2), reference: rows.text(3),
          recorded: rows.int64(4), amount: rows.optionalInt64(5), text: rows.text(6)))
    }
  }

  /// Adds to a batch's digest what it stored beside calls and entries, in the seal's order.
  func seal(_ batch: Int64, _ hasher: inout ChainHasher) {
    for row in dimensionRows[batch] ?? [] {
      hasher.add(dimension: row.id, texts: row.texts, numbers: row.numbers)
    }
    for row in accountRows[batch] ?? [] {
      hasher.add(account: row.id, name: row.name, commodity: row.commodity, kind: row.kind)
    }
    for row in cardRows[batch] ?? [] {
      row.digest.withUnsafeBytes { hasher.add(card: row.id, digest: $0, file: row.file) }
    }
    for row in documentRows[batch] ?? [] {
      hasher.add(
        document: row.id, kind: row.kind, issuer: row.issuer, reference: row.reference,
        recorded: row.recorded, amount: row.amount ?? ChainHasher.null, text: row.text)
    }
  }
}
