import Books
import Calls
import Units

/// What the head of a post says of its lines: their form, who sends them, and what holds for all of them.
struct UsagePost {
  let content: Content
  let isPacked: Bool
  let defaults: CallDefaults
  /// In acknowledged mode, who numbers the lines, and the first one's number.
  let numbering: (sender: Sender, first: Int64)?

  /// What a body is: lines, or an export that lines are made of.
  enum Content {
    case lines(PostedLines.Form)
    case export(ExportForm)
  }

  /// - Throws: ``HTTPRefusal`` of status 400 or 415 with the first thing that is wrong.
  init(_ head: HTTPHead, export: ExportForm? = nil) throws(HTTPRefusal) {
    switch (Self.type(head), export) {
    case (ExportForm.protobuf, let export?), ("application/json", let export?): content = .export(export)
    case ("application/x-ndjson", nil), ("application/jsonl", nil), ("application/json-lines", nil):
      content = .lines(.lines)
    case ("application/json", nil): content = .lines(.json)
    default:
      throw HTTPRefusal(
        415, "wrong_content_type",
        "Content-Type is neither \(export == nil ? "application/x-ndjson" : ExportForm.protobuf) nor application/json. "
          + "Say which of them the body is.")
    }
    switch head["content-encoding"]?.lowercased() {
    case nil, "identity": isPacked = false
    case "gzip", "x-gzip": isPacked = true
    default:
      throw HTTPRefusal(415, "wrong_encoding", "Content-Encoding is not gzip. Pack the body so, or send it plain.")
    }
    let parts = try Parts(head)
    defaults = CallDefaults(parts.defaults)
    if export != nil, parts.sender != nil || parts.first != nil {
      throw .badQuery("An export has no numbers: spans are told apart by their ids. Leave out client and first_n.")
    }
    switch (parts.sender, parts.first) {
    case (let sender?, let first?): numbering = (sender, first)
    case (nil, nil): numbering = nil
    case (_?, nil):
      throw .badQuery("There is a client and no first_n. Number the lines: first_n=1 for the first one ever.")
    case (nil, _?): throw .badQuery("There is a first_n and no client. Name the sender: client=checkout-7.")
    }
  }

  /// The body's type, without its parameters.
  static func type(_ head: HTTPHead) -> String? {
    head["content-type"]?.prefix { $0 != ";" && $0 != " " }.lowercased()
  }

  /// The sender whose mark is asked for.
  ///
  /// - Throws: ``HTTPRefusal`` of status 400.
  static func sender(_ head: HTTPHead) throws(HTTPRefusal) -> Sender {
    let parts = try Parts(head)
    guard let sender = parts.sender, parts.first == nil, parts.defaults.isEmpty else {
      throw .badQuery("The question is not client and epoch. Ask /v1/usage/resume?client=checkout-7&epoch=3.")
    }
    return sender
  }

  /// What query and headers say.
  private struct Parts {
    var sender: Sender?
    var first: Int64?
    var defaults: [String: String] = [:]

    init(_ head: HTTPHead) throws(HTTPRefusal) {
      var named = head.query
      for name in ["client", "epoch", "first_n"] + CallDefaults.names {
        guard let value = head["tollbook-" + name.replacing("_", with: "-")] else { continue }
        named.append((name, value))
      }
      var seen: Set<String> = []
      var client: String?
      var epoch: Int64?
      for (name, value) in named {
        guard seen.insert(name).inserted else {
          throw .badQuery("'\(name.prefix(HelloFault.nameBytesMax))' stands there twice. Leave one.")
        }
        switch name {
        case "client": client = try Self.text(name, value, bytesMax: Limits.attributionBytes)
        case "epoch": epoch = try Self.number(name, value, in: 0...Int64.max)
        case "first_n": first = try Self.number(name, value, in: 1...Int64.max - Int64(HTTPLimits.lines))
        case _ where CallDefaults.names.contains(name):
          let bytesMax = name == "model" ? Limits.modelBytes : Limits.attributionBytes
          defaults[name] = try Self.text(name, value, bytesMax: bytesMax)
        default:
          let name = String(name.prefix(HelloFault.nameBytesMax))
          let near = nearest(to: name, in: CallDefaults.names + ["client", "epoch", "first_n"])
          throw .badQuery("'\(name)' is no name that a post can set." + (near.map { " Did you mean '\($0)'?" } ?? ""))
        }
      }
      if epoch != nil, client == nil {
        throw .badQuery("There is an epoch and no client. Name the sender: client=checkout-7.")
      }
      sender = client.map { Sender(client: $0, epoch: epoch ?? 0) }
    }

    private static func text(_ name: String, _ value: String, bytesMax: Int) throws(HTTPRefusal) -> String {
      guard (1...bytesMax).contains(value.utf8.count), value.utf8.allSatisfy({ $0 >= 32 }) else {
        throw .badQuery(
          "'\(name)' is no text of 1 to \(bytesMax) bytes, or has control characters. Shorten or drop it.")
      }
      return value
    }

    private static func number(
      _ name: String, _ value: String, in range: ClosedRange<Int64>
    ) throws(HTTPRefusal) -> Int64 {
      guard value.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int64(value), range.contains(number) else {
        throw .badQuery("'\(name)' is no whole number of \(range.lowerBound) or more. Send plain digits.")
      }
      return number
    }
  }
}

extension HTTPRefusal {
  static func badQuery(_ words: String) -> HTTPRefusal { HTTPRefusal(400, "bad_query", words) }
}
