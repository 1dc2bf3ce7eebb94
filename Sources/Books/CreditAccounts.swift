/// What an account is to an issuer's credits and prepaid money.
enum CreditRole: Hashable {
  /// Used, and not paid by anything yet.
  case accrued(String)
  case credits(String, grant: String)
  case unearned(String)
  case prepaid(String)
  /// What free units of a month were charged.
  case freeUnits
  case expense
  case other

  /// The role that an account's name gives it.
  init(of account: Account) {
    let parts = account.name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    switch (parts.first, parts.dropFirst().first, parts.count) {
    case ("Liabilities", "Accrued", 3): self = .accrued(parts[2])
    case ("Assets", "Credits", 4): self = .credits(parts[2], grant: parts[3])
    case ("Liabilities", "UnearnedCredits", 3): self = .unearned(parts[2])
    case ("Assets", "Prepaid", 3): self = .prepaid(parts[2])
    case ("Expenses", "FreeUnits", 5): self = .freeUnits
    case ("Expenses", _, _): self = .expense
    default: self = .other
    }
  }
}

extension Account {
  /// The issuer to whom the account says that usage is owed; nil for any other account.
  package var accruedIssuer: String? {
    if case .accrued(let issuer) = CreditRole(of: self) { issuer } else { nil }
  }

  /// The issuer with whom the account's money stands; nil for any other account.
  package var prepaidIssuer: String? {
    if case .prepaid(let issuer) = CreditRole(of: self) { issuer } else { nil }
  }

  /// The issuer and the month of the credits that the account holds; nil for any other account.
  package var creditGrant: (issuer: String, month: String)? {
    if case .credits(let issuer, let grant) = CreditRole(of: self) { (issuer, grant) } else { nil }
  }
}
