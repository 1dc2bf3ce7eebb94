/// What a download may take: every limit with its unit.
package struct DownloadLimits: Sendable {
  package var connectMilliseconds: Int64 = 10_000
  /// For all tries and the pauses between them.
  package var totalMilliseconds: Int64 = 60_000
  /// Bytes of a document, unpacked.
  package var bytesMax: Int64 = 64 << 20
  package var tries = 3
  package var redirectsMax = 3
  /// Before the second try; twice as long before the third.
  package var pauseMilliseconds: Int64 = 1_000
  /// The longest that a server's Retry-After is waited for.
  package var retryAfterSecondsMax: Int64 = 20

  package init() {}
}

/// Why nothing was downloaded; nothing is kept of what came.
package enum DownloadFault: Error, Hashable, Sendable, CustomStringConvertible {
  case badAddress(String)
  /// Another scheme than https, beyond this machine.
  case notSecure(String)
  case redirectedElsewhere(from: String, to: String)
  case tooManyRedirects(String, max: Int)
  case status(Int, String)
  case unreachable(String, String)
  case timedOut(String, connectMilliseconds: Int64, totalMilliseconds: Int64)
  case truncated(String)
  case tooLarge(String, bytesMax: Int64)
  case notVerified(String, String)
  case broken(String, String)
  /// The server asks for a longer pause than is made.
  case busy(String, seconds: Int64)
  case empty(String)
  case noLibrary

  package var description: String {
    switch self {
    case .badAddress(let url): "'\(url)' is no address. Write one that begins with https://."
    case .notSecure(let url):
      "\(url) is not https, and not on this machine. Prices are fetched over verified connections only."
    case .redirectedElsewhere(let from, let to):
      "\(from) leads to \(to), which is not https as it is itself. Look at both, and fetch by hand with --file."
    case .tooManyRedirects(let url, let max):
      "\(url) redirects more than \(max) times. Look at it, and fetch by hand with --file."
    case .status(let status, let url): "\(url) answers with status \(status). Try again later, or use --file."
    case .unreachable(let url, let why): "\(url) cannot be reached: \(why). Try again later, or use --file."
    case .timedOut(let url, let connect, let total):
      "\(url) did not answer in time: \(connect) ms to connect, \(total) ms in all. Try again later, or use --file."
    case .truncated(let url): "\(url) ended before its stated length. Try again, or use --file."
    case .tooLarge(let url, let bytesMax):
      "\(url) is larger than \(bytesMax) bytes, which no price list is. Look at it before you use it."
    case .notVerified(let url, let why):
      "\(url) could not be verified: \(why). Mend this machine's clock or certificates; nothing is taken unverified."
    case .broken(let url, let why): "\(url) cannot be fetched: \(why). Try again later, or use --file."
    case .busy(let url, let seconds): "\(url) asks to wait \(seconds) s. Try again then, or use --file."
    case .empty(let url): "\(url) answered with nothing. Try again later, or use --file."
    case .noLibrary: "libcurl cannot be started. Install libcurl4, or use --file."
    }
  }
}
