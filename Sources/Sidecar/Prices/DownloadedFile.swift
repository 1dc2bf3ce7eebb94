import CSystem
import Glibc

/// A price list that somebody has downloaded already.
package enum DownloadedFile {
  /// Its bytes, as many as a download may have.
  ///
  /// - Throws: ``DownloadedFileFault``.
  package static func bytes(
    of path: String, bytesMax: Int64 = DownloadLimits().bytesMax
  ) throws(DownloadedFileFault) -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw .unreadable(path, String(cString: strerror(errno))) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= bytesMax else { throw .tooLarge(path, bytesMax: bytesMax) }
    }
    guard ferror(file) == 0 else { throw .unreadable(path, String(cString: strerror(errno))) }
    return bytes
  }
}

/// Why a downloaded file cannot be used.
package enum DownloadedFileFault: Error, Hashable, Sendable, CustomStringConvertible {
  case unreadable(String, String)
  case tooLarge(String, bytesMax: Int64)

  package var description: String {
    switch self {
    case .unreadable(let path, let why): "\(path) cannot be read: \(why). Mend the path, or its permissions."
    case .tooLarge(let path, let bytesMax):
      "\(path) is larger than \(bytesMax) bytes, which no price list is. Look whether it is the right file."
    }
  }
}
