import Units

/// The kinds of receivers, by what they can tell apart.
package enum ReceiverKind: String, CaseIterable, Sendable {
  case alertmanager, webhook, slack, pagerduty, smtp, command

  /// Whether the same notice, sent twice, is seen once: by its labels, its id or its key.
  ///
  /// Slack and mail servers take a second message for a second message.
  package var tellsRepeats: Bool { self != .slack && self != .smtp }
}

/// How an attempt ended.
package struct DeliveryAnswer: Hashable, Sendable {
  package enum Outcome: Hashable, Sendable {
    /// The other side's status: of HTTP, of SMTP, or a program's exit.
    case status(Int)
    /// It cannot have arrived.
    case unreached
    /// It may have arrived: the connection broke or the time ran out after it was sent.
    case inDoubt
    /// The other side's certificate could not be verified.
    case unverified
    /// The address is one that is not connected to.
    case forbidden
    case broken
  }

  package let outcome: Outcome
  /// What the other side asked to wait.
  package let retryAfterSeconds: Int64?
  /// For people: the first words of the answer, or of what went wrong; without control characters.
  package let words: String

  package init(_ outcome: Outcome, retryAfterSeconds: Int64? = nil, words: String = "") {
    self.outcome = outcome
    self.retryAfterSeconds = retryAfterSeconds
    self.words = words
  }

  /// `200`, `429`, `unreached`, `in doubt`.
  package var name: String {
    switch outcome {
    case .status(let status): "\(status)"
    case .unreached: "unreached"
    case .inDoubt: "in doubt"
    case .unverified: "not verified"
    case .forbidden: "forbidden address"
    case .broken: "failed"
    }
  }
}

/// What becomes of a notice after an attempt to deliver it.
///
/// Source of the schedule: the example of standardwebhooks.com, "Retry schedule", read 2026-11-21.
package enum DeliveryPlan {
  /// What to do next.
  package enum Step: Hashable, Sendable {
    case sent
    /// Sent, and to be told again then: the state of an alert.
    case again(at: Timestamp)
    case retry(at: Timestamp, inDoubt: Bool)
    case dead(Reason)
  }

  /// Why a notice is given up.
  package enum Reason: String, CaseIterable, Sendable {
    /// The receiver says that it will never take it.
    case refused
    /// The receiver is gone (410): it is asked nothing more until the next start.
    case gone
    /// Every attempt failed.
    case exhausted
    /// It may have arrived twice already, at a receiver that cannot tell.
    case inDoubt = "in_doubt"
    /// An earlier notice of the incident was given up, and this one only adds to it.
    case superseded
    /// No receiver of that name is configured any more.
    case unknown
  }

  /// Seconds before each attempt after the first.
  package static let pausesSeconds: [Int64] = [
    5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400,
  ]
  /// How far a pause may be moved, in hundredths of it either way.
  package static let jitterHundredths: Int64 = 20
  /// The longest that a receiver's Retry-After is heeded.
  package static let retryAfterSecondsMax: Int64 = 86_400
  /// Attempts at posting an alert's state, each a minute after the other: a day.
  package static let stateAttemptsMax = 1_440
  /// Attempts in doubt at a receiver that cannot tell repeats.
  package static let doubtsMax = 2

  /// What to do after an attempt.
  ///
  /// `attempts` counts this one and those that failed before it; `doubts` counts the earlier ones that may
  /// have arrived. `settledAt` is when the notice was made, `seed` makes the jitter.
  package static func step(
    _ answer: DeliveryAnswer, from kind: ReceiverKind, of notice: Notice.Kind, attempts: Int, doubts: Int,
    settledAt: Timestamp, now: Timestamp, seed: UInt64
  ) -> Step {
    switch verdict(answer, from: kind) {
    case .taken:
      guard kind == .alertmanager, let again = stateAgain(notice, settledAt: settledAt, now: now) else {
        return .sent
      }
      return .again(at: again)
    case .never(let reason): return .dead(reason)
    case .notNow(let inDoubt):
      if inDoubt, !kind.tellsRepeats, doubts + 1 >= doubtsMax { return .dead(.inDoubt) }
      guard let pause = pause(after: attempts, kind, seed: seed) else { return .dead(.exhausted) }
      let asked = min(answer.retryAfterSeconds ?? 0, retryAfterSecondsMax) * 1_000_000
      return .retry(at: Timestamp(microseconds: now.microseconds + max(pause, asked)), inDoubt: inDoubt)
    }
  }

  /// The pause after that many failed attempts, in microseconds; nil when there will be no other.
  ///
  /// The jitter comes from the seed and the attempt alone. It rounds down.
  package static func pause(after attempts: Int, _ kind: ReceiverKind, seed: UInt64) -> Int64? {
    let seconds: Int64
    if kind == .alertmanager {
      guard attempts < stateAttemptsMax else { return nil }
      seconds = attempts == 1 ? pausesSeconds[0] : AlertmanagerMessage.resendSeconds
    } else {
      guard (1...pausesSeconds.count).contains(attempts) else { return nil }
      seconds = pausesSeconds[attempts - 1]
    }
    let whole = seconds * 1_000_000
    let reach = whole / 100 * jitterHundredths
    let digest = Digest64.of("\(seed) \(attempts)")
    return whole - reach + Int64(digest % UInt64(2 * reach + 1))
  }

  private enum Verdict {
    case taken
    case notNow(inDoubt: Bool)
    case never(Reason)
  }

  private static func verdict(_ answer: DeliveryAnswer, from kind: ReceiverKind) -> Verdict {
    switch answer.outcome {
    case .status(let status):
      switch kind {
      case .command: return status == 0 ? .taken : .notNow(inDoubt: false)
      case .smtp:
        return status < 400 ? .taken : status < 500 ? .notNow(inDoubt: false) : .never(.refused)
      default: break
      }
      switch status {
      case 200..<300: return .taken
      case 410: return .never(.gone)
      case 408, 425, 429, 500...: return .notNow(inDoubt: false)
      // Standard Webhooks asks to try again whatever it was; a wrong path may be mended tomorrow.
      default: return kind == .webhook ? .notNow(inDoubt: false) : .never(.refused)
      }
    case .inDoubt: return .notNow(inDoubt: true)
    case .unreached, .unverified, .broken: return .notNow(inDoubt: false)
    case .forbidden: return .never(.refused)
    }
  }

  /// When the alert's state is told again; nil when it need not be.
  private static func stateAgain(_ notice: Notice.Kind, settledAt: Timestamp, now: Timestamp) -> Timestamp? {
    let next = Timestamp(microseconds: now.microseconds + AlertmanagerMessage.resendSeconds * 1_000_000)
    switch notice {
    case .firing, .updated: return next
    case .resolved:
      let last = settledAt.microseconds + AlertmanagerMessage.resolvedSeconds * 1_000_000
      return next.microseconds <= last ? next : nil
    case .test, .digest, .undelivered: return nil
    }
  }
}
