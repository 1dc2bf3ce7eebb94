import Foundation
import Testing

/// `top` on a real pseudo-terminal: it draws, follows keys and the window's size, and leaves what it found.
@Suite(.serialized) struct TopTerminalTests {
  /// Runs `top` on a terminal of its own, waits for words on it, does something, and tells how all ended.
  ///
  /// The terminal's settings before and after are compared; nothing here waits for a time, only for words and the end.
  private static let script = #"""
    import fcntl, os, pty, select, signal, struct, subprocess, sys, termios
    # Whoever runs the tests may have signals blocked, which are handed down.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    binary, data, deed = sys.argv[1:4]
    main, side = pty.openpty()
    fcntl.ioctl(main, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    before = termios.tcgetattr(side)
    def own():
        os.setsid(); fcntl.ioctl(side, termios.TIOCSCTTY, 0)
    process = subprocess.Popen([binary, "top", "--data", data, "--every", "1"], stdin=side, stdout=side,
        stderr=subprocess.PIPE, preexec_fn=own, env={"TERM": "xterm", "PATH": "/usr/bin:/bin", "HOME": data})
    screen = b""
    def until(word):
        global screen
        start = len(screen)
        while word not in screen[start:]:
            if not select.select([main], [], [], 60)[0]: sys.exit("no %r in %r" % (word, screen))
            screen += os.read(main, 65536)
    until(b"[q]uit")
    assert termios.tcgetattr(side) != before, "keys are not taken one by one"
    if deed == "q": os.write(main, b"q")
    elif deed == "control-c": os.write(main, b"\x03")
    elif deed == "terminate": process.send_signal(signal.SIGTERM)
    elif deed == "fault": process.send_signal(signal.SIGSEGV)
    elif deed == "keys":
        os.write(main, b"k"); until(b"key, hour")
        os.write(main, b"d"); until(b"key, 24 h")
        fcntl.ioctl(main, termios.TIOCSWINSZ, struct.pack("HHHH", 8, 30, 0, 0))
        until(b"t m k")
        os.write(main, b"q")
    # A terminal takes what is written to it, whatever becomes of the writer.
    while process.poll() is None or select.select([main], [], [], 0)[0]:
        if select.select([main], [], [], 0.05)[0]: screen += os.read(main, 65536)
    error = process.stderr.read()
    after = termios.tcgetattr(side)
    print("status", process.returncode)
    print("as found", after == before)
    print("entered", screen.count(b"\x1b[?1049h"), "left", screen.count(b"\x1b[?1049l"))
    print("cursor", screen.count(b"\x1b[?25l"), screen.count(b"\x1b[?25h"))
    print("said", error.decode().strip())
    """#

  private func run(_ deed: String) throws -> String? {
    let python = "/usr/bin/python3"
    guard FileManager.default.isExecutableFile(atPath: python) else {
      print("skipped: \(python) is not here, and has the pseudo-terminal")
      return nil
    }
    let daemon = try DaemonProcess()
    try FileManager.default.createDirectory(atPath: daemon.data, withIntermediateDirectories: true)
    _ = try daemon.run("ingest", "-", input: DaemonProcess.call("a", input: 5) + "\n")
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = ["-c", Self.script, DaemonProcess.binary, daemon.data, deed]
    let out = Pipe()
    process.standardOutput = out
    process.standardError = out
    try process.run()
    let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text
  }

  private static func ended(_ status: Int) -> String {
    "status \(status)\nas found True\nentered 1 left 1\ncursor 1 1\nsaid \n"
  }

  /// What subprocess says of a signal is its number below nought.
  @Test(arguments: [("q", 0), ("control-c", 0), ("terminate", -15), ("fault", -11), ("keys", 0)])
  func `the terminal is left as it was found`(deed: String, status: Int) throws {
    guard let text = try run(deed) else { return }
    #expect(text == Self.ended(status))
  }
}
