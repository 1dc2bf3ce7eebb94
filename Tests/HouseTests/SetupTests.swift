import Foundation
import Testing

/// `make setup` on machines that lack something: it says what, and the cure.
@Suite(.serialized) struct SetupTests {
  private static let tools = [
    "bash", "cat", "chmod", "cp", "dirname", "env", "grep", "gzip", "head", "id", "ln", "mkdir", "mktemp",
    "rm", "sed", "sh", "sort", "tar", "test", "tr", "uname",
  ]
  private static let installed = "echo installed"
  /// A Swift that states this version, and runs nothing.
  private static func swift(_ version: String) -> String {
    "echo 'Swift version \(version) (swift-\(version)-RELEASE)'"
  }

  private func setup(_ scripts: [String: String], home: URL? = nil) throws -> ScriptRun {
    let standIns = try StandIns(real: Self.tools, scripts: scripts)
    defer { standIns.remove() }
    let home = home ?? standIns.folder
    return try ScriptRun(
      "scripts/setup", environment: ["PATH": standIns.folder.path, "HOME": home.path])
  }

  @Test func `nothing is done when nothing is missing`() throws {
    let run = try setup([
      "dpkg-query": Self.installed, "apt-get": "echo must not run >&2; exit 9", "swift": Self.swift("6.3.1"),
    ])
    #expect(run.status == 0 && run.out.isEmpty && run.error.isEmpty)
  }

  @Test func `a missing package is installed, and told before`() throws {
    let run = try setup([
      "dpkg-query": "case \"$4\" in libsqlite3-dev) exit 1;; *) echo installed;; esac",
      "apt-get": "echo \"apt-get $*\"", "id": "echo 0", "swift": Self.swift("6.10"),
    ])
    #expect(run.status == 0)
    #expect(
      run.error == """
        setup: installing with apt-get: libsqlite3-dev
        apt-get update -q
        apt-get install -y --no-install-recommends libsqlite3-dev

        """)
  }

  @Test func `who cannot install is told the command`() throws {
    let run = try setup([
      "dpkg-query": "case \"$4\" in lib*) exit 1;; *) echo installed;; esac",
      "apt-get": "exit 9", "id": "echo 1000", "swift": Self.swift("6.3"),
    ])
    #expect(run.status == 1)
    #expect(
      run.error == """
        setup: these packages are missing, and installing them takes root. Run: sudo apt-get install -y \
        --no-install-recommends libcurl4-openssl-dev libsqlite3-dev libssl-dev

        """)
  }

  @Test func `without a connection the command for Swift is named`() throws {
    let run = try setup([
      "dpkg-query": Self.installed, "apt-get": "exit 9", "curl": "exit 6", "swift": Self.swift("6.2.4"),
    ])
    #expect(run.status == 1)
    #expect(run.error.contains("(6.2.4)); installing it with swiftly"))
    #expect(
      run.error.contains("cannot be fetched. On a machine with a connection, run: curl -O https://download.swift.org/"))
  }

  @Test func `Swift is installed with swiftly where it is missing`() throws {
    let home = FileManager.default.temporaryDirectory.appending(path: "home-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: home) }
    // The archive holds a swiftly that notes how it was called and "installs" a Swift.
    let swiftly = """
      #!/bin/sh
      echo "swiftly $*" >> "$HOME/calls"
      mkdir -p "$SWIFTLY_BIN_DIR"
      [ "$1" = init ] && cp "$0" "$SWIFTLY_BIN_DIR/swiftly"
      if [ "$1" = install ]; then
        { echo '#!/bin/sh'; echo 'echo "Swift version 6.3.2 (swift-6.3.2-RELEASE)"'; } > "$SWIFTLY_BIN_DIR/swift"
        chmod +x "$SWIFTLY_BIN_DIR/swift"
      fi
      exit 0
      """
    try swiftly.write(to: home.appending(path: "swiftly"), atomically: true, encoding: .utf8)
    let curl = """
      while [ "$1" != -o ]; do shift; done
      chmod +x "$HOME/swiftly"
      tar -czf "$2" -C "$HOME" swiftly
      """
    let run = try setup(["dpkg-query": Self.installed, "apt-get": "exit 9", "curl": curl], home: home)
    #expect(run.status == 0, "\(run.error)")
    let calls = HouseRule.lines(try String(contentsOf: home.appending(path: "calls"), encoding: .utf8))
    #expect(calls.count == 2)
    #expect(calls.first?.contains("init --assume-yes --skip-install") ?? false)
    #expect(calls.last?.contains("install 6.3 --use --assume-yes") ?? false)
    #expect(run.error.hasPrefix("setup: Swift 6.3 or later is missing; installing it with swiftly"))
  }
}
