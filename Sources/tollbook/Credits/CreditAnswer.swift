import Books
import Store
import Units

/// What posting credits or prepaid money did, and what the books say afterwards.
struct CreditAnswer {
  let kind: CreditDocument
  let issuer: String
  /// Nil when there was nothing to post.
  let reference: String?
  let amount: Amount
  /// False when there was nothing new, or when it had been recorded before.
  let posted: Bool
  let entries: [Entry]
  let prepaid: Amount
  let accrued: Amount
  /// The month that was asked for; a top-up has none.
  let month: IssuerMonth?
  /// Of a top-up.
  var fee: Amount?
  /// What each allowance came to, where free units were booked.
  var free: [FreeUnitsLine] = []
  /// What the books cannot say of it, in words.
  var note: String?

  /// As docs/cli.md promises it.
  var json: String {
    func money(_ amount: Amount?) -> String { JSONText.optional(amount?.description) }
    return JSONText.object([
      ("posted", "\(posted)"), ("kind", JSONText.quoted(kind.rawValue)),
      ("issuer", JSONText.quoted(issuer)), ("reference", JSONText.optional(reference)),
      ("month", JSONText.optional(month?.month.description)), ("amount", money(amount)),
      ("fee", money(fee)), ("entries", JSONText.array(entries.map(\.json))),
      ("credits", month.map { JSONText.object($0.grant.members) } ?? "null"),
      ("usage", money(month?.usage)), ("settled", money(month?.settled)), ("unpaid", money(month?.unpaid)),
      ("prepaid", money(prepaid)), ("accrued", money(accrued)), ("allowances", JSONText.array(free.map(\.json))),
    ])
  }

  func text(_ paint: Paint) -> String {
    var text = summary + "\n"
    if !entries.isEmpty {
      var table = TextTable([
        .text("day"), .text("kind"), .text("debit"), .text("credit"), .number("amount USD"),
      ])
      for entry in entries {
        table.add([
          "\(entry.day)", entry.kind.name, entry.debit.name, entry.credit.name,
          NumberText.grouped("\(Amount(nanos: entry.amount))"),
        ])
      }
      text += "\n" + table.text(paint)
    }
    var facts = free.map(\.text)
    if let grant = month?.grant, grant.granted != .zero {
      facts.append(
        "credits of \(grant.month): granted \(grant.granted), used \(grant.used), "
          + "expired \(grant.expired), left \(grant.left)")
    }
    if let month, kind == .use || kind == .settlement || kind == .allowance {
      facts.append("usage of \(month.month): \(month.usage), of it unpaid: \(month.unpaid)")
    }
    if kind == .topUp || kind == .settlement { facts.append("prepaid at \(issuer): \(prepaid)") }
    if !facts.isEmpty { text += "\n" + facts.joined(separator: "\n") + "\n" }
    if let note { text += "\n\(note)\n" }
    return text
  }

  private var summary: String {
    let sum = "\(Amount(nanos: Int64(clamping: amount.nanos.magnitude))) USD"
    let back = amount < .zero
    if !posted {
      return reference.map { "Nothing booked: \(kind.words) \($0) of \(issuer) is recorded already." }
        ?? "Nothing booked: there is nothing new to \(kind.verb)."
    }
    return switch kind {
    case .grant: "Granted \(sum) of credits by \(issuer)."
    case .use: back ? "Gave back \(sum) to \(issuer)'s credits." : "Paid \(sum) of usage out of \(issuer)'s credits."
    case .expiry: "Let \(sum) of \(issuer)'s credits lapse."
    case .topUp: "Put \(sum) into the balance at \(issuer), for a fee of \(fee ?? .zero)."
    case .allowance:
      back
        ? "Gave back \(sum) of free units to what \(issuer) is owed."
        : "Took \(sum) of free units off what \(issuer) is owed."
    case .settlement:
      back ? "Gave back \(sum) to the balance at \(issuer)." : "Paid \(sum) of usage out of the balance at \(issuer)."
    }
  }
}

extension CreditDocument {
  fileprivate var words: String {
    switch self {
    case .grant: "grant"
    case .use: "use"
    case .expiry: "expiry"
    case .topUp: "top-up"
    case .settlement: "settlement"
    case .allowance: "free units"
    }
  }

  fileprivate var verb: String {
    switch self {
    case .grant: "grant"
    case .use: "pay out of credits"
    case .expiry: "let lapse"
    case .topUp: "put in"
    case .settlement: "pay out of the balance"
    case .allowance: "take off for free units"
    }
  }
}

extension Entry {
  fileprivate var json: String {
    JSONText.object([
      ("day", JSONText.quoted("\(day)")), ("kind", JSONText.quoted(kind.name)),
      ("debit", JSONText.quoted(debit.name)), ("credit", JSONText.quoted(credit.name)),
      ("amount", JSONText.quoted("\(Amount(nanos: amount))")),
    ])
  }
}

extension CreditGrant {
  /// `granted`, `used`, `expired` and `left`, as `credits --json` promises them.
  var members: [(String, String)] {
    [("granted", granted), ("used", used), ("expired", expired), ("left", left)].map {
      ($0.0, JSONText.quoted("\($0.1)"))
    }
  }
}
