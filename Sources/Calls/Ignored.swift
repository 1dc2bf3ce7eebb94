/// Why a sound line tells of no call, by name: it is counted, and nothing of it is kept.
///
/// Not a ``Refusal``: nothing is wrong with the line, and there is nothing for its sender to mend.
/// The raw value is the code that metrics and `tollbook price` show; it never changes meaning.
package enum Ignored: String, CaseIterable, Hashable, Sendable {
  case streamPart = "stream_part"
  case unfinished = "unfinished"
  case sumOfCalls = "sum_of_calls"
  case noModelCall = "no_model_call"
  case metricPoints = "metric_points"
  case toldBySpan = "told_by_span"
  case gatewayCache = "gateway_cache"

  /// What the line is, in a sentence.
  package var explanation: String {
    switch self {
    case .streamPart: "The line is one part of a stream; its last part or the final message has the usage."
    case .unfinished: "The line tells of work that is not finished; its usage comes with its end."
    case .sumOfCalls: "The line adds up calls that have lines of their own."
    case .noModelCall: "The line tells of something else than a call to a model."
    case .metricPoints: "The line has metrics, which add up many calls; calls are booked from spans."
    case .toldBySpan: "The line has events whose usage stands in a span, and is booked from there."
    case .gatewayCache: "The gateway answered from its own cache; no provider was called."
    }
  }
}
