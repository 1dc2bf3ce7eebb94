import CSystem
import Calls
import Glibc

/// A file or pipe, read line by line without keeping more than one line and a block.
package final class LineFile {
  package let path: String
  private let descriptor: Int32
  private var buffer: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var start = 0
  private var end = 0
  /// Where in the file the next line begins.
  package private(set) var offset: Int64 = 0
  /// Device, inode and first line of the file, as one number: another file has another.
  ///
  /// Nil while the first line is not whole: the number would change with it.
  package let identity: Int64?
  package let size: Int64

  private static let blockBytes = 256 << 10
  /// Bytes at a file's beginning that tell it from another under the same name.
  private static let beginningBytes = 512

  /// Opens a file, or standard input for `-`.
  ///
  /// - Throws: ``LineFileFault`` with the system's reason.
  package init(path: String) throws(LineFileFault) {
    self.path = path
    descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw LineFileFault(path: path, reason: String(cString: strerror(errno)))
    }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT != S_IFDIR else {
      throw LineFileFault(path: path, reason: "it is a folder")
    }
    size = facts.st_mode & S_IFMT == S_IFREG ? Int64(facts.st_size) : 0
    identity = Self.identity(descriptor, facts)
    capacity = Limits.lineBytes + Self.blockBytes
    buffer = .allocate(capacity: capacity + 64)
  }

  deinit {
    buffer.deallocate()
    if descriptor > 0 { close(descriptor) }
  }

  private static func identity(_ descriptor: Int32, _ facts: stat) -> Int64? {
    var beginning = [UInt8](repeating: 0, count: beginningBytes)
    let count = pread(descriptor, &beginning, beginningBytes, 0)
    let line = beginning.prefix(max(count, 0)).prefix { $0 != 10 }
    guard line.count < count || line.count == beginningBytes else { return nil }
    var mixed: UInt64 = UInt64(facts.st_dev) &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(facts.st_ino)
    for byte in line { mixed = (mixed ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int64(mixed >> 1)
  }

  /// Goes to a byte of the file.
  package func skip(to place: Int64) {
    guard place > 0, lseek(descriptor, off_t(place), SEEK_SET) == off_t(place) else { return }
    offset = place
    start = 0
    end = 0
  }

  /// Hands the next line to `body`, without its newline; false when there is no whole line for now.
  ///
  /// `isLast` is nothing will follow, so that bytes without a newline are a line too.
  package func next<Fault: Error>(
    isLast: Bool, _ body: (UnsafeBufferPointer<UInt8>) throws(Fault) -> Void
  ) throws(Fault) -> Bool {
    var searched = start
    while true {
      let newline = Int(tb_line_end(buffer + searched, Int64(end - searched)))
      if searched + newline < end {
        let length = searched + newline - start
        let line = UnsafeBufferPointer(start: UnsafePointer(buffer + start), count: length)
        start += length + 1
        offset += Int64(length + 1)
        try body(line)
        return true
      }
      if end - start > Limits.lineBytes {
        // Longer than any line may be: what is left of it is passed over.
        let line = UnsafeBufferPointer(start: UnsafePointer(buffer + start), count: end - start)
        offset += Int64(end - start)
        passOverRest()
        try body(line)
        return true
      }
      searched = end - start
      if start > 0 {
        buffer.update(from: buffer + start, count: end - start)
        end -= start
        start = 0
      }
      let count = tb_read(descriptor, buffer + end, capacity - end)
      if count > 0 {
        end += count
        continue
      }
      guard isLast, end > start else { return false }
      let line = UnsafeBufferPointer(start: UnsafePointer(buffer + start), count: end - start)
      offset += Int64(end - start)
      start = end
      try body(line)
      return true
    }
  }

  private func passOverRest() {
    start = 0
    end = 0
    while true {
      let count = tb_read(descriptor, buffer, capacity)
      guard count > 0 else { return }
      let newline = Int(tb_line_end(buffer, Int64(count)))
      if newline < count {
        offset += Int64(newline + 1)
        start = newline + 1
        end = count
        return
      }
      offset += Int64(count)
    }
  }

  /// Files beside `path` whose names go on behind its own, by name; compressed ones are left out.
  static func rotated(from path: String) -> [String] {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let folder = parts.count > 1 ? parts.dropLast().joined(separator: "/") + "/" : "./"
    guard let name = parts.last, let entries = opendir(folder) else { return [] }
    defer { closedir(entries) }
    var found: [String] = []
    while let entry = readdir(entries) {
      let other = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      let isPacked = [".gz", ".xz", ".zst", ".bz2"].contains { other.hasSuffix($0) }
      if other != name, other.hasPrefix(name), !isPacked { found.append(folder + other) }
    }
    return found.sorted()
  }

  /// Whether the path names another file by now, or this one has shrunk: it was rotated.
  package var wasRotated: Bool {
    var named = stat()
    var held = stat()
    guard stat(path, &named) == 0, fstat(descriptor, &held) == 0 else { return false }
    return named.st_ino != held.st_ino || named.st_dev != held.st_dev || Int64(held.st_size) < offset
  }
}

/// Why a file of lines cannot be read.
package struct LineFileFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let path: String
  package let reason: String

  package var description: String {
    "\(path) cannot be read: \(reason). Check the path and its permissions."
  }
}
