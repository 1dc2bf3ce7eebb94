import Units

/// What `verify` found in a ledger.
package struct Verification: Sendable {
  /// Calls as reports count them; a stream's later lines are rows, and no further calls.
  package let calls: Int64
  package let rows: Int64
  package let entries: Int64
  package let batches: Int64
  /// The chain's head, in hexadecimal; 64 zeros before the first batch.
  package let head: String
  package let faults: [Fault]
  /// Faults beyond ``faultsMax`` that are counted but not kept.
  package let faultsLeftOff: Int64

  /// Faults that are kept to be shown.
  package static let faultsMax = 200

  package var isClean: Bool { faults.isEmpty }

  package init(
    calls: Int64, rows: Int64, entries: Int64, batches: Int64, head: String, faults: [Fault],
    faultsLeftOff: Int64 = 0
  ) {
    self.calls = calls
    self.rows = rows
    self.entries = entries
    self.batches = batches
    self.head = head
    self.faults = faults
    self.faultsLeftOff = faultsLeftOff
  }

  /// One difference between what the ledger says and what follows from its rows.
  package struct Fault: Hashable, Sendable {
    package let kind: Kind
    /// The batch it lies in; nil for what belongs to none.
    package let batch: Int64?
    package let what: String

    package init(_ kind: Kind, batch: Int64? = nil, _ what: String) {
      self.kind = kind
      self.batch = batch
      self.what = what
    }
  }

  package enum Kind: String, CaseIterable, Hashable, Sendable {
    /// A batch's seal is not that of its rows.
    case chain
    /// Calls, batches or numbers are missing or doubled.
    case sequence
    /// A batch's entries are not what its calls make.
    case entry
    /// An account's balance is not the sum of its entries.
    case balance
    /// A rollup is not the sum of its calls.
    case rollup
    /// A call's amount is not what its card says.
    case amount
    /// A card's text is not what its digest is of.
    case card
    /// What another observer told is noted of no call that it could be of.
    case observation
    /// What says where an id was booked is not what the calls say.
    case identity
    /// The database file itself is damaged.
    case file
    /// The chain's head is not the one that was anchored.
    case head
  }

  /// The verification as `verify --json` promises it; docs/cli.md names each member.
  package var json: String {
    JSONText.object([
      ("ok", "\(isClean)"), ("calls", "\(calls)"), ("entries", "\(entries)"),
      ("batches", "\(batches)"), ("head", JSONText.quoted(head)), ("rows", "\(rows)"),
      (
        "faults",
        JSONText.array(
          faults.map { fault in
            JSONText.object([
              ("kind", JSONText.quoted(fault.kind.rawValue)),
              ("batch", fault.batch.map { "\($0)" } ?? "null"),
              ("what", JSONText.quoted(fault.what)),
            ])
          })
      ), ("faults_left_off", "\(faultsLeftOff)"),
    ])
  }
}
