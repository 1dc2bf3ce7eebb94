import Foundation

/// Runs a script of the repository and keeps what it says.
struct ScriptRun {
  let status: Int32
  let outBytes: [UInt8]
  let error: String

  var out: String { String(decoding: outBytes, as: UTF8.self) }

  /// Runs it to its end; `environment` is all that it sees of ours.
  init(_ path: String, _ arguments: [String] = [], environment: [String: String]) throws {
    let process = Process()
    process.executableURL = Tree.root.appending(path: path)
    process.arguments = arguments
    process.environment = environment
    process.currentDirectoryURL = Tree.root
    process.standardInput = FileHandle.nullDevice
    // Files, not pipes: a full pipe would stop the script while we wait for its end.
    let folder = FileManager.default.temporaryDirectory.appending(path: "house-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func sink(_ name: String) throws -> (URL, FileHandle) {
      let file = folder.appending(path: name)
      try Data().write(to: file)
      return (file, try FileHandle(forWritingTo: file))
    }
    let (outFile, outHandle) = try sink("out")
    let (errorFile, errorHandle) = try sink("error")
    process.standardOutput = outHandle
    process.standardError = errorHandle
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    outBytes = Array(try Data(contentsOf: outFile))
    error = String(decoding: try Data(contentsOf: errorFile), as: UTF8.self)
  }
}

/// A folder of stand-ins for programs, which is all that a script finds on its path.
struct StandIns {
  let folder: URL

  /// Makes the folder: `real` names programs that are what they are here, those that are missing stay
  /// missing; `scripts` are stand-ins, each with what it does.
  init(real: [String], scripts: [String: String]) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "stand-ins-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    for name in real {
      let found = path.split(separator: ":").map { "\($0)/\(name)" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
      if let found {
        try FileManager.default.createSymbolicLink(
          atPath: folder.appending(path: name).path, withDestinationPath: found)
      }
    }
    for (name, body) in scripts {
      let file = folder.appending(path: name)
      try "#!/bin/sh\n\(body)\n".write(to: file, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }
}
