import Units

/// What the calls of a bucket came to, as far as the rules look: sums that add up.
package struct CallFacts: Hashable, Sendable {
  package var calls: Int64 = 0
  /// Calls that failed, whatever the reason.
  package var errors: Int64 = 0
  /// Of those, calls that were answered with 402: the account has no money left.
  package var paymentRequired: Int64 = 0
  /// Calls that were answered in full and have no amount; what was broken off has no usage, which is another matter.
  package var unpriced: Int64 = 0
  /// What the priced calls were booked at.
  package var spend = Amount.zero
  /// Input, cached input and output of all calls.
  package var tokens: Int64 = 0
  /// The sum of the stated latencies, and of how many calls.
  package var latencyMilliseconds: Int64 = 0
  package var latencyCalls: Int64 = 0
  /// What providers stated, and what the same calls were booked at.
  package var stated = Amount.zero
  package var bookedBesideStated = Amount.zero

  package init() {}

  package static func += (a: inout CallFacts, b: CallFacts) {
    a.calls += b.calls
    a.errors += b.errors
    a.paymentRequired += b.paymentRequired
    a.unpriced += b.unpriced
    a.spend += b.spend
    a.tokens += b.tokens
    a.latencyMilliseconds += b.latencyMilliseconds
    a.latencyCalls += b.latencyCalls
    a.stated += b.stated
    a.bookedBesideStated += b.bookedBesideStated
  }
}

/// What runs a model: the grain in which the rules look at calls.
package struct ServedModel: Hashable, Comparable, Sendable {
  package let provider: String
  package let model: String

  package init(provider: String, model: String) {
    self.provider = provider
    self.model = model
  }

  package static func < (a: ServedModel, b: ServedModel) -> Bool { (a.provider, a.model) < (b.provider, b.model) }

  var labels: [IncidentKey.Label] { [IncidentKey.Label("model", model), IncidentKey.Label("provider", provider)] }
}
