import CSystem
import Units

/// Fetches a document when it is asked to, and only then: verified https, or http from this machine.
package struct Download {
  private let limits: DownloadLimits
  private let pause: (_ milliseconds: Int64) -> Void
  private let progress: (_ received: Int64, _ total: Int64) -> Void

  private static let userAgent = "tollbook (rates import)"

  /// `progress` hears the bytes that have come, and how many there will be; 0 when that is unknown.
  package init(
    limits: DownloadLimits = DownloadLimits(),
    pause: @escaping (_ milliseconds: Int64) -> Void = { tb_pause(UInt32(clamping: $0 * 1_000)) },
    progress: @escaping (_ received: Int64, _ total: Int64) -> Void = { _, _ in }
  ) {
    self.limits = limits
    self.pause = pause
    self.progress = progress
  }

  /// The whole document, or the reason why there is none.
  ///
  /// Tries again after a pause when the other side is down, cut off, busy or at fault; not when it
  /// refuses, redirects elsewhere, sends too much or cannot be verified.
  package func fetch(_ url: String) throws(DownloadFault) -> [UInt8] {
    let end = tb_steady_us() / 1_000 + limits.totalMilliseconds
    var pauseMilliseconds = limits.pauseMilliseconds
    for attempt in 1... {
      let failure: Failure
      do { return try follow(url, until: end) } catch { failure = error }
      guard failure.isPassing, attempt < limits.tries else { throw failure.fault }
      if let seconds = failure.retryAfterSeconds {
        guard seconds <= limits.retryAfterSecondsMax else { throw .busy(url, seconds: seconds) }
        pauseMilliseconds = max(pauseMilliseconds, seconds * 1_000)
      }
      // What no longer fits is not begun.
      guard tb_steady_us() / 1_000 + pauseMilliseconds < end else { throw failure.fault }
      pause(pauseMilliseconds)
      pauseMilliseconds *= 2
    }
    throw .broken(url, "no try was made")
  }

  /// Why one try brought nothing, and whether another may bring more.
  private struct Failure: Error {
    let fault: DownloadFault
    var isPassing = false
    var retryAfterSeconds: Int64?
  }

  // MARK: - One try

  /// Asks, and goes where it is sent as long as that is as safe as where it was.
  private func follow(_ first: String, until end: Int64) throws(Failure) -> [UInt8] {
    var address = try Self.address(first)
    for _ in 0...limits.redirectsMax {
      let left = end - tb_steady_us() / 1_000
      guard left > 0 else { throw timedOut(first) }
      let answer = ask(address.text, milliseconds: left)
      if (300..<400).contains(answer.status), !answer.redirect.isEmpty {
        guard let next = Address(answer.redirect), next.isSecure || (!address.isSecure && next.isLoopback),
          next.isSecure == address.isSecure
        else {
          throw Failure(fault: .redirectedElsewhere(from: address.text, to: answer.redirect))
        }
        address = next
        continue
      }
      return try body(of: answer, from: address.text)
    }
    throw Failure(fault: .tooManyRedirects(first, max: limits.redirectsMax))
  }

  private static func address(_ url: String) throws(Failure) -> Address {
    guard let address = Address(url) else { throw Failure(fault: .badAddress(url)) }
    guard address.isSecure || address.isLoopback else { throw Failure(fault: .notSecure(url)) }
    return address
  }

  private func timedOut(_ url: String) -> Failure {
    Failure(
      fault: .timedOut(
        url, connectMilliseconds: limits.connectMilliseconds, totalMilliseconds: limits.totalMilliseconds),
      isPassing: true)
  }

  private func body(of answer: Answer, from url: String) throws(Failure) -> [UInt8] {
    switch answer.outcome {
    case TB_DOWNLOAD_OK: break
    case TB_DOWNLOAD_UNREACHABLE: throw Failure(fault: .unreachable(url, answer.error), isPassing: true)
    case TB_DOWNLOAD_TIMEOUT: throw timedOut(url)
    case TB_DOWNLOAD_TRUNCATED: throw Failure(fault: .truncated(url), isPassing: true)
    case TB_DOWNLOAD_TOO_LARGE: throw Failure(fault: .tooLarge(url, bytesMax: limits.bytesMax))
    case TB_DOWNLOAD_TLS: throw Failure(fault: .notVerified(url, answer.error))
    case TB_DOWNLOAD_NO_LIBRARY: throw Failure(fault: .noLibrary)
    default: throw Failure(fault: .broken(url, answer.error))
    }
    guard answer.status == 200 else {
      let isPassing = answer.status >= 500 || answer.status == 408 || answer.status == 429
      throw Failure(
        fault: .status(answer.status, url), isPassing: isPassing,
        retryAfterSeconds: isPassing ? answer.retryAfterSeconds : nil)
    }
    guard !answer.bytes.isEmpty else { throw Failure(fault: .empty(url), isPassing: true) }
    return answer.bytes
  }

  // MARK: - libcurl

  private struct Answer {
    let outcome: Int
    let status: Int
    let retryAfterSeconds: Int64?
    let redirect: String
    let error: String
    let bytes: [UInt8]
  }

  /// What hears how far it is: a class, so that C can carry it.
  private final class Ear {
    let heard: (Int64, Int64) -> Void
    init(_ heard: @escaping (Int64, Int64) -> Void) { self.heard = heard }
  }

  private func ask(_ url: String, milliseconds: Int64) -> Answer {
    let ear = Ear(progress)
    var answer = tb_download_answer()
    answer.progress = { context, received, total in
      guard let context else { return }
      Unmanaged<Ear>.fromOpaque(context).takeUnretainedValue().heard(received, total)
    }
    answer.context = Unmanaged.passUnretained(ear).toOpaque()
    defer { tb_download_free(&answer) }
    Self.userAgent.withCString { agent in
      var limits = tb_download_limits(
        connect_ms: min(limits.connectMilliseconds, milliseconds), total_ms: milliseconds,
        bytes_max: limits.bytesMax, user_agent: agent)
      withExtendedLifetime(ear) { tb_download(url, &limits, &answer) }
    }
    func text<Characters>(_ characters: Characters) -> String {
      withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return Answer(
      outcome: Int(answer.outcome), status: answer.status,
      retryAfterSeconds: answer.retry_after_s >= 0 ? answer.retry_after_s : nil,
      redirect: text(answer.redirect).filter { $0.isASCII && !$0.isNewline && $0 >= " " && $0 <= "~" },
      error: text(answer.error),
      bytes: Array(UnsafeBufferPointer(start: answer.bytes, count: answer.count)))
  }

  // MARK: - Addresses

  /// An address that may be asked: its scheme and host, as far as they decide that.
  struct Address {
    let text: String
    let isSecure: Bool
    /// The host is this machine, by one of the names that cannot be another's.
    let isLoopback: Bool

    /// Nil for other schemes, for one that names a user, and for what is no plain text.
    init?(_ text: String) {
      guard let mark = text.firstRange(of: "://"), text.utf8.count < 2_000,
        text.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "\\") })
      else { return nil }
      switch text[..<mark.lowerBound].lowercased() {
      case "https": isSecure = true
      case "http": isSecure = false
      default: return nil
      }
      let authority = text[mark.upperBound...].prefix { !["/", "?", "#"].contains($0) }
      guard !authority.isEmpty, !authority.contains("@") else { return nil }
      var host = authority
      if host.hasPrefix("[") {
        host = host.prefix { $0 != "]" } + "]"
      } else {
        host = host.prefix { $0 != ":" }
      }
      isLoopback = ["127.0.0.1", "[::1]", "localhost"].contains(host.lowercased())
      self.text = text
    }
  }
}
