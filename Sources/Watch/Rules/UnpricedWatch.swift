import Books
import Calls
import Rates

/// Says once, for each model that calls come from without a price, that its card is missing.
///
/// A price that nobody notices missing is the field's commonest fault: the first call tells, the
/// rest are counted in the books.
package struct UnpricedWatch: Sendable {
  /// Models told of; beyond that only the counters tell.
  package static let modelsMax = 10_000

  /// What a call's dimension calls for.
  package enum Step: Hashable, Sendable {
    case nothing
    case tell(Notice)
  }

  /// A model without a card.
  package struct Notice: Hashable, Sendable {
    package let route: String
    package let provider: String
    package let model: String
    package let reason: UnpricedReason
  }

  private var told: Set<Notice> = []

  package init() {}

  /// Looks at a dimension that calls were first booked under.
  package mutating func see(_ dimension: Dimension) -> Step {
    guard let reason = dimension.reason, told.count < Self.modelsMax else { return .nothing }
    let subject = dimension.subject
    let notice = Notice(
      route: subject.route, provider: subject.provider, model: subject.model, reason: reason)
    return told.insert(notice).inserted ? .tell(notice) : .nothing
  }
}
