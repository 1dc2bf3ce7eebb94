import CSystem
import Calls
import Store

/// Reads a file as it grows, and the next one after its rotation, until told to stop.
package final class FileFollower {
  /// Microseconds between two looks at a file that has not grown.
  package static let pauseMicroseconds: UInt32 = 200_000
  /// Microseconds that a line waits for others before its commit.
  package static let flushMicroseconds: Int64 = 50_000

  private let path: String
  private let feed: LedgerFeed

  package init(path: String, feed: LedgerFeed) {
    self.path = path
    self.feed = feed
  }

  /// Follows until SIGTERM or SIGINT; what was read is on disk when this returns.
  ///
  /// - Throws: ``LineFileFault`` when the file cannot be opened at first, ``StoreFault``.
  package func run() throws {
    let stop = StopSignal()
    stop.start()
    var file = try LineFile(path: path)
    try catchUp()
    var source = begin(file)
    while !stop.isRaised {
      let rotated = file.wasRotated
      guard let known = source else {
        // Its first line is not whole yet: nothing to read, and no number to go on by.
        tb_pause(Self.pauseMicroseconds)
        file = try LineFile(path: path)
        source = begin(file)
        continue
      }
      var lastCommit = tb_steady_us()
      while try file.next(
        isLast: rotated,
        { (line) throws(StoreFault) in try feed.take(line, from: known, number: number(file)) })
      {
        if tb_steady_us() - lastCommit > Self.flushMicroseconds {
          try feed.commit()
          lastCommit = tb_steady_us()
        }
        if stop.isRaised { break }
      }
      try feed.commit()
      if rotated, let next = try? LineFile(path: path) {
        file = next
        source = begin(next)
      } else {
        tb_pause(Self.pauseMicroseconds)
      }
    }
    try feed.commit()
  }

  /// A line's number is the byte behind its end: it rises, and says where to go on.
  private func number(_ file: LineFile) -> Int64 { file.offset }

  private func begin(_ file: LineFile) -> LinePump.Source? {
    guard let identity = file.identity else { return nil }
    let followed = feed.follow(path, epoch: identity)
    file.skip(to: followed.resumeAfter)
    return followed.source
  }

  /// Reads to its end what was followed before and has been renamed while nobody looked.
  ///
  /// Such a file stands beside ours under its name with something behind it: `calls.ndjson.1`.
  private func catchUp() throws {
    for sibling in LineFile.rotated(from: path) {
      guard let file = try? LineFile(path: sibling), let identity = file.identity,
        feed.hasFollowed(path, epoch: identity), let source = begin(file)
      else { continue }
      while try file.next(
        isLast: true,
        { (line) throws(StoreFault) in try feed.take(line, from: source, number: number(file)) })
      {}
    }
    try feed.commit()
  }
}

/// Tells that a signal to stop has come.
private final class StopSignal: Sendable {
  private let raised = Gate(false)

  var isRaised: Bool { raised.change { $0 } }

  func start() {
    let caught = tb_catch_signals()
    precondition(caught == 0, "signals cannot be caught: errno \(caught)")
    let result = tb_thread(stopSignalBody, Unmanaged.passRetained(self).toOpaque(), "tollbook-signal")
    precondition(result == 0, "the system gives no thread: errno \(result)")
  }

  fileprivate func run() {
    while tb_wait_signal() == 1 {}
    raised.change { $0 = true }
    while tb_wait_signal() == 1 {}
    tb_exit(1)
  }
}

/// Formed here, outside any actor: a closure made in one and handed to C would trap at run time.
private func stopSignalBody(_ argument: UnsafeMutableRawPointer?) {
  guard let argument else { return }
  Unmanaged<StopSignal>.fromOpaque(argument).takeRetainedValue().run()
}
