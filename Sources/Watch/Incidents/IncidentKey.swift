import Units

/// What tells one incident from another: its rule and its labels, never its numbers.
///
/// A number among the labels would make each bucket another incident.
package struct IncidentKey: Hashable, Comparable, Sendable {
  /// A dimension and its value.
  package struct Label: Hashable, Comparable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }

    package static func < (a: Label, b: Label) -> Bool { (a.name, a.value) < (b.name, b.value) }
  }

  package let rule: AlertRule
  /// In the order of their names.
  package let labels: [Label]

  package init(_ rule: AlertRule, _ labels: [Label]) {
    self.rule = rule
    self.labels = labels.sorted()
  }

  package init(_ rule: AlertRule, _ series: SeriesKey) {
    self.init(rule, series.labels.map { Label($0.name, $0.value) })
  }

  package static func < (a: IncidentKey, b: IncidentKey) -> Bool {
    a.rule != b.rule ? a.rule < b.rule : a.labels.lexicographicallyPrecedes(b.labels)
  }

  package func value(of name: String) -> String? { labels.first { $0.name == name }?.value }

  /// Whether this is a part of `whole`: the same rule, all its labels and more.
  package func isPart(of whole: IncidentKey) -> Bool {
    rule == whole.rule && labels.count > whole.labels.count && whole.labels.allSatisfy(labels.contains)
  }

  /// Whether both are of one rule and have a label in common.
  package func overlaps(_ other: IncidentKey) -> Bool {
    rule == other.rule && labels.contains(where: other.labels.contains)
  }

  /// 32 hexadecimal digits of rule and labels: the same on every machine and in every version.
  ///
  /// Two digests of 64 bits with seeds of their own. It withstands chance, not malice; incidents are told apart by
  /// the whole key, so that whoever finds two keys of one fingerprint confuses a receiver and not the book.
  package var fingerprint: String {
    var text = "v1\0" + rule.rawValue
    for label in labels { text += "\0" + label.name + "=" + label.value }
    return text.withUTF8 { bytes in
      let bytes = UnsafeRawBufferPointer(bytes)
      return Self.hex(Digest64.of(bytes, seed: 1)) + Self.hex(Digest64.of(bytes, seed: 2))
    }
  }

  private static func hex(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension IncidentKey: CustomStringConvertible {
  /// `spend_spike model=large-1 team=search`.
  package var description: String {
    ([rule.rawValue] + labels.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
  }
}
