import CSystem
import Foundation
import Testing

/// Sockets that another program has opened, as systemd does: LISTEN_FDS.
@Suite(.serialized) struct PassedSocketTests {
  private static let activator = "/usr/bin/systemd-socket-activate"

  /// Opens sockets, writes a line to each before there is a daemon, and becomes the daemon.
  private static let parent = #"""
    import os, socket, sys
    folder, binary, line = sys.argv[1:4]
    def opened(name, kind):
      s = socket.socket(socket.AF_UNIX, kind)
      s.bind(folder + "/" + name)
      if kind == socket.SOCK_STREAM: s.listen(8)
      return s
    made = [opened("a.sock", socket.SOCK_STREAM), opened("http.sock", socket.SOCK_STREAM),
            opened("a.dgram", socket.SOCK_DGRAM), opened("forward.sock", socket.SOCK_STREAM)]
    port = socket.socket()
    port.bind(("127.0.0.1", 0))
    port.listen(8)
    open(folder + "/port", "w").write(str(port.getsockname()[1]))
    early = socket.socket(socket.AF_UNIX)
    early.connect(folder + "/a.sock")
    early.sendall((line + "\n").encode())
    early.close()
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(line.encode(), folder + "/a.dgram")
    for place, s in enumerate([s.detach() for s in made + [port]]):
      high = os.dup2(s, 100 + place)
    for place in range(5): os.dup2(100 + place, 3 + place)
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="5")
    os.execv(binary, [binary, "serve"] + sys.argv[4:])
    """#

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/python3"), "python3 is not installed"))
  func `passed sockets are taken over, with what was written before`() throws {
    let daemon = try DaemonProcess()
    let line = String(RawSender.line(1).dropLast()).replacing("{", with: #"{"provider":"acme","#, maxReplacements: 1)
    let process = daemon.process(["--pricing", daemon.folder + "/pricing"])
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = ["-c", Self.parent, daemon.folder, DaemonProcess.binary, line, "--flush-ms", "10"]
    let log = Pipe()
    process.standardError = log
    try process.run()
    defer { process.terminate() }
    var heard = ""
    while !heard.contains("address=passed") {
      let more = log.fileHandleForReading.availableData
      try #require(!more.isEmpty, "the daemon ended: \(heard)")
      heard += String(decoding: more, as: UTF8.self)
    }
    let port = try String(contentsOfFile: daemon.folder + "/port", encoding: .utf8)
    #expect(try StatusPageTests.curl("http://127.0.0.1:\(port)/readyz").status == "200")
    let sender = try RawSender(daemon.folder + "/a.sock")
    sender.send(RawSender.hello("c") + RawSender.line(1))
    _ = try sender.hear("{\"ack\":1}")
    let http = try RawSender(daemon.folder + "/http.sock")
    let body = RawSender.line(1)
    http.send(
      "POST /v1/usage?provider=acme HTTP/1.1\r\nContent-Type: application/x-ndjson\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    #expect(try http.hear("{\"taken\"").last?.hasPrefix(#"{"taken":1,"booked":1,"#) ?? false)
    let forward = try RawSender(daemon.folder + "/forward.sock")
    forward.send(
      bytes: Packed.list([.text("t"), .at(), .call(input: 1000), .named(("chunk", .text("c")))]).bytes)
    #expect(forward.hear(bytes: Packed.ack("c").count) == Packed.ack("c"))
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    // Two lines from before there was a daemon, one by each of stream, HTTP and Forward: at 2,000,000 nanodollars.
    #expect(try daemon.ask("select count(*), sum(cost_n) from call") == ["5 10000000"])
    // They belong to who opened them.
    for name in ["a.sock", "http.sock", "a.dgram", "forward.sock"] {
      #expect(FileManager.default.fileExists(atPath: daemon.folder + "/" + name))
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: activator), "systemd-socket-activate is not installed"))
  func `systemd's own program starts the daemon with the first line`() throws {
    let daemon = try DaemonProcess()
    let path = daemon.folder + "/first.sock"
    let process = daemon.process([])
    process.executableURL = URL(filePath: Self.activator)
    process.arguments =
      ["--listen", path, "--fdname", "stream"]
      + ["TOLLBOOK_PRICING", "TOLLBOOK_DATA", "HOME"].flatMap { ["--setenv", $0] }
      + [DaemonProcess.binary, "serve", "--http", "off", "--http-socket", "off", "--datagrams", "off"]
    try process.run()
    defer { process.terminate() }
    // Between its name and its listening lies a moment; the first that gets through starts the daemon.
    var descriptor = tb_connect_unix(path)
    while descriptor < 0, process.isRunning { descriptor = tb_connect_unix(path) }
    let sender = try RawSender(connected: descriptor)
    sender.send(RawSender.hello("c") + RawSender.line(1))
    _ = try sender.hear("{\"ack\":1}")
    process.terminate()
    process.waitUntilExit()
    #expect(try daemon.ask("select count(*) from call") == ["1"])
  }

  @Test func `what is passed and is no socket is refused`() throws {
    let daemon = try DaemonProcess()
    let process = daemon.process([])
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c", "exec 3</dev/null; LISTEN_FDS=1; LISTEN_PID=$$; export LISTEN_FDS LISTEN_PID; exec \"$0\" serve",
      DaemonProcess.binary,
    ]
    let error = Pipe()
    process.standardError = error
    try process.run()
    let text = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(text.contains("Descriptor 3, passed by LISTEN_FDS, cannot be used: it is no socket that listens."))
  }
}
