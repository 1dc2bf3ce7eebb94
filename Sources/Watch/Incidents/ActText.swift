import Units

/// An act as JSON: what is kept of it, and what is posted.
extension Act {
  /// What belongs to it beside the incident, as the ledger keeps it.
  ///
  /// `{}` of an `ack` and a `resolve`; `{"matchers":[{"name","form","value"}],"from_us","until_us","reason"}`;
  /// `{"act":id}`; `{"verdict":"yes|no|planned","until_us"}`.
  package var body: String {
    switch kind {
    case .ack, .resolve: "{}"
    case .silence(let matchers, let from, let to, let reason):
      JSONText.object([
        ("matchers", Silence.Matcher.json(matchers)), ("from_us", "\(from.microseconds)"),
        ("until_us", "\(to.microseconds)"), ("reason", JSONText.quoted(reason)),
      ])
    case .unsilence(let act): JSONText.object([("act", "\(act)")])
    case .feedback(_, let verdict, let until):
      JSONText.object(
        [("verdict", JSONText.quoted(verdict.name))] + (until.map { [("until_us", "\($0.microseconds)")] } ?? []))
    }
  }

  /// As it is posted to a daemon: `{"kind","author","incident","body"}`.
  package var post: String {
    JSONText.object([
      ("kind", JSONText.quoted(name)), ("author", JSONText.quoted(author)), ("incident", JSONText.optional(incident)),
      ("body", body),
    ])
  }

  /// Reads a posted act; unknown members are refused.
  ///
  /// - Throws: ``ActFault``.
  package init(post text: String, at: Timestamp) throws(ActFault) {
    guard let tree = try? JSONTree(parsing: text), tree.members != nil else { throw .notJSON }
    try tree.expect(["kind", "author", "incident", "body"])
    guard let kind = tree["kind"]?.string else { throw .badMember("kind", "text") }
    guard let author = tree["author"]?.string else { throw .badAuthor }
    let incident: String?
    switch tree["incident"]?.value {
    case nil, .null: incident = nil
    case .string(let id): incident = id
    default: throw .badIncident
    }
    try self.init(
      kind, incident: incident, body: tree["body"] ?? JSONTree(value: .object([])), author: author, at: at)
  }

  /// Reads an act as the ledger keeps it.
  ///
  /// - Throws: ``ActFault``.
  package init(
    kind: String, incident: String?, body: String, author: String, at: Timestamp
  ) throws(ActFault) {
    guard let tree = try? JSONTree(parsing: body) else { throw .notJSON }
    try self.init(kind, incident: incident, body: tree, author: author, at: at)
  }

  private init(
    _ name: String, incident: String?, body: JSONTree, author: String, at: Timestamp
  ) throws(ActFault) {
    guard body.members != nil else { throw .badMember("body", "object") }
    func about() throws(ActFault) -> String {
      guard let incident else { throw .badIncident }
      return incident
    }
    let kind: Kind
    switch name {
    case "ack", "resolve":
      try body.expect([])
      kind = name == "ack" ? .ack(try about()) : .resolve(try about())
    case "silence":
      try body.expect(["matchers", "from_us", "until_us", "reason"])
      guard let matchers = Silence.Matcher.list(body["matchers"]) else {
        throw .badMember("matchers", "list of name, form and value")
      }
      guard let reason = body["reason"]?.string else { throw .badMember("reason", "text") }
      kind = .silence(
        matchers, from: try body.instant("from_us"), to: try body.instant("until_us"), reason: reason)
    case "unsilence":
      try body.expect(["act"])
      guard case .number(let digits) = body["act"]?.value, let act = Int64(digits) else {
        throw .badMember("act", "number of a silence's act")
      }
      kind = .unsilence(act)
    case "feedback":
      try body.expect(["verdict", "until_us"])
      guard let verdict = Feedback(name: body["verdict"]?.string ?? "") else {
        throw .badMember("verdict", "yes, no or planned")
      }
      kind = .feedback(
        try about(), verdict, until: body["until_us"] == nil ? nil : try body.instant("until_us"))
    default: throw .unknownKind(name)
    }
    if case .silence = kind, incident != nil { throw .badIncident }
    if case .unsilence = kind, incident != nil { throw .badIncident }
    try self.init(kind, author: author, at: at)
  }
}

extension JSONTree {
  /// Refuses members that are not meant.
  fileprivate func expect(_ names: [String]) throws(ActFault) {
    for member in members ?? [] where !names.contains(member.name) { throw .unknownMember(member.name) }
  }

  /// A member in microseconds since 1970, within the years that a time can be written in.
  fileprivate func instant(_ name: String) throws(ActFault) -> Timestamp {
    guard case .number(let digits) = self[name]?.value, let microseconds = Int64(digits),
      (0...253_402_300_799_999_999).contains(microseconds)
    else { throw .badMember(name, "instant in microseconds since 1970") }
    return Timestamp(microseconds: microseconds)
  }
}
