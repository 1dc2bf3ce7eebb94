/// A sum that 64 bits do not hold.
///
/// Money goes to ±9.2 billion dollars, counts to 9.2 × 10^18. A wrong sum would look like a right
/// one, so the report is refused.
package enum SumFault: Error, Hashable, Sendable, CustomStringConvertible {
  case calls, tokens, costs, margins, latencies

  package var description: String {
    switch self {
    case .calls: "the sum of calls is beyond 9.2 × 10^18"
    case .tokens: "the sum of tokens is beyond 9.2 × 10^18"
    case .costs: "the sum of costs is beyond ±9.2 billion USD"
    case .margins: "the sum of margins is beyond ±9.2 billion USD"
    case .latencies: "the sum of latencies is beyond 9.2 × 10^18 ms"
    }
  }
}
