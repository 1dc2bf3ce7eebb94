import CSystem

/// What other processes of this host ask of a running daemon, over its Unix socket for HTTP.
package struct DaemonSocket: Sendable {
  /// Milliseconds for a connection, and for the answer: a commit may be under way.
  package static let connectMilliseconds: Int64 = 2_000
  package static let totalMilliseconds: Int64 = 20_000

  package let path: String
  private let milliseconds: Int64

  package init(path: String, within milliseconds: Int64 = totalMilliseconds) {
    self.path = path
    self.milliseconds = milliseconds
  }

  /// What came back: a status and the body's first thousand bytes.
  package struct Reply: Hashable, Sendable {
    package let status: Int
    package let body: String
  }

  /// Why nothing came back.
  package enum Unheard: Error, Hashable, Sendable {
    /// Nobody listens there, or it may not be connected to.
    case unreached(String)
    /// It may have arrived: there was no answer in time.
    case inDoubt(String)
  }

  /// Posts JSON and waits for the answer.
  package func post(_ json: String, to target: String) throws(Unheard) -> Reply {
    try send(json, target)
  }

  package func get(_ target: String) throws(Unheard) -> Reply { try send(nil, target) }

  private func send(_ json: String?, _ target: String) throws(Unheard) -> Reply {
    var delivery = tb_delivery()
    let body = Array((json ?? "").utf8)
    path.withCString { path in
      "http://localhost\(target)".withCString { url in
        "Content-Type: application/json".withCString { type in
          "tollbook (command line)".withCString { agent in
            body.withUnsafeBytes { bytes in
              withUnsafePointer(to: Optional(type)) { lines in
                var message = tb_message()
                message.url = url
                message.unix_socket = path
                message.lines = lines
                message.line_count = 1
                message.body = json == nil ? nil : bytes.baseAddress
                message.count = bytes.count
                message.user_agent = agent
                message.connect_ms = min(Self.connectMilliseconds, milliseconds)
                message.total_ms = milliseconds
                tb_deliver(&message, &delivery)
              }
            }
          }
        }
      }
    }
    func text<Characters>(_ characters: Characters) -> String {
      withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    switch Int(delivery.outcome) {
    case TB_DELIVER_ANSWERED: return Reply(status: Int(delivery.status), body: text(delivery.words))
    case TB_DELIVER_IN_DOUBT: throw .inDoubt(text(delivery.error))
    default: throw .unreached(text(delivery.error))
    }
  }
}
