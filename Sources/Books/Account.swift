import Units

/// An account of the chart, named by its path: `Expenses:Inference:search`.
///
/// The first part is one of Beancount's five roots. Later parts are names as clients state them,
/// without colons or control characters; exports spell them as their program wants.
package struct Account: Hashable, Sendable {
  package let name: String
  package let commodity: Commodity

  /// What an account counts: dollars, or calls whose dollars are not known yet.
  package enum Commodity: String, Hashable, Sendable, CaseIterable {
    case usd = "USD"
    case call = "CALL"
  }

  /// The five kinds of account, by the root of the name.
  package enum Kind: Int, Hashable, Sendable, CaseIterable {
    case assets = 1
    case liabilities, equity, income, expenses

    package var root: String {
      switch self {
      case .assets: "Assets"
      case .liabilities: "Liabilities"
      case .equity: "Equity"
      case .income: "Income"
      case .expenses: "Expenses"
      }
    }
  }

  package let kind: Kind

  package init(_ kind: Kind, _ parts: [String], _ commodity: Commodity = .usd) {
    self.kind = kind
    self.commodity = commodity
    name = ([kind.root] + parts.map(Self.clean)).joined(separator: ":")
  }

  /// The account of that name, or nil when its root is none of the five.
  package init?(name: String, commodity: Commodity) {
    guard let kind = Kind.allCases.first(where: { name.hasPrefix($0.root + ":") }) else { return nil }
    self.kind = kind
    self.name = name
    self.commodity = commodity
  }

  /// A name as one part of a path: colons become dashes, nothing becomes `Unattributed`.
  private static func clean(_ part: String) -> String {
    if part.isEmpty { return "Unattributed" }
    // Nearly none has one, and looking for it as text takes longer than all else that an account is made of.
    guard part.utf8.contains(UInt8(ascii: ":")) else { return part }
    return String(decoding: part.utf8.map { $0 == UInt8(ascii: ":") ? UInt8(ascii: "-") : $0 }, as: UTF8.self)
  }
}

extension Account {
  package static func inference(team: String, project: String) -> Account {
    Account(.expenses, project.isEmpty ? ["Inference", team] : ["Inference", team, project])
  }
  /// Usage that the issuer has not invoiced yet.
  package static func accrued(_ issuer: String) -> Account { Account(.liabilities, ["Accrued", issuer]) }
  /// Invoiced and not paid.
  package static func payable(_ issuer: String) -> Account { Account(.liabilities, ["Payable", issuer]) }
  package static func routingMargin(_ route: String) -> Account {
    Account(.expenses, ["RoutingMargin", route])
  }
  package static func prepaid(_ issuer: String) -> Account { Account(.assets, ["Prepaid", issuer]) }
  package static func credits(_ issuer: String, grant: String) -> Account {
    Account(.assets, ["Credits", issuer, grant])
  }
  package static func unearnedCredits(_ issuer: String) -> Account {
    Account(.liabilities, ["UnearnedCredits", issuer])
  }
  package static func contraCredits(_ issuer: String) -> Account {
    Account(.expenses, ["ContraCredits", issuer])
  }
  /// What an allowance of a month was charged and is not owed, against the expense of its calls.
  package static func freeUnits(_ issuer: String, month: Month, allowance: String) -> Account {
    Account(.expenses, ["FreeUnits", issuer, "\(month)", allowance])
  }
  package static func fees(_ issuer: String) -> Account { Account(.expenses, ["Fees", issuer]) }
  package static func billingVariance(_ issuer: String) -> Account {
    Account(.expenses, ["BillingVariance", issuer])
  }
  package static func endpoint(_ team: String) -> Account { Account(.expenses, ["Endpoint", team]) }
  package static let idleEndpoint = Account(.expenses, ["Endpoint", "Idle"])
  package static func spend(_ period: String) -> Account { Account(.equity, ["Spend", period]) }
  package static let bank = Account(.assets, ["Cash", "Bank"])

  /// Calls of a provider whose price is not known: they keep the period from closing.
  package static func unpriced(_ provider: String) -> Account {
    Account(.assets, ["Suspense", "Unpriced", provider], .call)
  }
  package static let unpricedClearing = Account(.equity, ["UnpricedClearing"], .call)
}
