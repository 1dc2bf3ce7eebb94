import Books
import Units

/// Ids older than the ``IDWindow``, found by the moments of their calls.
///
/// A line sent again bears the time it bore before. So older calls are cut into spans of about one window each, with
/// the moments they touch; only lines that fall into a span's moments are looked for there, in its ``IDFile``. Live
/// lines fall into none, and cost one comparison. What a file names is checked against the rows themselves: nothing is
/// a duplicate by a digest's likeness alone.
struct PastIDs {
  private(set) var spans: [Span] = []
  /// Spans that the database does not know yet.
  private(set) var unsealed: [Span] = []
  /// No older call begins after this.
  private(set) var last = Int64.min
  private let limits: WriterLimits
  private let files: IDFiles

  struct Span {
    let rows: ClosedRange<Int64>
    let ids: Int
    let moments: TimeSlots
  }

  init(ledgerFolder: String, limits: WriterLimits) {
    self.limits = limits
    files = IDFiles(ledgerFolder: ledgerFolder, limits: limits)
  }

  // MARK: - Spans

  /// Takes over a generation that the window forgets, and writes its file.
  ///
  /// All its rows are on disk, so that the file holds whatever becomes of the open batch. Without a seal it is left to
  /// whoever needs it first.
  mutating func add(_ table: IDTable, lastSeq: Int64, seal: [UInt8]?) {
    guard table.coversFrom <= lastSeq else { return }
    let span = Span(rows: table.coversFrom...lastSeq, ids: table.count, moments: table.moments)
    add(span, sealed: false)
    if let seal { files.write(IDFileImage(table, rows: span.rows, seal: seal)) }
  }

  mutating func add(_ span: Span, sealed: Bool) {
    spans.append(span)
    if !sealed { unsealed.append(span) }
    last = max(last, span.moments.last)
  }

  /// The unsealed spans are in the database now.
  mutating func seal() { unsealed.removeAll() }

  /// At a start: takes away files that belong to no span, and makes those that are missing, the newest first.
  ///
  /// Those beyond ``WriterLimits/rowsOfIDFiles``, or whose rows cannot be read now, are left to whoever needs them.
  func settle(_ statements: BookingStatements) {
    let there = files.tidy(spans.map(\.rows))
    var left = limits.rowsOfIDFiles
    for span in spans.reversed() where !there.contains(IDFiles.name(of: span.rows)) {
      left -= span.rows.count
      guard left >= 0, (try? make(span, statements)) != nil else { return }
    }
  }

  // MARK: - Search

  /// The newest older call under each line's id, by the line's index, 0 for none; empty when no line has one.
  ///
  /// Lines that come again come in crowds: where there is a suspect, what the window knows of the other lines is read
  /// ahead as well.
  func find(
    _ calls: UnsafeBufferPointer<BookedCall>, _ window: IDWindow, _ statements: BookingStatements
  ) throws(StoreFault) -> ContiguousArray<Int64> {
    statements.priorRows.begin()
    guard last != .min, calls.contains(where: { $0.key != 0 && isSuspect($0.at.microseconds) }) else { return [] }
    var candidates = IDCandidates(lines: calls.count)
    var suspects = [ContiguousArray<IDFile.Suspect>](repeating: [], count: spans.count)
    for index in calls.indices where calls[index].key != 0 {
      let coming = index &+ IDWindow.ahead
      if coming < calls.count { window.prefetch(calls[coming].key) }
      let key = calls[index].key
      let known = window.find(key).seq
      if known != 0 {
        candidates.add(known...known, key: key, line: index)
        continue
      }
      for span in spans.indices where spans[span].moments.contains(calls[index].at.microseconds) {
        suspects[span].append(IDFile.Suspect(mixed: IDTable.mixed(key), line: index))
      }
    }
    for span in spans.indices where !suspects[span].isEmpty {
      suspects[span].sort { $0.mixed < $1.mixed }
      try search(spans[span], suspects[span], statements) { line, rows in
        candidates.add(rows, key: calls[line].key, line: line)
      }
    }
    return try candidates.check(statements)
  }

  /// The newest older call under one id that began at that moment; 0 for none.
  func find(_ key: UInt64, at moment: Int64, _ statements: BookingStatements) throws(StoreFault) -> Int64 {
    guard isSuspect(moment) else { return 0 }
    var candidates: [ClosedRange<Int64>] = []
    for span in spans where span.moments.contains(moment) {
      try search(span, [IDFile.Suspect(mixed: IDTable.mixed(key), line: 0)], statements) { _, rows in
        candidates.append(rows)
      }
    }
    var newest: Int64 = 0
    for rows in candidates {
      try statements.ids.read(rows) { found, seq in if found == key { newest = max(newest, seq) } }
    }
    return newest
  }

  /// Whether an older call may have begun at that moment.
  private func isSuspect(_ at: Int64) -> Bool {
    at <= last && spans.contains { $0.moments.contains(at) }
  }

  private func search(
    _ span: Span, _ suspects: ContiguousArray<IDFile.Suspect>, _ statements: BookingStatements,
    found: (_ line: Int, _ rows: ClosedRange<Int64>) -> Void
  ) throws(StoreFault) {
    let file = try files.file(of: span.rows) { () throws(StoreFault) in
      try statements.batchOfCall.find(span.rows.upperBound).seal
    }
    if let file {
      if case .searched = file.find(suspects, found) { return }
      files.forget(file)
    }
    // What was just made is not damaged; should the disk say otherwise at once, its rows say what it should.
    let made = try make(span, statements)
    if case .damaged = made.find(suspects, found) {
      files.forget(made)
      _ = IDFile(try image(of: span, statements)).find(suspects, found)
    }
  }

  /// Makes the file of a span from its rows.
  @discardableResult
  private func make(_ span: Span, _ statements: BookingStatements) throws(StoreFault) -> IDFile {
    files.write(try image(of: span, statements))
  }

  private func image(of span: Span, _ statements: BookingStatements) throws(StoreFault) -> IDFileImage {
    let seal = try statements.batchOfCall.find(span.rows.upperBound).seal
    return try IDFileImage(rows: span.rows, ids: span.ids, statements.ids, seal: seal)
  }
}
