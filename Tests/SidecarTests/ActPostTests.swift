import CSystem
import Foundation
import Glibc
import Testing

/// Acts over HTTP: who may say something, what is kept of it, and how the command line says it.
@Suite(.serialized) struct ActPostTests {
  private static let ack = #"{"kind":"ack","author":"ann","incident":"9f3c-1"}"#
  private static let acts = "/v1/alerts/acts"

  @Test func `an act that is posted to the socket is on disk when its id comes back`() throws {
    let daemon = try DaemonProcess()
    try daemon.start()
    let reply = try daemon.post(Self.ack, to: Self.acts, type: "application/json")
    #expect(reply == HTTPReply(status: "200", body: "{\"act\":1}\n"))
    #expect(try daemon.ask("select id, author, kind, incident, body from act") == ["1 ann ack 9f3c-1 {}"])
    let ledger = try daemon.ask("select value from book where name = 'ledger_id'")[0]
    let second = try daemon.post(Self.ack, to: Self.acts + "?ledger=\(ledger)", type: "application/json")
    #expect(second.body == "{\"act\":2}\n")
    #expect(daemon.stop() == 0)
  }

  @Test func `what is no act, or comes by another way, is refused by name and not kept`() throws {
    let daemon = try DaemonProcess()
    let port = Int.random(in: 20_000..<60_000)
    try daemon.start("--http", "127.0.0.1:\(port)")
    let json = ["--header", "Content-Type: application/json", "--data-binary"]
    let table: [(String, [String], String, String)] = [
      (Self.acts, ["--data", Self.ack], "415", "wrong_content_type"),
      (Self.acts, [], "405", "wrong_method"),
      (Self.acts, json + ["{}"], "400", "bad_act"),
      (Self.acts, json + ["no"], "400", "bad_act"),
      (Self.acts + "?team=x", json + [Self.ack], "400", "bad_query"),
      (Self.acts + "?ledger=00", json + [Self.ack], "409", "other_ledger"),
      (Self.acts, json + [Self.ack, "--header", "Origin: https://example.com"], "403", "from_a_browser"),
      (Self.acts, json + [Self.ack + String(repeating: " ", count: 40_000)], "413", "body_too_large"),
    ]
    for (target, arguments, status, code) in table {
      let reply = try daemon.startCurl(target, arguments).reply()
      #expect(reply.status == status && reply.code == code, "\(target) \(arguments.first ?? ""): \(reply)")
    }
    // The port of this machine will not do: whoever is there has no user.
    let curl = Process()
    curl.executableURL = URL(filePath: "/usr/bin/curl")
    curl.arguments = ["--silent", "http://127.0.0.1:\(port)" + Self.acts] + json + [Self.ack]
    let out = Pipe()
    curl.standardOutput = out
    try curl.run()
    let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    curl.waitUntilExit()
    #expect(text.contains("\"code\":\"only_unix_socket\""), "\(text)")
    #expect(try daemon.ask("select count(*) from act") == ["0"])
    #expect(daemon.stop() == 0)
  }

  @Test func `another user says nothing of incidents, unless of the socket's group`() throws {
    guard getuid() == 0, FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") else {
      print("skipped: other users can be tried by root with setpriv alone")
      return
    }
    let daemon = try DaemonProcess()
    try daemon.start()
    chmod(daemon.folder, 0o755)
    chmod(daemon.data, 0o755)
    // Everybody may connect, and one group owns it.
    chmod(daemon.httpSocket, 0o666)
    chown(daemon.httpSocket, 0, 60_001)
    func post(_ arguments: [String]) throws -> String {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/setpriv")
      process.arguments =
        ["--reuid", "60000", "--inh-caps=-all"] + arguments + [
          "curl", "--silent", "--unix-socket", daemon.httpSocket, "--header", "Content-Type: application/json",
          "--data-binary", Self.ack, "http://localhost" + Self.acts,
        ]
      let out = Pipe()
      process.standardOutput = out
      try process.run()
      let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return text
    }
    let stranger = try post(["--regid", "60000", "--clear-groups"])
    #expect(stranger.contains("\"code\":\"not_allowed\"") && stranger.contains("User 60000"), "\(stranger)")
    #expect(try post(["--regid", "60001", "--clear-groups"]) == "{\"act\":1}\n")
    #expect(try post(["--regid", "60000", "--groups", "60002,60001"]) == "{\"act\":2}\n")
    let crowd = (61_000..<61_200).map(String.init).joined(separator: ",")
    #expect(try post(["--regid", "60000", "--groups", crowd]).contains("not_allowed"))
    #expect(try post(["--regid", "60000", "--groups", crowd + ",60001"]) == "{\"act\":3}\n")
    #expect(daemon.stop() == 0)
  }
}
