import Calls
import Rates
import Units

extension PriceReview {
  /// The review for people, grouped by issuer: what differs, then what is at fault.
  func text(_ document: String, _ origin: String, written: [String], _ paint: Paint) -> String {
    var text = "\(document)\ncompared with \(origin): \(CountText.of(Int64(models), "model", "models")) listed\n"
    let sellers = Dictionary(grouping: entries) { entry in
      entry.key.issuer + (entry.key.route == "direct" ? "" : " through \(entry.key.route)")
    }
    for (seller, entries) in sellers.sorted(by: { $0.key < $1.key }) {
      text += "\n" + paint.bold(seller) + "\n"
      for entry in entries where entry.kind != .unchanged { text += entry.text(paint) }
      let unchanged = entries.count { $0.kind == .unchanged }
      if unchanged > 0 { text += "  = \(unchanged) unchanged\n" }
    }
    text += rest(paint)
    let verb = written.isEmpty ? "nothing was written" : "written: \(written.joined(separator: ", "))"
    return text
      + "\n\(count(.added)) added, \(count(.changed)) changed, \(count(.gone)) gone, "
      + "\(count(.unchanged)) unchanged, \(held.count) held back, \(faults.count) at fault; \(verb)\n"
  }

  private func rest(_ paint: Paint) -> String {
    var text = ""
    if !faults.isEmpty {
      text += "\n" + paint.bold("at fault") + "\n" + faults.map { "  \($0)\n" }.joined()
    }
    var byWhat: [String: Int] = [:]
    for (key, count) in leftOut { byWhat[key.what, default: 0] += count }
    if !byWhat.isEmpty {
      text += "\n" + paint.bold("left out") + "\n"
      for (what, count) in byWhat.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
        text += "  \(count) \(what)\n"
      }
    }
    if issuersPassedOver > 0 {
      text += "\n\(CountText.of(Int64(issuersPassedOver), "issuer", "issuers")) of the list passed over: --issuer all\n"
    }
    return text
  }
}

extension PriceReview.Entry {
  /// `+ org/large at novita, tier=flex, from 2026-11-21: input 0.5, output 2 per 1M tokens`.
  fileprivate func text(_ paint: Paint) -> String {
    let mark =
      switch kind {
      case .added: "+"
      case .changed: "~"
      case .gone: "-"
      case .unchanged: "="
      }
    var text = "  \(mark) \(key.model)"
    if key.provider != key.issuer, key.provider != RateBook.anyProvider { text += " at \(key.provider)" }
    let conditions = conditions.text
    if !conditions.isEmpty { text += ", \(conditions)" }
    switch kind {
    case .gone: text += ", not listed any more; its cards stay\n"
    case .added: text += ", from \(from): \(card?.summary ?? "")\n"
    default: text += ", from \(from)\n"
    }
    for difference in differences {
      text += "      \(difference.meter.name)"
      if difference.over > 0 { text += " over \(difference.over) prompt tokens" }
      text += ": \(difference.old ?? "no rate") → \(difference.new ?? "no rate")"
      text += difference.ratio.map { "  \($0)\n" } ?? "\n"
    }
    for hold in holds { text += "      held back: \(hold.sentence)\n" }
    return text
  }
}

extension ListedCard {
  /// The rates in one line, and how many bands there are.
  fileprivate var summary: String {
    var byUnit: [(unit: String, rates: [String])] = []
    for (meter, rate) in rates.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      let words = "\(meter.name) \(rate.dollars)"
      if let place = byUnit.firstIndex(where: { $0.unit == rate.per }) {
        byUnit[place].rates.append(words)
      } else {
        byUnit.append((rate.per, [words]))
      }
    }
    let text = byUnit.map { "\($0.rates.joined(separator: ", ")) per \($0.unit)" }.joined(separator: "; ")
    func overs(_ bands: [ListedCard.Band]) -> String { bands.map { "\($0.over)" }.joined(separator: ", ") }
    let (priced, unsaid) = (bands.filter { !$0.rates.isEmpty }, bands.filter(\.rates.isEmpty))
    return text + (priced.isEmpty ? "" : "; more over \(overs(priced)) prompt tokens")
      + (unsaid.isEmpty ? "" : "; no price over \(overs(unsaid)) prompt tokens")
  }
}
