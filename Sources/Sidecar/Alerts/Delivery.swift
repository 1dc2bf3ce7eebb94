import CSystem
import Store
import Units
import Watch

/// Sends one notice to one receiver, once, and says what came of it.
package struct Delivery: Sendable {
  /// Milliseconds for a connection, and for all of an attempt.
  package static let connectMilliseconds: Int64 = 5_000
  package static let totalMilliseconds: Int64 = 15_000
  private static let userAgent = "tollbook (alerts)"

  package let receiver: Receiver
  private let access: ReceiverAccess

  package init(_ receiver: Receiver, access: ReceiverAccess) {
    self.receiver = receiver
    self.access = access
  }

  /// What is frozen in the outbox for a receiver: the notice as it is sent, but for secrets and the time.
  package static func body(_ notice: Notice, for receiver: Receiver) -> [UInt8] {
    switch receiver.kind {
    case .alertmanager: Array(AlertmanagerMessage.alert(notice).utf8)
    case .webhook, .command: Array(WebhookMessage.body(notice).utf8)
    case .slack: Array(SlackMessage.body(notice).utf8)
    case .pagerduty: Array(PagerDutyMessage.message(notice).utf8)
    case .smtp: Array(MailMessage.mail(notice, from: receiver.from, to: receiver.to).utf8)
    }
  }

  /// Makes an attempt, which takes ``totalMilliseconds`` at most.
  package func send(_ row: OutboxRow, now: Timestamp) -> DeliveryAnswer {
    switch receiver.kind {
    case .command: return run(row.body)
    case .smtp: return mail(row.body)
    case .alertmanager:
      let end = AlertmanagerMessage.end(of: row.kind, now: now, settledAt: row.madeAt)
      let base = access.address.hasSuffix("/") ? String(access.address.dropLast()) : access.address
      return post(AlertmanagerMessage.body(row.body, endsAt: end), to: base + "/api/v2/alerts", [])
    case .webhook:
      let headers = WebhookMessage.headers(
        id: row.notice, at: now, body: row.body, secrets: access.signingKeys, hmac: HMAC.sha256)
      return post(row.body, to: access.address, headers)
    case .slack: return post(row.body, to: access.address, [])
    case .pagerduty:
      return post(PagerDutyMessage.body(row.body, key: access.password), to: access.address, [])
    }
  }

  // MARK: - Ways

  private func post(_ body: [UInt8], to url: String, _ headers: [String]) -> DeliveryAnswer {
    deliver(body, to: url, lines: ["Content-Type: application/json", "Expect:"] + headers) { _ in }
  }

  private func mail(_ body: [UInt8]) -> DeliveryAnswer {
    let host = access.address.drop { $0 != ":" }
    let isLoopback = Download.Address("http" + host)?.isLoopback ?? false
    return withText(receiver.from) { from in
      withText(receiver.user) { user in
        withText(receiver.user == nil ? nil : access.password) { password in
          deliver(body, to: access.address, lines: receiver.to) {
            $0.sender = from
            $0.user = user
            $0.password = password
            $0.allows_plain = isLoopback ? 1 : 0
          }
        }
      }
    }
  }

  private func run(_ body: [UInt8]) -> DeliveryAnswer {
    var delivery = tb_delivery()
    body.withUnsafeBytes {
      tb_run_program(access.address, $0.baseAddress, $0.count, Self.totalMilliseconds, &delivery)
    }
    return Self.answer(delivery)
  }

  private func deliver(
    _ body: [UInt8], to url: String, lines: [String], _ more: (inout tb_message) -> Void
  ) -> DeliveryAnswer {
    var delivery = tb_delivery()
    withTexts(lines) { lines in
      withText(url) { url in
        withText(Self.userAgent) { agent in
          body.withUnsafeBytes { bytes in
            lines.withUnsafeBufferPointer { lines in
              var message = tb_message()
              message.url = url
              message.lines = lines.baseAddress
              message.line_count = Int32(lines.count)
              message.body = bytes.baseAddress
              message.count = bytes.count
              message.user_agent = agent
              message.connect_ms = Self.connectMilliseconds
              message.total_ms = Self.totalMilliseconds
              message.allows_link_local = receiver.allowsLinkLocal ? 1 : 0
              more(&message)
              tb_deliver(&message, &delivery)
            }
          }
        }
      }
    }
    return Self.answer(delivery)
  }

  private static func answer(_ delivery: tb_delivery) -> DeliveryAnswer {
    func text<Characters>(_ characters: Characters) -> String {
      withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    let outcome: DeliveryAnswer.Outcome =
      switch Int(delivery.outcome) {
      case TB_DELIVER_ANSWERED: .status(delivery.status)
      case TB_DELIVER_UNREACHED: .unreached
      case TB_DELIVER_IN_DOUBT: .inDoubt
      case TB_DELIVER_TLS: .unverified
      case TB_DELIVER_FORBIDDEN: .forbidden
      default: .broken
      }
    let error = text(delivery.error)
    let words = NoticeLimits.cut(error.isEmpty ? text(delivery.words) : error, to: NoticeLimits.nameMax)
    return DeliveryAnswer(
      outcome, retryAfterSeconds: delivery.retry_after_s >= 0 ? delivery.retry_after_s : nil, words: words)
  }

  // MARK: - Texts for C

  private func withText<Answer>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Answer) -> Answer {
    guard let text else { return body(nil) }
    return text.withCString { body($0) }
  }

  private func withTexts(_ texts: [String], _ body: ([UnsafePointer<CChar>?]) -> Void) {
    var pointers: [UnsafePointer<CChar>?] = []
    func next(_ place: Int) {
      if place == texts.count { return body(pointers) }
      texts[place].withCString {
        pointers.append($0)
        next(place + 1)
      }
    }
    next(0)
  }
}

/// HMAC of RFC 2104 with SHA-256.
package enum HMAC {
  private static let block = 64

  package static func sha256(_ key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
    var key = key.count > block ? digest(key) : key
    key += [UInt8](repeating: 0, count: block - key.count)
    return digest(key.map { $0 ^ 0x5c } + digest(key.map { $0 ^ 0x36 } + bytes))
  }

  private static func digest(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { Store.sha256(of: $0) }
  }
}
