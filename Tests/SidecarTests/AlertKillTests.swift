import Foundation
import Sidecar
import Store
import Synchronization
import TestSupport
import Testing
import Units
import Watch

/// Alerts through one daemon after another, each killed while it sends.
///
/// The receiver takes, fails, breaks off and hangs. In the end it took every notice, and told apart by their
/// ids it took each once.
@Suite(.serialized) struct AlertKillTests {
  static let kills = Int(ProcessInfo.processInfo.environment["SOAK_CYCLES"] ?? "") ?? 50
  private static let incidents = 200
  private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  /// What the receiver has heard.
  private final class Ear: Sendable {
    struct Heard {
      /// Bodies under each id, in the order they came.
      var bodies: [String: [String]] = [:]
      var taken: Set<String> = []
      var wrongSignatures = 0
      var outOfOrder = 0
      var isOver = false
    }
    let heard = Mutex(Heard())

    func answer(_ request: String, dice: inout Seeded) -> LocalServer.Answer {
      let id = Self.header("webhook-id", request)
      let body = request.firstRange(of: "\r\n\r\n").map { String(request[$0.upperBound...]) } ?? ""
      // Half a message, of a sender that was killed while it wrote: no receiver sees that.
      guard !id.isEmpty, "\(body.utf8.count)" == Self.header("Content-Length", request) else { return .nothing }
      let signed = "\(id).\(Self.header("webhook-timestamp", request)).\(body)"
      let key = WebhookMessage.secrets(AlertKillTests.secret)?.first ?? []
      let signature = "v1," + Base64Text.encoded(HMAC.sha256(key, Array(signed.utf8)))
      let isSound = signature == Self.header("webhook-signature", request)
      let chance = dice.next() % 100
      return heard.withLock { heard in
        if !isSound { heard.wrongSignatures += 1 }
        let isFirst = heard.bodies[id] == nil
        heard.bodies[id, default: []].append(body)
        if id.hasSuffix("_resolved"), !heard.taken.contains(id.replacing("_resolved", with: "_firing")) {
          heard.outOfOrder += 1
        }
        // The first time only: the second pause of the schedule is minutes.
        if isFirst, chance < 3 { return .status(500) }
        if isFirst, chance < 10, !heard.isOver { return .hangs(after: "") }
        heard.taken.insert(id)
        // Taken, but the sender does not hear of it.
        if isFirst, chance < 13 { return .nothing }
        return .status(200)
      }
    }

    private static func header(_ name: String, _ request: String) -> String {
      request.split(separator: "\r\n").first { $0.hasPrefix(name + ": ") }
        .map { String($0.dropFirst(name.count + 2)) } ?? ""
    }
  }

  @Test func `a sender that is killed while it sends loses nothing and doubles nothing`() throws {
    let ear = Ear()
    let dice = Mutex(Seeded(KillTests.seed))
    let server = try LocalServer { _, _, request in dice.withLock { ear.answer(request, dice: &$0) } }
    defer { server.stop() }
    let daemon = try DaemonProcess()
    try configure(daemon, server)
    let wanted = try fill(daemon)
    var pauses = Seeded(KillTests.seed &+ 1)
    for _ in 0..<Self.kills {
      try daemon.start()
      usleep(UInt32(pauses.next() % 60_000))
      daemon.kill()
    }
    ear.heard.withLock { $0.isOver = true }
    let before = ear.heard.withLock { $0.taken.count }
    try daemon.start()
    // What failed once is tried again after 4 to 6 seconds; a hanging attempt ends after 15.
    for _ in 0..<600 where try daemon.ask("select count(*) from outbox where state = 'due'") != ["0"] {
      usleep(100_000)
    }
    #expect(daemon.stop() == 0)
    let heard = ear.heard.withLock { $0 }
    #expect(heard.taken == wanted)
    #expect(Set(heard.bodies.keys) == wanted)
    // A repeat is the same message, so that an id is enough to tell it.
    #expect(heard.bodies.values.allSatisfy { Set($0).count == 1 })
    #expect(heard.wrongSignatures == 0 && heard.outOfOrder == 0)
    let states = try daemon.ask("select state, last_status, count(*) from outbox group by 1, 2")
    #expect(states == ["sent 200 \(wanted.count)"])
    #expect(try daemon.run("verify").status == 0)
    let repeats = heard.bodies.values.reduce(0) { $0 + $1.count } - wanted.count
    print(
      "killed \(Self.kills) times (SEED=\(KillTests.seed)): \(wanted.count) notices, \(before) taken before the last start, "
        + "0 lost, \(repeats) repeated on the wire, each with the id and the bytes it had")
  }

  private func configure(_ daemon: DaemonProcess, _ server: LocalServer) throws {
    let folder = daemon.folder + "/.config/tollbook"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try (Self.secret + "\n").write(toFile: folder + "/secret", atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder + "/secret")
    try "receiver.hook = webhook \(server.address)/alerts secret_file=\(folder)/secret\n"
      .write(toFile: folder + "/tollbook.conf", atomically: true, encoding: .utf8)
  }

  /// Puts the beginning and the end of each incident into the outbox, each twice; their ids.
  private func fill(_ daemon: DaemonProcess) throws -> Set<String> {
    let receivers = try Configuration(
      flags: [:], environment: [:], file: ("t.conf", "receiver.hook = webhook http://127.0.0.1:1")
    ).receivers
    let writer = try LedgerWriter(folder: daemon.data, now: Notices.start)
    defer { writer.close() }
    // Of today: what is over for a month is forgotten at a start.
    let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970) * 1_000_000)
    var ids: Set<String> = []
    for number in 0..<Self.incidents {
      for kind in [Notice.Kind.firing, .resolved] {
        let notice = Notices.notice(kind, "i\(number)", at: Notices.minute(kind == .firing ? 0 : 5))
        ids.insert(notice.id)
        for rows in [1, 0] {
          let receipt = try writer.post(notice, to: AlertDesk.letters(notice, receivers), at: now)
          #expect(receipt.rows == rows)
        }
      }
    }
    return ids
  }
}
