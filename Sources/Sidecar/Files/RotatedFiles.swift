import CSystem
import Glibc

/// The files beside a followed one into which it was renamed: `calls.ndjson.1`, `calls.ndjson-20261121`.
enum RotatedFiles {
  /// Endings of files that were packed since; their lines are not read.
  private static let packed = [".gz", ".xz", ".zst", ".bz2", ".lz4", ".zip"]

  /// Files whose names go on behind that of `path`, by name; packed ones are left out.
  static func beside(_ path: String) -> [String] {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let folder = parts.count > 1 ? parts.dropLast().joined(separator: "/") + "/" : "./"
    guard let name = parts.last, let entries = opendir(folder) else { return [] }
    defer { closedir(entries) }
    var found: [String] = []
    while let entry = readdir(entries) {
      let kind = Int32(entry.pointee.d_type)
      // A pipe would be waited for.
      guard kind == Int32(DT_REG) || kind == Int32(DT_UNKNOWN) else { continue }
      let other = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if other != name, other.hasPrefix(name), !packed.contains(where: other.hasSuffix) {
        found.append(folder + other)
      }
    }
    return found.sorted()
  }

  /// Whether the name is one that a rotation gives: a number or a date behind the path, or `.old`.
  ///
  /// A file that was never followed is taken up under such a name only: `calls.ndjson.bak`, or
  /// `calls.ndjson_errors`, is somebody else's.
  static func isRotation(_ other: String, of path: String) -> Bool {
    let name = path.utf8.split(separator: UInt8(ascii: "/")).last?.count ?? 0
    let otherName = other.utf8.split(separator: UInt8(ascii: "/")).last ?? other.utf8[...]
    let rest = Array(otherName.dropFirst(name))
    if rest.elementsEqual(".old".utf8) { return true }
    guard rest.count > 1, [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains(rest[0])
    else { return false }
    let marks = Array(".-_:T+Z".utf8)
    return rest.contains { $0 &- 48 < 10 } && rest.allSatisfy { $0 &- 48 < 10 || marks.contains($0) }
  }
}
