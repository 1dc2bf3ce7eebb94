import CSystem
import Glibc
import Rates
import Units

/// Finds and reads the folder of price files.
///
/// Where: the flag, then `TOLLBOOK_PRICING`, then the configuration, then
/// `<binary>/../share/tollbook/pricing`, then the cards that came with the program.
package struct PricingFolder: Sendable {
  /// The folder, or nil for the cards that came with the program.
  package let path: String?
  /// What decided it, for `tollbook config`.
  package let decidedBy: String

  package init(path: String?, decidedBy: String) {
    self.path = path
    self.decidedBy = decidedBy
  }

  /// The folder in force.
  ///
  /// A folder that was named must be there; the one beside the binary may be.
  package static func find(
    flag: String?, environment: String?, configuration: String?, binary: String?
  ) -> PricingFolder {
    if let flag { return PricingFolder(path: flag, decidedBy: "--pricing") }
    if let environment, !environment.isEmpty {
      return PricingFolder(path: environment, decidedBy: "TOLLBOOK_PRICING")
    }
    if let configuration { return PricingFolder(path: configuration, decidedBy: "configuration") }
    if let binary {
      let parts = binary.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
      let shared = parts.joined(separator: "/") + "/share/tollbook/pricing"
      if tb_path_kind(shared) == 2 { return PricingFolder(path: shared, decidedBy: "installed") }
    }
    return PricingFolder(path: nil, decidedBy: "built in")
  }

  /// Reads every `.json` file of the folder.
  ///
  /// - Throws: ``RateFaults`` with all mistakes of all files; nothing of the book is used then.
  package func load(
    builtIn: [(name: String, text: String)], zones: @escaping RateFileReader.Zones = { $0 == "UTC" ? .utc : nil }
  ) throws(RateFaults) -> RateBook {
    var reader = RateFileReader(digest: Self.sha256, zones: zones)
    guard let path else {
      for file in builtIn { reader.read(file.text, file: file.name) }
      return try reader.book(origin: "built-in cards")
    }
    guard let names = Self.names(in: path) else {
      reader.cannotRead(file: path, why: String(cString: strerror(errno)))
      return try reader.book(origin: path)
    }
    if names.isEmpty { reader.cannotRead(file: path, why: "it holds no .json file") }
    for name in names {
      if let text = Self.text(of: path + "/" + name) {
        reader.read(text, file: name)
      } else {
        reader.cannotRead(file: name, why: String(cString: strerror(errno)))
      }
    }
    return try reader.book(origin: path)
  }

  /// The texts of its files, or of those that came with the program.
  ///
  /// A folder that is not there, or that holds no price file, has none: a fresh set.
  ///
  /// - Throws: ``RateFaults`` when a file that is there cannot be read.
  package func texts(
    builtIn: [(name: String, text: String)]
  ) throws(RateFaults) -> [(name: String, text: String)] {
    guard let path else { return builtIn }
    guard let names = Self.names(in: path) else {
      if errno == ENOENT { return [] }
      let why = String(cString: strerror(errno))
      throw RateFaults(faults: [RateFault(file: path, line: 0, .unreadable(why))])
    }
    var texts: [(name: String, text: String)] = []
    for name in names {
      guard let text = Self.text(of: path + "/" + name) else {
        let why = String(cString: strerror(errno))
        throw RateFaults(faults: [RateFault(file: name, line: 0, .unreadable(why))])
      }
      texts.append((name, text))
    }
    return texts
  }

  /// The book of files that were read before, or are about to be written.
  package static func book(
    of texts: [(name: String, text: String)], origin: String,
    zones: @escaping RateFileReader.Zones = { $0 == "UTC" ? .utc : nil }
  ) throws(RateFaults) -> RateBook {
    var reader = RateFileReader(digest: sha256, zones: zones)
    for file in texts { reader.read(file.text, file: file.name) }
    return try reader.book(origin: origin)
  }

  private static func names(in path: String) -> [String]? {
    guard let folder = opendir(path) else { return nil }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".json"), !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// Bytes of one price file at most.
  private static let fileBytesMax = 16 << 20

  static func text(of path: String) -> String? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < fileBytesMax {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    if ferror(file) != 0 { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// SHA-256 of a text, in hexadecimal.
  package static let sha256: RateFileReader.Digest = { text in
    var text = text
    var digest = [UInt8](repeating: 0, count: 32)
    text.withUTF8 { tb_sha256($0.baseAddress, $0.count, &digest) }
    let digits = Array("0123456789abcdef".utf8)
    return String(unsafeUninitializedCapacity: 64) { bytes in
      for (place, byte) in digest.enumerated() {
        bytes[place * 2] = digits[Int(byte >> 4)]
        bytes[place * 2 + 1] = digits[Int(byte & 15)]
      }
      return 64
    }
  }
}
