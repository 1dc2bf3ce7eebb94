import Foundation
import Testing

/// What a reviewer would say twice: what is looked for, where, and how to mend it.
///
/// Each rule bears a text that breaks it and one that keeps it, so that no rule passes everything.
struct HouseRule: Sendable, CustomTestStringConvertible {
  let name: String
  /// What to do instead.
  let cure: String
  /// Whether the rule speaks of the file at this path.
  let appliesTo: @Sendable (_ path: String) -> Bool
  let breaks: Breach
  let bad: String
  let good: String

  /// How a text breaks a rule.
  enum Breach: Sendable {
    /// A line in which the pattern is found; `^` and `$` are a line's ends.
    case line(View, String)
    /// The numbers of the lines that break it, from 1 on.
    case judged(@Sendable (_ lines: [Substring]) -> [Int])
  }

  /// What of a text is looked at.
  enum View: Sendable {
    /// All of it.
    case text
    /// Without comments.
    case code
    /// Without comments and without what stands in quotes.
    case bare
  }

  var testDescription: String { name }

  /// One finding a line, each with its place and the cure.
  func findings(in text: HouseText, at path: String) -> [String] {
    guard appliesTo(path) else { return [] }
    let numbers: [Int]
    switch breaks {
    case .judged(let judge): numbers = judge(Self.lines(text.text))
    case .line(let view, let pattern): numbers = text.lines(matching: pattern, in: view)
    }
    return numbers.map { "\(path):\($0): \(name): \(cure)." }
  }

  static func lines(_ text: String) -> [Substring] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines
  }
}

/// A text in the three views that rules look at.
struct HouseText {
  let text: String
  private let code: String
  private let bare: String

  init(_ text: String) {
    self.text = text
    var code: [UInt8] = []
    var bare: [UInt8] = []
    for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      var quoted = false
      var before: UInt8 = 0
      for byte in line {
        if !quoted, byte == UInt8(ascii: "/"), before == UInt8(ascii: "/") {
          code.removeLast()
          bare.removeLast()
          break
        }
        if byte == UInt8(ascii: "\""), before != UInt8(ascii: "\\") { quoted.toggle() }
        code.append(byte)
        if !quoted || byte == UInt8(ascii: "\"") { bare.append(byte) }
        before = byte
      }
      code.append(UInt8(ascii: "\n"))
      bare.append(UInt8(ascii: "\n"))
    }
    self.code = String(decoding: code, as: UTF8.self)
    self.bare = String(decoding: bare, as: UTF8.self)
  }

  /// Numbers of the lines in which the pattern is found, each once.
  func lines(matching pattern: String, in view: HouseRule.View) -> [Int] {
    let text = view == .text ? text : view == .code ? code : bare
    guard let found = try? NSRegularExpression(pattern: pattern, options: [.anchorsMatchLines]) else {
      return [0]
    }
    let whole = text as NSString
    let places = found.matches(in: text, range: NSRange(location: 0, length: whole.length))
    return Set(
      places.map { place in
        whole.substring(to: place.range.location).utf8.count { $0 == UInt8(ascii: "\n") } + 1
      }
    ).sorted()
  }
}

/// The folder under `Sources` that a path lies in.
func module(of path: String) -> String {
  let parts = path.split(separator: "/")
  return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : ""
}
