import Books

/// How each account's name is written for one program, so that no two fall together.
///
/// A character that the program would read as something else becomes a dash. Where two accounts
/// would then have one name, the later opened one gets `-2`: the same on every export, because
/// accounts are only ever added.
struct AccountSpelling {
  private var names: [Account: String] = [:]

  enum Rule {
    /// hledger and ledger: one space inside, nothing that starts a comment or a virtual posting.
    case journal
    /// Beancount: letters, digits and dashes, each part led by a capital or a digit.
    case beancount
  }

  init(_ accounts: [Account], _ rule: Rule) {
    var taken: Set<String> = []
    for account in accounts {
      let parts = account.name.split(separator: ":", omittingEmptySubsequences: false)
      let spelt = parts.map { Self.spell($0, rule) }.joined(separator: ":")
      var name = spelt
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(spelt)-\(number)"
        number += 1
      }
      names[account] = name
    }
  }

  subscript(account: Account) -> String { names[account] ?? account.name }

  private static func spell(_ part: Substring, _ rule: Rule) -> String {
    var spelt = String.UnicodeScalarView()
    for scalar in part.unicodeScalars {
      let kept: Bool =
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter, .modifierLetter,
          .decimalNumber:
          true
        case .nonspacingMark, .spacingMark: rule == .journal
        default:
          scalar == "-"
            || rule == .journal
              && ("_./@+".unicodeScalars.contains(scalar) || scalar == " " && spelt.last != " ")
        }
      spelt.append(kept ? scalar : "-")
    }
    switch rule {
    case .journal:
      while spelt.last == " " { spelt.removeLast() }
      while spelt.first == " " { spelt.removeFirst() }
    case .beancount:
      guard let first = spelt.first else { break }
      let capital = first.properties.uppercaseMapping.unicodeScalars
      if first.properties.generalCategory == .decimalNumber {
        break
      } else if capital.count == 1, let only = capital.first,
        only.properties.generalCategory == .uppercaseLetter
      {
        spelt.replaceSubrange(spelt.startIndex...spelt.startIndex, with: [only])
      } else {
        spelt.insert("X", at: spelt.startIndex)
      }
    }
    return spelt.isEmpty ? "Unattributed" : String(spelt)
  }
}
