import Glibc
import Synchronization

/// A server on a port of this machine that answers each connection with the next of its answers.
///
/// For what a real server seldom does on purpose: it cuts off, hangs, or says nothing.
package final class LocalServer: Sendable {
  /// What becomes of one connection.
  package enum Answer: Sendable {
    /// These bytes, then the end.
    case bytes(String)
    case raw([UInt8])
    /// These bytes, then nothing until the other side has gone.
    case hangs(after: String)
    /// The connection ends without a word.
    case nothing
  }

  package let port: UInt16
  private let listener: Int32
  private let answers: @Sendable (_ connection: Int, _ port: UInt16, _ request: String) -> Answer
  private let heard = Mutex<[String]>([])

  /// The requests so far, head and body.
  package var requests: [String] { heard.withLock { $0 } }

  package var address: String { "http://127.0.0.1:\(port)" }

  /// `answers` is asked with the number of the connection, from 0 on, and the server's port.
  package convenience init(_ answers: @escaping @Sendable (_ connection: Int, _ port: UInt16) -> Answer) throws {
    try self.init { connection, port, _ in answers(connection, port) }
  }

  /// As ``init(_:)``, where the answer hangs on what is asked.
  package init(
    _ answers: @escaping @Sendable (_ connection: Int, _ port: UInt16, _ request: String) -> Answer
  ) throws {
    self.answers = answers
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let bound = withUnsafeMutablePointer(to: &place) { place in
      place.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, length) == 0 && listen(listener, 16) == 0
          && getsockname(listener, address, &length) == 0
      }
    }
    guard bound else { throw NoPort(error: errno) }
    port = UInt16(bigEndian: place.sin_port)
    var thread = pthread_t()
    let box = Unmanaged.passRetained(self)
    let started = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<LocalServer>.fromOpaque(context).takeRetainedValue().serve()
        return nil
      }, box.toOpaque())
    guard started == 0 else {
      box.release()
      throw NoPort(error: started)
    }
    pthread_detach(thread)
  }

  package struct NoPort: Error { let error: Int32 }

  /// Takes no more connections.
  package func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func serve() {
    var connection = 0
    while true {
      let descriptor = accept(listener, nil, nil)
      guard descriptor >= 0 else { break }
      let request = Self.request(from: descriptor)
      heard.withLock { $0.append(request) }
      switch answers(connection, port, request) {
      case .bytes(let text): Self.send(Array(text.utf8), to: descriptor)
      case .raw(let bytes): Self.send(bytes, to: descriptor)
      case .hangs(let text):
        Self.send(Array(text.utf8), to: descriptor)
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) > 0 {}
      case .nothing: break
      }
      close(descriptor)
      connection += 1
    }
    close(listener)
  }

  private static func request(from descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while recv(descriptor, &byte, 1, 0) == 1 {
      bytes.append(byte)
      // A TLS greeting has no such end.
      if bytes.suffix(4) == [13, 10, 13, 10] || bytes.first == 0x16 { break }
    }
    let head = String(decoding: bytes, as: UTF8.self)
    let length = head.firstMatch(of: #/(?i)content-length: (\d+)/#).flatMap { Int($0.1) } ?? 0
    var body: [UInt8] = []
    while body.count < length, recv(descriptor, &byte, 1, 0) == 1 { body.append(byte) }
    return head + String(decoding: body, as: UTF8.self)
  }

  private static func send(_ bytes: [UInt8], to descriptor: Int32) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }
}

extension LocalServer.Answer {
  /// A whole answer with its length, or with another length than it has.
  package static func status(
    _ status: Int, _ body: String = "", _ headers: String = "", length: Int? = nil
  ) -> Self {
    .bytes(
      "HTTP/1.1 \(status) X\r\nContent-Length: \(length ?? body.utf8.count)\r\nConnection: close\r\n\(headers)\r\n\(body)"
    )
  }

  package static func redirect(_ target: String) -> Self { .status(302, "", "Location: \(target)\r\n") }
}
