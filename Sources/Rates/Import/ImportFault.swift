import Units

/// A price of a source that cannot become a card: where it stands, what it is, what to do.
package struct ImportFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let line: Int
  /// As the source names them; the model may be empty.
  package let issuer: String
  package let model: String
  package let kind: Kind

  package enum Kind: Hashable, Sendable {
    case notAnObject(String)
    case missing(String)
    case notText(String)
    case notANumber(String, String)
    case badDay(String)
    case negative(String)
    case dear(String, String, bound: String)
    case cheap(String, String, bound: String)
    case unknownKey(String)
    case badBand(String)
    case badWindow(String)
    case badName(String)
    case twoPrices
    case aliasDiffers(String)
    case tooFine
    case dayTaken(String)
    case ends(String)
    case ambiguous(String, String)
  }

  package init(line: Int, issuer: String, model: String, _ kind: Kind) {
    self.line = line
    self.issuer = PlainText.of(issuer)
    self.model = PlainText.of(model)
    self.kind = kind
  }

  /// What and remedy, fit for a terminal.
  package var what: String { PlainText.of(kind.sentence, most: 500) }

  package var description: String {
    "line \(line): \(model.isEmpty ? issuer : "\(issuer) \(model)"): \(what)"
  }
}

extension ImportFault.Kind {
  /// Fact and remedy.
  package var sentence: String {
    switch self {
    case .notAnObject(let what): "\(what) is no object. The source's shape has changed; nothing is taken from it."
    case .missing(let name): "there is no '\(name)'. Nothing is taken from it."
    case .notText(let name): "'\(name)' is no text. Nothing is taken from it."
    case .notANumber(let name, let text):
      "'\(name)' is '\(text.prefix(40))', which is no price. Look it up at the issuer's."
    case .badDay(let text): "'\(text.prefix(40))' is no day. Give its card by hand."
    case .negative(let name): "'\(name)' is negative. Look it up at the issuer's."
    case .dear(let name, let rate, let bound):
      "'\(name)' is \(rate), which is over \(bound): mostly a mistaken unit. Look it up at the issuer's."
    case .cheap(let name, let rate, let bound):
      "'\(name)' is \(rate), which is under \(bound): mostly a mistaken unit. Look it up at the issuer's."
    case .unknownKey(let name): "'\(name)' is a price that no meter is known for. It is in no card."
    case .badBand(let what): "\(what). Give the prices for long prompts by hand."
    case .badWindow(let what): "'\(what.prefix(40))' are no hours. Give its cards by hand."
    case .badName(let what): "\(what). Give its card by hand."
    case .twoPrices: "the source has two prices for it. Look up which holds, and give its card by hand."
    case .aliasDiffers(let model):
      "here it is another name of \(model), but the source prices it otherwise. Give it cards of its own, or leave it."
    case .tooFine: "its rates cannot be held exactly together. Give its card by hand."
    case .ends(let day):
      "its card in force ends on \(day) by its own word. Mend that end first, or give its card by hand."
    case .ambiguous(let one, let other):
      "a call may meet '\(one)' and '\(other)', and no card says what it then costs. Give its cards by hand."
    case .dayTaken(let day):
      "there is a card from \(day) already, with other rates. Give a later day with --from, or mend that card."
    }
  }
}

/// Text of a list as it may stand on a terminal: without what moves its cursor or turns its letters round.
enum PlainText {
  static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: false
    default: true
    }
  }

  /// `text` with a question mark for each such character, and cut off at `most` characters.
  static func of(_ text: String, most: Int = 200) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.prefix(most).map { isPlain($0) ? $0 : "?" }))
  }
}
