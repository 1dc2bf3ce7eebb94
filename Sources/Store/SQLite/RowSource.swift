import CSystem

/// Rows in memory that one statement reads as a table, to write or look for them all together.
///
/// The statement opens its cursors once for all of them, and no value is bound: half of what a row
/// costs when each has a statement run of its own. The order of the rows is the order they are read in.
final class RowSource {
  /// Rows that are written together; more would no longer lie in the processor's cache.
  static let rowsMax = 1024
  /// Bytes of texts and blobs at which they are written though there are fewer rows.
  static let bytesMax = 256 << 10

  /// What stands for NULL among integers.
  static var null: Int64 { tb_row_null }

  private let rows: UnsafeMutablePointer<tb_rows>
  private var bytesRoom = 4 << 10
  private var bytesUsed = 0

  /// Offers the rows on a connection as a table of that name: columns `c0`, `c1`, … and, where they have
  /// `bytes`, `blob` and `text`.
  init(_ database: Database, name: String, integers: Int, bytes: Bool) throws(StoreFault) {
    let width = integers + (bytes ? 4 : 0)
    rows = .allocate(capacity: 1)
    rows.initialize(
      to: tb_rows(
        cells: .allocate(capacity: Self.rowsMax * width), bytes: .allocate(capacity: bytesRoom), count: 0,
        integers: Int32(integers), has_bytes: bytes ? 1 : 0, width: Int32(width)))
    guard let handle = database.handle else { throw .closed(path: database.path) }
    let code = tb_rows_offer(handle, name, rows)
    guard code == SQLITE_OK else { throw database.fault(code, name) }
  }

  deinit {
    rows.pointee.cells.deallocate()
    rows.pointee.bytes.deallocate()
    rows.deallocate()
  }

  var count: Int { rows.pointee.count }
  var isFull: Bool { rows.pointee.count == Self.rowsMax || bytesUsed >= Self.bytesMax }

  func removeAll() {
    rows.pointee.count = 0
    bytesUsed = 0
  }

  /// One more row, whose every cell is to be set; ask ``isFull`` first.
  @inline(__always) func next() -> UnsafeMutablePointer<Int64> {
    let cells = rows.pointee.cells + rows.pointee.count * Int(rows.pointee.width)
    rows.pointee.count += 1
    return cells
  }

  /// Keeps bytes for two cells of a row; nil is NULL.
  @inline(__always)
  func keep(_ bytes: UnsafeRawBufferPointer?, in cells: UnsafeMutablePointer<Int64>) {
    guard let bytes else {
      cells[0] = 0
      cells[1] = tb_row_no_bytes
      return
    }
    if bytesRoom - bytesUsed < bytes.count { grow(by: bytes.count) }
    cells[0] = Int64(bytesUsed)
    cells[1] = Int64(bytes.count)
    if let start = bytes.baseAddress {
      UnsafeMutableRawPointer(rows.pointee.bytes + bytesUsed).copyMemory(from: start, byteCount: bytes.count)
    }
    bytesUsed += bytes.count
  }

  private func grow(by count: Int) {
    bytesRoom = max(bytesRoom * 2, bytesUsed + count)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: bytesRoom)
    larger.update(from: rows.pointee.bytes, count: bytesUsed)
    rows.pointee.bytes.deallocate()
    rows.pointee.bytes = larger
  }

  /// Writes the rows by a statement that reads them, and goes on without any.
  ///
  /// - Throws: what SQLite says of the first row that it does not take; none is written then.
  func write(by statement: Statement) throws(StoreFault) {
    defer { removeAll() }
    if count > 0 { try statement.run() }
  }
}
