import Calls
import Units

/// Puts new cards into the texts of price files: behind those that are there, which stay as they are.
package struct PriceFileMerge {
  /// Where the figures are from: one for the whole import.
  package struct Origin: Sendable {
    package let source: String
    package let readOn: Day

    package init(source: String, readOn: Day) {
      self.source = source
      self.readOn = readOn
    }
  }

  package private(set) var files: [(name: String, tree: JSONTree)] = []
  /// Names of the files that have a card more than before.
  package private(set) var touched: Set<String> = []
  private let origin: Origin
  private let names: RateBook

  /// - Throws: the fault of the first file that is not JSON.
  package init(
    files: [(name: String, text: String)], names: RateBook, origin: Origin
  ) throws(RateFaults) {
    self.origin = origin
    self.names = names
    for file in files {
      do { self.files.append((file.name, try JSONTree(parsing: file.text))) } catch {
        throw RateFaults(faults: [RateFault(file: file.name, line: error.line, .notJSON(error.what))])
      }
    }
  }

  /// The changed and the new files, by name.
  package var texts: [(name: String, text: String)] {
    files.filter { touched.contains($0.name) }
      .map { ($0.name, PriceFileText.text(of: $0.tree)) }.sorted { $0.0 < $1.0 }
  }

  // MARK: - Adding

  package mutating func add(_ entry: PriceReview.Entry) {
    guard let card = entry.card else { return }
    let place = file(for: entry)
    let models = files[place].tree["models"]?.elements ?? []
    let heading = files[place].tree
    // A heading that is this import's own speaks for its cards.
    let isOwn =
      heading["source"]?.string == origin.source && heading["read_on"]?.string == "\(origin.readOn)"
      && heading["confidence"]?.string == "B"
    let new = Self.tree(of: card, from: entry.from, origin: isOwn ? nil : origin)
    var changed = models
    if let row = models.firstIndex(where: { isModel($0, of: entry, heading) }) {
      changed[row] = models[row].with("cards", Self.inserted(new, entry, models[row]["cards"]?.elements ?? []))
    } else {
      var members = [JSONTree.Member(name: "model", value: .text(entry.key.model))]
      if entry.key.provider != entry.key.issuer {
        members.append(JSONTree.Member(name: "provider", value: .text(entry.provider)))
      }
      members.append(JSONTree.Member(name: "cards", value: JSONTree(value: .array([new]))))
      changed.append(JSONTree(value: .object(members)))
    }
    files[place].tree = heading.with("models", JSONTree(value: .array(changed)))
    touched.insert(files[place].name)
  }

  /// The file of an issuer and a route; a new one when there is none.
  private mutating func file(for entry: PriceReview.Entry) -> Int {
    let key = entry.key
    if let place = files.firstIndex(where: { file in
      file.tree["contract"] == nil && names.canonical(file.tree["issuer"]?.string ?? "") == key.issuer
        && file.tree["route"]?.string ?? "direct" == key.route
    }) {
      return place
    }
    let plain = String(
      key.issuer.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "-" })
    var name = plain.hasPrefix(".") ? "issuer" + plain : plain
    while files.contains(where: { $0.name == name + ".json" }) { name += "-" + key.route }
    var members: [(String, String)] = [("issuer", key.issuer), ("route", key.route), ("currency", "USD")]
    // Hugging Face rounds fractions of a nanodollar up, and bills what succeeded.
    let isRouter = key.route == "huggingface"
    members.append(("rounding", (isRouter ? Rounding.up : .halfEven).rawValue))
    if isRouter { members.append(("bills", "success")) }
    members += [("source", origin.source), ("read_on", "\(origin.readOn)"), ("confidence", "B")]
    let heading =
      members.map { JSONTree.Member(name: $0.0, value: .text($0.1)) }
      + [JSONTree.Member(name: "models", value: JSONTree(value: .array([])))]
    files.append((name + ".json", JSONTree(value: .object(heading))))
    return files.count - 1
  }

  private func isModel(_ tree: JSONTree, of entry: PriceReview.Entry, _ heading: JSONTree) -> Bool {
    let provider = tree["provider"]?.string ?? heading["issuer"]?.string ?? ""
    guard names.canonical(provider) == entry.key.provider else { return false }
    return tree["model"]?.string == entry.key.model
      || (tree["aliases"]?.elements ?? []).contains { $0.string == entry.key.model }
  }

  /// The cards with the new one behind those of its conditions that are earlier.
  private static func inserted(
    _ new: JSONTree, _ entry: PriceReview.Entry, _ cards: [JSONTree]
  ) -> JSONTree {
    var cards = cards
    func conditions(_ card: JSONTree) -> [String: String] {
      Dictionary((card["when"]?.members ?? []).map { ($0.name, $0.value.string ?? "") }) { $1 }
    }
    let behind = cards.lastIndex { card in
      conditions(card) == entry.when && (card["from"]?.string).flatMap { Day($0) }.map { $0 < entry.from } ?? false
    }
    let before = cards.firstIndex { conditions($0) == entry.when }
    cards.insert(new, at: behind.map { $0 + 1 } ?? before ?? (entry.when.isEmpty ? 0 : cards.count))
    return JSONTree(value: .array(cards))
  }

  // MARK: - A card

  private static func tree(of card: ListedCard, from: Day, origin: Origin?) -> JSONTree {
    var members = [JSONTree.Member(name: "from", value: .text("\(from)"))]
    if !card.when.isEmpty {
      let when = card.when.sorted { $0.key < $1.key }
        .map { JSONTree.Member(name: $0.key, value: .text($0.value)) }
      members.append(JSONTree.Member(name: "when", value: JSONTree(value: .object(when))))
    }
    // The unit of the first meter stands on the card, others at their rates.
    let per = Meter.allCases.lazy.compactMap { card.rates[$0]?.per }.first ?? "1M tokens"
    members.append(JSONTree.Member(name: "per", value: .text(per)))
    members.append(JSONTree.Member(name: "rates", value: rates(card.rates, card.sameAs, per)))
    if !card.bands.isEmpty {
      let bands = card.bands.map { band in
        JSONTree(
          value: .object([
            JSONTree.Member(name: "over", value: JSONTree(value: .number("\(band.over)"))),
            JSONTree.Member(name: "rates", value: rates(band.rates, card.sameAs, per)),
          ]))
      }
      members.append(JSONTree.Member(name: "bands", value: JSONTree(value: .array(bands))))
    }
    if let origin {
      members += [
        ("source", origin.source), ("read_on", "\(origin.readOn)"), ("confidence", "B"),
      ].map { JSONTree.Member(name: $0.0, value: .text($0.1)) }
    }
    return JSONTree(value: .object(members))
  }

  /// Meters in the order that the price files keep.
  private static let order: [Meter] =
    [.input, .cacheRead, .cacheWrite5m, .cacheWrite30m, .cacheWrite1h, .cacheWrite12h, .output]
    + Meter.allCases.filter { $0.rawValue >= Meter.reasoning.rawValue }

  private static func rates(
    _ rates: [Meter: ListedRate], _ sameAs: [Meter: Meter], _ per: String
  ) -> JSONTree {
    var members: [JSONTree.Member] = []
    for meter in order {
      if let rate = rates[meter] {
        let dollars = JSONTree.text("\(rate.dollars)")
        let value =
          rate.per == per
          ? dollars
          : JSONTree(
            value: .object([
              JSONTree.Member(name: "usd", value: dollars),
              JSONTree.Member(name: "per", value: .text(rate.per)),
            ]))
        members.append(JSONTree.Member(name: meter.name, value: value))
      } else if let lender = sameAs[meter] {
        members.append(JSONTree.Member(name: meter.name, value: .text("=" + lender.name)))
      }
    }
    return JSONTree(value: .object(members))
  }
}

extension JSONTree {
  fileprivate static func text(_ text: String) -> JSONTree { JSONTree(value: .string(text)) }

  /// The object with that member's value replaced.
  fileprivate func with(_ name: String, _ value: JSONTree) -> JSONTree {
    let members = (members ?? []).map {
      $0.name == name ? Member(name: name, line: $0.line, value: value) : $0
    }
    return JSONTree(value: .object(members), line: line)
  }
}
