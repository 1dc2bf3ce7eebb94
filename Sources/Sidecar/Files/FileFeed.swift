import Books
import Calls
import Units

/// Where the lines of followed files go: into the ledger, or to the daemon that holds it.
///
/// A followed file is a sender of its own: its client is the file's path, its epoch the file's
/// identity, and a line's number the byte behind its end. Both ways use the same names, so either
/// goes on where the other stopped.
package protocol FileFeed: AnyObject {
  /// The byte up to which the file's lines are booked; 0 when it was never followed.
  func booked(_ file: Sender) throws -> Int64

  /// Takes one line without its newline; 16 bytes behind its last one must be readable.
  func take(_ line: UnsafeBufferPointer<UInt8>, of file: Sender, number: Int64) throws

  /// Hands on what was taken.
  func commit() throws

  /// Returns when all that was taken is on disk.
  func settle() throws

  /// Nothing more is expected of the file.
  func leave(_ file: Sender) throws
}

extension Sender {
  /// The sender that a followed file is.
  ///
  /// A path that is too long for a client's name is shortened to its digest and its end.
  package init(following path: String, identity: Int64) {
    self.init(client: "file:" + Self.name(of: path), epoch: identity)
  }

  static func name(of path: String) -> String {
    let room = Limits.attributionBytes - "file:".utf8.count
    guard path.utf8.count > room else { return path }
    let digest = String(Digest64.of(path), radix: 16) + ":"
    var end = path.unicodeScalars[...]
    while end.utf8.count > room - digest.utf8.count { end.removeFirst() }
    return digest + String(end)
  }
}

extension Substring.UnicodeScalarView {
  fileprivate var utf8: Substring.UTF8View { Substring(self).utf8 }
}

/// Lines of followed files, straight into the ledger.
package final class LedgerFileFeed: FileFeed {
  private let feed: LedgerFeed
  private let path: String
  private let defaults: CallDefaults
  private var sources: [Sender: LinePump.Source] = [:]

  package init(_ feed: LedgerFeed, path: String, defaults: CallDefaults) {
    self.feed = feed
    self.path = Sender.name(of: path)
    self.defaults = defaults
  }

  package func booked(_ file: Sender) -> Int64 {
    guard feed.hasFollowed(path, epoch: file.epoch) else { return 0 }
    return feed.follow(path, epoch: file.epoch).resumeAfter
  }

  package func take(
    _ line: UnsafeBufferPointer<UInt8>, of file: Sender, number: Int64
  ) throws {
    let source = sources[file] ?? begin(file)
    try feed.take(line, from: source, number: number)
  }

  private func begin(_ file: Sender) -> LinePump.Source {
    var source = feed.follow(path, epoch: file.epoch).source
    source.defaults = defaults
    sources[file] = source
    return source
  }

  package func commit() throws { try feed.commit() }
  package func settle() throws { try feed.commit() }

  package func leave(_ file: Sender) throws {
    try feed.commit()
    sources[file] = nil
  }
}
