import CSystem

/// Sockets that the program which started this one has opened for it: systemd's socket activation.
///
/// `LISTEN_PID`, `LISTEN_FDS` and `LISTEN_FDNAMES` tell of them (sd_listen_fds(3)). What a socket is for is told by its
/// name (`stream`, `http` or `forward`), else by its kind; of several Unix streams, the path of one begins so.
package struct PassedSockets: Hashable, Sendable {
  package private(set) var stream: Passed?
  package private(set) var datagrams: Passed?
  package private(set) var http: Passed?
  package private(set) var forward: Passed?
  /// A port of this host, for HTTP.
  package private(set) var page: Passed?

  /// One of them, and its path; empty where it has none.
  package struct Passed: Hashable, Sendable {
    package let descriptor: Int32
    package let path: String
  }

  package static let none = PassedSockets()

  private init() {}

  /// The descriptor of the first one.
  private static let first: Int32 = 3
  /// Sockets passed at most.
  package static let socketsMax = 16

  /// - Throws: ``SidecarFault/badPassedSocket(descriptor:reason:)`` for one that is of no use, or stands there twice.
  package init(environment: [String: String], process: Int32) throws(SidecarFault) {
    guard let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }), count > 0,
      environment["LISTEN_PID"] == "\(process)"
    else { return }
    guard count <= Self.socketsMax else {
      throw .badPassedSocket(descriptor: Self.first, reason: "there are \(count) of them")
    }
    let names = (environment["LISTEN_FDNAMES"] ?? "").split(separator: ":", omittingEmptySubsequences: false)
    for place in 0..<count {
      let name = Int(place) < names.count ? String(names[Int(place)]) : ""
      try take(Self.first + place, name)
    }
  }

  private mutating func take(_ descriptor: Int32, _ name: String) throws(SidecarFault) {
    var room = [CChar](repeating: 0, count: 128)
    let kind = tb_adopt_socket(descriptor, &room, room.count)
    let path = String(decoding: room.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let file = path.split(separator: "/").last ?? ""
    func isFor(_ word: String) -> Bool { name != "stream" && (name.hasPrefix(word) || file.hasPrefix(word)) }
    switch (kind, isFor("http"), isFor("forward")) {
    case (1, true, _): try set(\.http, Passed(descriptor: descriptor, path: path))
    case (1, _, true): try set(\.forward, Passed(descriptor: descriptor, path: path))
    case (1, _, _): try set(\.stream, Passed(descriptor: descriptor, path: path))
    case (2, _, _): try set(\.datagrams, Passed(descriptor: descriptor, path: path))
    case (3, _, _): try set(\.page, Passed(descriptor: descriptor, path: ""))
    default: throw .badPassedSocket(descriptor: descriptor, reason: "it is no socket that listens")
    }
  }

  private mutating func set(
    _ field: WritableKeyPath<PassedSockets, Passed?>, _ passed: Passed
  ) throws(SidecarFault) {
    guard self[keyPath: field] == nil else {
      throw .badPassedSocket(descriptor: passed.descriptor, reason: "there is one of its kind already")
    }
    self[keyPath: field] = passed
  }
}
