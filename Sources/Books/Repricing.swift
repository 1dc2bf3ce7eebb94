import Calls
import Rates
import Units

/// Prices booked calls by another rate book, and tells which of them come to something else.
///
/// A call is judged as a whole: a stream by all its rows. What a row cost when it was booked stands
/// in the ledger for good; what it costs now is a ``BookedCharge`` beside it.
package struct Repricing {
  private var table: DimensionTable
  /// The dimensions that prices of ``BookedCharge/Under/new(_:)`` point to, by number.
  package let dimensions = BookBatch()
  private var stored: [Int64: Stored] = [:]

  /// A dimension of the ledger, and what the book makes of its subject.
  private struct Stored {
    let place: Int
    /// The book takes another provider for one that no line stated.
    let moves: Bool
  }

  /// One row of a booked call.
  package struct Row: Sendable {
    package let at: Timestamp
    package let outcome: Outcome
    package let flags: CallFlags
    /// What the row adds to its call's usage.
    package let usage: Usage
    /// What it costs so far.
    package let price: BookedCharge

    package init(at: Timestamp, outcome: Outcome, flags: CallFlags, usage: Usage, price: BookedCharge) {
      self.at = at
      self.outcome = outcome
      self.flags = flags
      self.usage = usage
      self.price = price
    }
  }

  /// What the book makes of a call.
  package enum Verdict: Hashable, Sendable {
    case unchanged
    /// It has a price, and would have none: it keeps the one it has.
    case kept
    /// What each row comes to now; nil for one that stays.
    case changed([BookedCharge?])
  }

  package init(rates: RateBook) { table = DimensionTable(rates: rates) }

  /// Whether a dimension of the ledger is known here already.
  package func knows(_ dimension: Int64) -> Bool { stored[dimension] != nil }

  /// Takes up a dimension of the ledger.
  ///
  /// A provider that was taken from the model's only seller is no part of what the line said: the
  /// book decides again.
  package mutating func learn(_ dimension: Int64, _ subject: Subject, providerInferred: Bool) {
    var stated = subject
    if providerInferred {
      stated.provider = ""
      stated.issuer = ""
    }
    let (place, completed) = table.know(stated)
    stored[dimension] = Stored(place: place, moves: completed != subject)
  }

  // MARK: - Pricing

  /// Prices a call by its rows in the order of booking.
  ///
  /// As when they were booked: each row costs what the usage so far comes to, less what the rows before
  /// it cost. Rows point to dimensions that were taken up by ``learn(_:_:providerInferred:)``.
  package mutating func reprice(_ rows: [Row]) -> Verdict {
    var usage = Usage()
    var cost: Int64 = 0
    var margin: Int64 = 0
    var prices: [BookedCharge?] = []
    var changes = false
    for row in rows {
      if usage.isEmpty {
        usage = row.usage
      } else {
        for (meter, quantity) in row.usage.stated { usage[meter] &+= quantity }
      }
      guard let price = price(row, usage, costSoFar: cost, marginSoFar: margin) else { return .kept }
      cost += price.price.cost ?? 0
      margin += price.price.margin ?? 0
      // Rows behind one that changes go with it: each is reckoned upon those before it.
      changes = changes || price.moves || !price.price.isWorth(row.price)
      prices.append(changes ? price.price : nil)
    }
    return changes ? .changed(prices) : .unchanged
  }

  /// What a row comes to; nil where it would lose its price.
  private mutating func price(
    _ row: Row, _ usage: Usage, costSoFar: Int64, marginSoFar: Int64
  ) -> (price: BookedCharge, moves: Bool)? {
    guard case .stored(let id) = row.price.dimension, let known = stored[id] else {
      preconditionFailure("a row's dimension was not taken up")
    }
    var call = Call()
    call.at = row.at
    call.outcome = row.outcome
    call.flags = row.flags
    call.usage = usage
    if usage.isEmpty, row.statedNoughts { call.usage[.input] = 0 }
    let (charge, base, number) = table.price(&call, place: known.place, into: dimensions)
    let state = BookedCall.State(charge.state)
    if state == .unpriced {
      guard row.price.state == .unpriced else { return nil }
      return (BookedCharge(dimension: .new(number), cost: nil, margin: nil, state: .unpriced), known.moves)
    }
    let amount = charge.amount.nanos
    let isKnown = dimensions.newDimensions[Int(number)].marginKnown
    let added = base.map { amount - $0.amount.nanos } ?? 0
    let price = BookedCharge(
      dimension: .new(number), cost: amount - costSoFar, margin: isKnown ? added - marginSoFar : nil,
      state: state)
    return (price, known.moves)
  }
}

extension Repricing.Row {
  /// Whether the line stated meters, all of them nought, as far as its amount tells.
  ///
  /// Rows do not tell a meter that was stated as nought from one that was not stated. But without any a
  /// failure costs nothing, and a success has no price or that of a request.
  package var statedNoughts: Bool {
    guard let cost = price.cost else { return false }
    return outcome == .error ? cost != 0 : cost == 0
  }
}
