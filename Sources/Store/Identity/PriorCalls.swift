import Books
import Calls
import Rates
import Units

/// What a line means whose id was booked before.
enum Verdict {
  /// The same content: nothing is booked.
  case duplicate
  /// A stream's larger usage: the difference is booked.
  case delta(Delta)
  /// Other content: quarantined and told.
  case conflict
  /// Another observer's word of a call that is booked: nothing is booked, and it is noted.
  case observed(Observation)
  /// The provider's id says nothing: it is a call of its own. `wears` when the id names several calls.
  case apart(wears: Bool)
  /// Another observer's word, with other usage: quarantined and told.
  case differs

  /// What is noted of another observer's word.
  struct Observation {
    /// The call's first row.
    let root: Int64
    let kind: Kind

    /// The numbers stand in the ledger, and never change meaning.
    enum Kind: Int64 { case same = 0, withoutUsage, less, more }
  }

  /// What a stream's line adds to what its id has booked so far.
  struct Delta {
    /// The newest row under the id, and its state.
    let prior: Int64
    let priorState: BookedCall.State
    let input: Int64
    let cacheRead: Int64
    let output: Int64
    let meters: [Meter: Int64]
    /// What all rows under the id have booked, in nanodollars.
    let bookedCost: Int64
    let bookedMargin: Int64
    /// When the call's first row says that it began: lines that come again bear that time.
    let began: Int64
    /// For another observer's usage: the key of the call's first row, and what is to be noted, if anything.
    var rootKey: RowKey?
    var observation: Observation?
  }
}

/// Judges lines whose id was booked before, by the rows that bear it.
struct PriorCalls {
  let statements: BookingStatements
  let path: String
  let limits: WriterLimits
  let chains: CallChains
  /// The open batch: its first call, and the moment its offsets are from.
  let openSeq: Int64
  let openBase: Int64

  typealias Row = PriorRows.Row

  /// Compares a line with what is booked under its id, of which `newest` is the last row.
  ///
  /// `quantities` is what the line states of each meter, by its raw value; `dimension` is the line's,
  /// with its id in the ledger, 0 when it is not stored.
  func judge(
    _ call: BookedCall, quantities: [Int64], dimension: (id: Int64, Dimension), against newest: Int64
  ) throws(StoreFault) -> Verdict {
    guard let chain = try chain(endingWith: newest) else { return .conflict }
    for stored in chain.dimensions {
      guard try hasSubject(stored, of: dimension) else { return .conflict }
    }
    // A stream's earlier lines are duplicates too when they come again.
    let isKnown = chain.cameTo(quantities) { row in
      (!call.statesTime || row.at == call.at.microseconds) && row.outcome == call.outcome
    }
    if isKnown { return .duplicate }
    // A stream may end with a line that does not say so: its final message.
    guard call.stream || chain.rows[0].stream, chain.isWithin(quantities), quantities != chain.sum,
      chain.rows.count < limits.chainRows
    else { return .conflict }
    return .delta(Self.delta(quantities, over: chain))
  }

  /// What `quantities` add to what the chain has come to.
  static func delta(_ quantities: [Int64], over chain: CallChain) -> Verdict.Delta {
    var meters: [Meter: Int64] = [:]
    for meter in Meter.allCases.dropFirst(3) {
      let place = Int(meter.rawValue)
      if quantities[place] != chain.sum[place] { meters[meter] = quantities[place] - chain.sum[place] }
    }
    let newest = chain.rows[chain.rows.count - 1]
    return Verdict.Delta(
      prior: newest.seq, priorState: newest.state, input: quantities[0] - chain.sum[0],
      cacheRead: quantities[1] - chain.sum[1], output: quantities[2] - chain.sum[2], meters: meters,
      bookedCost: chain.cost, bookedMargin: chain.margin, began: chain.rows[0].at)
  }

  /// A call's rows up to this one; nil when they are too many.
  func chain(endingWith newest: Int64) throws(StoreFault) -> CallChain? {
    var fresh: [Row] = []
    var chain = CallChain()
    var next: Int64? = newest
    while let seq = next {
      if let kept = chains.take(endingWith: seq) {
        chain = kept
        break
      }
      guard fresh.count < limits.chainRows else { return nil }
      let row = try statements.priorRows.row(seq, openSeq: openSeq, openBase: openBase)
      guard (row.prior ?? 0) < seq else {
        throw .corrupt(path: path, what: "call \(seq) adds to a later one")
      }
      fresh.append(row)
      next = row.prior
    }
    for row in fresh.reversed() { chain.append(row) }
    guard chain.rows.count <= limits.chainRows else { return nil }
    chains.keep(chain)
    return chain
  }

  /// Whether a stored dimension has the line's subject; its cards may be others.
  ///
  /// Where a provider was filled in from the rate book, on either side, it is no part of what the
  /// line said: the book may have changed since.
  private func hasSubject(
    _ id: Int64, of line: (id: Int64, dimension: Dimension)
  ) throws(StoreFault) -> Bool {
    if id == line.id { return true }
    let found = statements.dimensionSubject
    found.bind(1, id)
    defer { found.reset() }
    guard try found.step() else {
      throw .corrupt(path: path, what: "dimension \(id) is missing")
    }
    let texts = line.dimension.subject.texts
    let isInferred = line.dimension.providerInferred || found.int64(Int32(texts.count)) != 0
    for (place, text) in texts.enumerated() {
      if isInferred, place == Subject.providerPlace || place == Subject.issuerPlace { continue }
      if found.text(Int32(place)) != text { return false }
    }
    return true
  }
}

extension Subject {
  /// Where provider and issuer stand in ``texts``.
  static let providerPlace = 7
  static let issuerPlace = 8
}
