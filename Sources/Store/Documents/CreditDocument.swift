import Audit
import Books
import Units

/// Documents of included credits and prepaid money: their kinds, and how each is told from the next.
package enum CreditDocument: String, Hashable, Sendable, CaseIterable {
  case grant
  case use = "credit_use"
  case expiry = "credit_expiry"
  case topUp = "top_up"
  case allowance
  case settlement

  /// The document of one of these kinds that moves `amount`, with the facts it records.
  package func document(
    issuer: String, reference: String, amount: Amount, _ facts: [(String, String)]
  ) -> LedgerDocument {
    LedgerDocument(
      kind: rawValue, issuer: issuer, reference: reference, amount: amount,
      text: JSONText.object(facts))
  }

  /// The reference of a month's next document of this kind: `2026-11/1`, `2026-11/2`.
  ///
  /// The same usage is not paid for twice because it is no longer open, whatever the reference.
  package func reference(in month: Month, issuer: String, after known: [LedgerDocument]) -> String {
    let before = known.count {
      $0.kind == rawValue && $0.issuer == issuer && $0.reference.hasPrefix("\(month)/")
    }
    return "\(month)/\(before + 1)"
  }
}

extension LedgerReader {
  /// The documents of credits and prepaid money, in the order they were recorded.
  package func creditDocuments() throws(StoreFault) -> [LedgerDocument] {
    let query = try query("credit-documents")
    var documents: [LedgerDocument] = []
    while try query.step() {
      documents.append(
        LedgerDocument(
          kind: query.text(0), issuer: query.text(1), reference: query.text(2),
          amount: query.optionalInt64(3).map(Amount.init(nanos:)), text: query.text(4)))
    }
    return documents
  }

  /// Credits and usage by month, and what stands with each issuer, from one snapshot.
  ///
  /// Credits are those of all months; usage is that of `days`, or of none. Its cost grows with documents
  /// and with the days' rollups, not with calls: entries of calls are not read.
  package func credits(
    usageOf days: Range<Day>? = nil
  ) throws(StoreFault) -> (books: CreditBooks, issuers: [IssuerBalance]) {
    try snapshot { () throws(StoreFault) in
      var books = CreditBooks()
      let usage = try query("credit-usage")
      usage.bind(":from_day", Int64(days?.lowerBound.number ?? 0))
      usage.bind(":to_day", Int64(days?.upperBound.number ?? 0))
      while try usage.step() {
        books.add(
          usage: usage.int64(2), unpriced: usage.int64(3), accruedTo: usage.text(1), on: try day(usage.int64(0)))
      }
      let query = try query("document-batches")
      var batches: [Int64] = []
      while try query.step() { batches.append(query.int64(0)) }
      for batch in batches {
        for entry in try entries(of: batch) {
          books.add(debit: entry.debit, credit: entry.credit, amount: entry.amount, on: entry.day)
        }
      }
      return (books, try trialBalance().issuers)
    }
  }
}
