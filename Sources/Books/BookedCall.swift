import Calls
import Rates
import Units

/// A priced call, as the ledger keeps it: numbers only, made for a million a second.
package struct BookedCall: Sendable {
  /// Digest of the call's id; 0 for none.
  package var key: UInt64
  /// Digest of the provider's id for the call; 0 for none.
  package var reference: UInt64
  /// The key is the provider's id, by which others may know the call too.
  package var keyIsProviders: Bool
  /// The shape of its line; see ``Call/shape``.
  package var shape: UInt16
  package var at: Timestamp
  /// The line stated its time; otherwise `at` is when it arrived, which a resend has not.
  package var statesTime: Bool
  /// Index of the ``Dimension`` in the ``BookBatch`` writer's table.
  package var dimension: Int32
  package var outcome: Outcome
  package var state: State
  /// A stream: larger usage under the same key adds to it.
  package var stream: Bool
  package var input: Int64
  package var cacheRead: Int64
  package var output: Int64
  /// What is booked, in nanodollars; 0 when unpriced.
  package var cost: Int64
  /// What the route added over the direct price, in nanodollars; 0 when unknown or direct.
  package var margin: Int64
  /// Milliseconds; -1 when not stated.
  package var latency: Int32
  /// Where the call's details (JSON text) lie in the batch's bytes.
  package var details: Range<Int32>
  /// Which sender, and its line's number; -1 and 0 in plain mode.
  package var sender: Int32
  package var number: Int64

  /// How much of the call the amount covers; as ``ChargeState``, without its reasons.
  package enum State: UInt8, Sendable, CaseIterable {
    case exact = 0, partial, unpriced

    package var name: String {
      switch self {
      case .exact: "exact"
      case .partial: "partial"
      case .unpriced: "unpriced"
      }
    }
  }

  package init(_ call: Call, dimension: Int32, charge: Charge, base: Charge?, sender: Int32) {
    key = call.key
    reference = call.reference
    keyIsProviders = call.flags.contains(.providerKey)
    shape = call.shape
    at = call.at
    statesTime = !call.flags.contains(.timeOfArrival)
    self.dimension = dimension
    outcome = call.outcome
    stream = call.flags.contains(.stream)
    input = call.usage[.input]
    cacheRead = call.usage[.cacheRead]
    output = call.usage[.output]
    cost = charge.amount.nanos
    if let base, case .exact = base.state { margin = charge.amount.nanos - base.amount.nanos } else { margin = 0 }
    latency = call.latencyMilliseconds
    details = call.details
    self.sender = sender
    number = call.number
    state = State(charge.state)
  }
}

extension BookedCall.State {
  package init(_ state: ChargeState) {
    switch state {
    case .exact: self = .exact
    case .partial: self = .partial
    case .unpriced: self = .unpriced
    }
  }
}
