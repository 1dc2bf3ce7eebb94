import Foundation
import Sidecar
import TestSupport
import Testing

/// Acknowledged load through one daemon after another, each killed at a random moment.
///
/// The sender resends from where the books end. In the end every line is booked exactly once,
/// though none carries an id: the numbers alone must do.
@Suite(.serialized) struct KillTests {
  /// Kills: 10 in the suite; `SOAK_CYCLES=1000` for the long run.
  static let cycles = Int(ProcessInfo.processInfo.environment["SOAK_CYCLES"] ?? "") ?? 10
  static let seed = UInt64(ProcessInfo.processInfo.environment["SEED"] ?? "") ?? 1

  @Test func `a killed daemon loses and doubles nothing that it acknowledged`() throws {
    let daemon = try DaemonProcess(flushMilliseconds: 5)
    try daemon.start()
    var dice = Seeded(Self.seed)
    let sender = try AcknowledgedSender(path: daemon.socket, client: "soak", epoch: 1)
    let killer = Killer(daemon)
    var lines: Int64 = 0
    var expected: Int64 = 0
    for cycle in 0..<Self.cycles {
      killer.strike(afterMicroseconds: UInt32(2_000 + dice.next() % 60_000))
      while !killer.hasStruck {
        for _ in 0..<50 {
          lines += 1
          let tokens = lines % 977 + 1
          expected += tokens
          var line = Array(
            #"{"at":"2026-10-01T00:00:00Z","team":"t\#(lines % 5)","provider":"acme","model":"m","units":{"input":\#(tokens)}}"#
              .utf8)
          line += [UInt8](repeating: 0, count: 16)
          try line.withUnsafeBufferPointer {
            try sender.send(UnsafeBufferPointer(rebasing: $0[..<(line.count - 16)]))
          }
        }
      }
      if let failure = killer.failure { throw failure }
      if cycle % 50 == 49 { print("killed \(cycle + 1) times, \(sender.acknowledged) lines acknowledged") }
    }
    try sender.finish()
    #expect(sender.acknowledged == lines)
    #expect(daemon.stop() == 0)
    #expect(
      try daemon.ask("select count(*), sum(input), sum(cost_n) from call")
        == ["\(lines) \(expected) \(expected * 2000)"])
    #expect(try daemon.ask("select number, gaps from mark") == ["\(lines) 0"])
    #expect(try daemon.ask("select commodity, sum(balance_n) from trial_balance group by 1") == ["USD 0"])
    let verified = try daemon.run("verify")
    #expect(verified.status == 0, "\(verified.out) \(verified.error)")
    print("killed \(Self.cycles) times (SEED=\(Self.seed)): \(lines) lines, each booked once")
  }
}

/// Kills the daemon on a thread of its own, and starts the next.
private final class Killer: @unchecked Sendable {
  private let daemon: DaemonProcess
  private let lock = NSLock()
  private var struck = true
  private var problem: (any Error)?

  init(_ daemon: DaemonProcess) { self.daemon = daemon }

  var hasStruck: Bool { lock.withLock { struck } }
  var failure: (any Error)? { lock.withLock { problem } }

  func strike(afterMicroseconds pause: UInt32) {
    lock.withLock { struck = false }
    Thread.detachNewThread { [self] in
      usleep(pause)
      daemon.kill()
      do { try daemon.start() } catch { lock.withLock { problem = error } }
      lock.withLock { struck = true }
    }
  }
}
