import CSystem

/// The folder of files of ids beside a ledger: one a span, named by its rows, such as `1-524288.ids`.
///
/// Nothing in it is needed: whatever is missing, damaged or of another past is made anew from the ledger's rows. So
/// nothing is synced either: what a power cut leaves of a file has wrong checksums.
final class IDFiles {
  static let folderName = "ids"

  private let folder: String
  private let limits: WriterLimits
  /// Those that were used lately, by their spans' first rows.
  private var opened: [Int64: IDFile] = [:]
  /// Counts searches, to tell which were used lately.
  private var clock = 0

  init(ledgerFolder: String, limits: WriterLimits) {
    folder = Self.folder(in: ledgerFolder)
    self.limits = limits
  }

  static func folder(in ledgerFolder: String) -> String { ledgerFolder + "/" + folderName }
  static func path(of rows: ClosedRange<Int64>, in ledgerFolder: String) -> String {
    folder(in: ledgerFolder) + "/" + name(of: rows)
  }
  static func name(of rows: ClosedRange<Int64>) -> String { "\(rows.lowerBound)-\(rows.upperBound)\(ending)" }

  private static let ending = ".ids"
  /// What stands behind the name of a file that is being written.
  private static let unfinished = ".new"

  private func path(of rows: ClosedRange<Int64>) -> String { folder + "/" + Self.name(of: rows) }

  // MARK: - Reading

  /// The file of a span, opened; nil when it must be made.
  func file(of rows: ClosedRange<Int64>, seal: () throws(StoreFault) -> [UInt8]) throws(StoreFault) -> IDFile? {
    clock += 1
    if let file = opened[rows.lowerBound], file.header.rows == rows {
      file.usedAt = clock
      return file
    }
    guard let file = IDFile(path: path(of: rows), rows: rows, seal: try seal()) else { return nil }
    keep(file)
    return file
  }

  /// Forgets a file that turned out to be damaged.
  func forget(_ file: IDFile) {
    opened[file.header.rows.lowerBound] = nil
    _ = tb_unlink(path(of: file.header.rows))
  }

  /// Keeps a file at hand, and lets go of those that were used longest ago.
  private func keep(_ file: IDFile) {
    let (place, most) = (file.header.rows.lowerBound, file.isInMemory ? limits.idImages : limits.openIDFiles)
    opened[place] = nil
    let others = opened.filter { $0.value.isInMemory == file.isInMemory }
    if others.count >= most, let idle = others.min(by: { $0.value.usedAt < $1.value.usedAt }) {
      opened[idle.key] = nil
    }
    file.usedAt = clock
    if most > 0 { opened[place] = file }
  }

  // MARK: - Writing

  /// Writes a file; the same in memory where it cannot be written or read again.
  ///
  /// That is no fault of whoever books: the next start tries again.
  @discardableResult
  func write(_ image: IDFileImage) -> IDFile {
    let rows = image.header.rows
    let path = path(of: rows)
    var error = image.bytes.withUnsafeBytes { tb_replace_file(path, $0.baseAddress, $0.count) }
    if error != 0, tb_file_exists(folder) != 0 {
      error = tb_make_folder(folder)
      if error == 0 { error = image.bytes.withUnsafeBytes { tb_replace_file(path, $0.baseAddress, $0.count) } }
    }
    let written = error == 0 ? IDFile(path: path, rows: rows, seal: image.header.seal) : nil
    let file = written ?? IDFile(image)
    keep(file)
    return file
  }

  /// Takes away files of spans that the ledger does not have, and what was not finished; tells which files there are.
  ///
  /// Files of other names are not ours.
  func tidy(_ spans: some Sequence<ClosedRange<Int64>>) -> Set<String> {
    let wanted = Set(spans.map(Self.name))
    let found = names()
    for name in found where !wanted.contains(name) && Self.isOurs(name) { _ = tb_unlink(folder + "/" + name) }
    return wanted.intersection(found)
  }

  private static func isOurs(_ name: String) -> Bool {
    let stem = name.hasSuffix(unfinished) ? String(name.dropLast(unfinished.utf8.count)) : name
    guard stem.hasSuffix(ending) else { return false }
    let rows = stem.dropLast(ending.utf8.count).split(separator: "-", omittingEmptySubsequences: false)
    return rows.count == 2 && rows.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }
  }

  private func names() -> [String] {
    var names: [String] = []
    _ = withUnsafeMutablePointer(to: &names) { names in
      tb_each_name(folder, names) { context, name in
        guard let names = context?.assumingMemoryBound(to: [String].self), let name else { return }
        names.pointee.append(String(cString: name))
      }
    }
    return names
  }
}
