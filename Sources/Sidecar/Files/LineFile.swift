import CSystem
import Calls
import Glibc

/// A file or pipe, read line by line without keeping more than one line and a block.
package final class LineFile {
  package let path: String
  let descriptor: Int32
  private var buffer: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var start = 0
  private var end = 0
  /// Where in the file the next line begins.
  package private(set) var offset: Int64 = 0
  /// Bytes of the file when it was opened; 0 for pipes.
  package let size: Int64

  /// Bytes of a line that is too long that were passed over, behind those that are kept of it.
  private var passed: Int?

  private static let blockBytes = 256 << 10
  private static let keptBytes = Limits.lineBytes + 1
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
    capacity = Limits.lineBytes + Self.blockBytes
    buffer = .allocate(capacity: capacity + 64)
  }

  deinit {
    buffer.deallocate()
    if descriptor > 0 { close(descriptor) }
  }

  /// Where in the file the next read begins: behind the lines handed out, and what is held of the next.
  var reached: Int64 { offset + Int64(end - start + (passed ?? 0)) }

  /// Goes to a byte of the file.
  package func skip(to place: Int64) {
    guard place > 0, lseek(descriptor, off_t(place), SEEK_SET) == off_t(place) else { return }
    offset = place
    start = 0
    end = 0
    passed = nil
  }

  /// Hands the next line to `body`, without its newline; false when there is no whole line for now.
  ///
  /// `isLast` is nothing will follow, so that bytes without a newline are a line too. Of a line that
  /// is longer than any may be, its first ``Limits/lineBytes`` and one more are handed out.
  package func next<Fault: Error>(
    isLast: Bool, _ body: (UnsafeBufferPointer<UInt8>) throws(Fault) -> Void
  ) throws(Fault) -> Bool {
    if passed != nil { return try passOver(isLast: isLast, body) }
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
      let isTooLong = end - start > Limits.lineBytes
      searched = end - start
      if start > 0 {
        buffer.update(from: buffer + start, count: end - start)
        end -= start
        start = 0
      }
      if isTooLong {
        passed = end - Self.keptBytes
        end = Self.keptBytes
        return try passOver(isLast: isLast, body)
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

  /// Passes over what is left of a line that is longer than any may be; false while its end is not there.
  private func passOver<Fault: Error>(
    isLast: Bool, _ body: (UnsafeBufferPointer<UInt8>) throws(Fault) -> Void
  ) throws(Fault) -> Bool {
    let line = UnsafeBufferPointer(start: UnsafePointer(buffer), count: Self.keptBytes)
    let rest = buffer + Self.keptBytes
    while true {
      let count = tb_read(descriptor, rest, capacity - Self.keptBytes)
      guard count > 0 else {
        guard isLast else { return false }
        offset += Int64(Self.keptBytes + (passed ?? 0))
        start = end
        break
      }
      let newline = Int(tb_line_end(rest, Int64(count)))
      if newline < count {
        offset += Int64(Self.keptBytes + (passed ?? 0) + newline + 1)
        start = Self.keptBytes + newline + 1
        end = Self.keptBytes + count
        break
      }
      passed = (passed ?? 0) + count
    }
    passed = nil
    try body(line)
    return true
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
