import Audit
import Books
import Rates
import Store
import Units

/// A ledger opened to post credits and prepaid money.
///
/// The writer holds the ledger's lock, so that what is read stays true until it is posted.
struct CreditLedger {
  let reader: LedgerReader
  private let writer: LedgerWriter
  private let now: Timestamp

  var today: Day { now.day }

  /// - Throws: ``StoreFault`` when there is no ledger, or another process writes it.
  init(_ data: DataOptions, _ surroundings: Surroundings) throws {
    let folder = try data.folder(surroundings)
    now = surroundings.now
    // A writer would make a ledger where there is none.
    reader = try LedgerReader(folder: folder)
    writer = try LedgerWriter(folder: folder, now: now)
  }

  func close() { writer.close() }

  // MARK: - Reading

  /// The issuer's name as the ledger has it.
  func bookedIssuer(_ name: String) throws -> String {
    let booked = try reader.trialBalance().issuers.map(\.issuer)
    if booked.contains(name) { return name }
    let near = nearest(to: name, in: booked)
    throw CommandFault(
      "The ledger owes nothing to '\(name)' and holds nothing of it."
        + (near.map { " Did you mean '\($0)'?" } ?? ""), try: "tollbook credits show")
  }

  /// The issuer's name as the ledger has it, or else as the price files do.
  func issuer(_ name: String, _ rates: RateBook) throws -> String {
    let booked = try reader.trialBalance().issuers.map(\.issuer)
    if booked.contains(name) { return name }
    let known = rates.issuers
    if known.contains(name) { return rates.canonical(name) }
    let near = nearest(to: name, in: known.union(booked).sorted())
    throw CommandFault(
      misuse: "'\(name)' is no issuer of the price files or the ledger."
        + (near.map { " Did you mean '\($0)'?" } ?? ""), try: "tollbook credits plans")
  }

  func month(_ month: Month, of issuer: String) throws -> IssuerMonth {
    let (books, issuers) = try reader.credits(usageOf: month.days)
    let balance = issuers.first { $0.issuer == issuer } ?? IssuerBalance(issuer: issuer)
    return try books.month(month, of: issuer, accrued: balance.accrued, prepaid: balance.prepaid)
  }

  /// The entries of a month's free units beyond what is booked of them.
  func freeing(_ units: FreeUnits, _ firstOpenDay: Day?) throws -> [Entry] {
    try units.entries(booked: reader.credits().books, today: today, firstOpenDay: firstOpenDay)
  }

  // MARK: - Posting

  /// Posts a month's next document of this kind; no entries mean that there is nothing new.
  func post(
    _ kind: CreditDocument, _ entries: [Entry], of before: IssuerMonth, amount: Amount,
    facts: [(String, String)] = []
  ) throws -> CreditAnswer {
    let (issuer, month) = (before.issuer, before.month)
    guard !entries.isEmpty else {
      return CreditAnswer(
        kind: kind, issuer: issuer, reference: nil, amount: .zero, posted: false, entries: [],
        prepaid: before.prepaid, accrued: before.accrued, month: before)
    }
    let reference = kind.reference(in: month, issuer: issuer, after: try reader.creditDocuments())
    let document = kind.document(
      issuer: issuer, reference: reference, amount: amount, [("month", JSONText.quoted("\(month)"))] + facts)
    return try post(kind, document, entries, month)
  }

  /// Posts a document, once; tells what the books say afterwards.
  func post(
    _ kind: CreditDocument, _ document: LedgerDocument, _ entries: [Entry], _ month: Month?
  ) throws -> CreditAnswer {
    let receipt = try writer.post(document, entries.map { LedgerDocument.Posting($0) }, at: now)
    let after = try self.month(month ?? Month(of: today), of: document.issuer)
    var isNew = false
    if case .posted = receipt { isNew = true }
    return CreditAnswer(
      kind: kind, issuer: document.issuer, reference: document.reference,
      amount: document.amount ?? .zero, posted: isNew, entries: isNew ? entries : [],
      prepaid: after.prepaid, accrued: after.accrued, month: month == nil ? nil : after)
  }
}

extension RateBook {
  /// Every name that an issuer goes by in the price files.
  var issuers: Set<String> {
    Set(products.keys.map(\.issuer)).union(plans.map(\.issuer)).union(fees.map(\.issuer))
      .union(canonicalNames.keys)
  }
}
