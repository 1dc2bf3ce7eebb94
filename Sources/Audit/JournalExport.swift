import Books
import Units

extension LedgerExport {
  /// A journal that `hledger check -s` and `ledger --strict --pedantic` both accept.
  var journal: String {
    let spelling = AccountSpelling(accounts, .journal)
    var text = "; The general ledger of tollbook, head \(head)\n\n"
    // hledger wants a decimal mark in a format, and ledger none without a digit behind it.
    text += "commodity USD\n    format 1000.000000000 USD\n"
    text += "commodity CALL\n    format 1000.0 CALL\n\n"
    for account in accounts { text += "account \(spelling[account])\n" }
    for movement in movements {
      let commodity = movement.debit.commodity
      text += "\n\(movement.day) \(movement.kind)  ; \(Self.entries(movement.entries))\n"
      text += Self.postings([
        (spelling[movement.debit], commodity.exported(movement.amount)),
        (spelling[movement.credit], commodity.exported(-Int128(movement.amount))),
      ])
    }
    guard let balances, let last = movements.last else { return text }
    text += "\n; What the ledger's own balances say.\n\(last.day) balances\n"
    text += Self.postings(
      balances.map { line in
        let commodity = line.account.commodity
        return (
          spelling[line.account],
          commodity.exported(0) + " = " + commodity.exported(line.balance)
        )
      })
    return text
  }

  /// A file that `bean-check` accepts.
  var beancount: String {
    let spelling = AccountSpelling(accounts, .beancount)
    var text = "; The general ledger of tollbook, head \(head)\n"
    text += "option \"title\" \"tollbook\"\noption \"operating_currency\" \"USD\"\n\n"
    guard let first = movements.first, let last = movements.last else { return text }
    text += "\(first.day) commodity USD\n\(first.day) commodity CALL\n\n"
    for account in accounts {
      text += "\(first.day) open \(spelling[account]) \(account.commodity.rawValue)\n"
    }
    for movement in movements {
      let commodity = movement.debit.commodity
      let narration = "\(movement.kind), \(Self.entries(movement.entries))"
      text += "\n\(movement.day) * \"\(narration)\"\n"
      text += Self.postings(
        [
          (spelling[movement.debit], commodity.exported(movement.amount)),
          (spelling[movement.credit], commodity.exported(-Int128(movement.amount))),
        ], indent: "  ")
    }
    guard let balances else { return text }
    // A balance holds at its day's beginning.
    let next = Day(number: last.day.number + 1)
    text += "\n; What the ledger's own balances say.\n"
    for line in balances {
      let balance = line.account.commodity.exported(line.balance)
      text += "\(next) balance \(spelling[line.account]) \(balance)\n"
    }
    return text
  }

  private static func entries(_ count: Int64) -> String {
    count == 1 ? "1 entry" : "\(count) entries"
  }

  /// Lines of account and amount, the amounts' ends below one another.
  private static func postings(
    _ lines: [(account: String, amount: String)], indent: String = "    "
  ) -> String {
    let accountWidth = lines.map(\.account.count).max() ?? 0
    let amountWidth = lines.map(\.amount.count).max() ?? 0
    return lines.map { line in
      let gap = accountWidth - line.account.count + 2 + amountWidth - line.amount.count
      return indent + line.account + String(repeating: " ", count: gap) + line.amount + "\n"
    }.joined()
  }
}

extension Account.Commodity {
  /// A quantity with its commodity's name; calls get a decimal, as their format declares.
  fileprivate func exported(_ quantity: some BinaryInteger) -> String {
    switch self {
    case .usd: "\(text(quantity)) USD"
    case .call: "\(quantity).0 CALL"
    }
  }
}
