import FaultVFS
import Foundation

/// A small file system in memory over a folder, for as long as this value lives; root's to make.
final class Mount {
  private let folder: String

  /// A read-only one; nil when this user may not.
  init?(readOnly folder: String) {
    self.folder = folder
    guard tb_mount_memory(folder, "size=64k", 1) == 0 else { return nil }
  }

  /// One that holds so many bytes; nil when this user may not.
  init?(bytes: Int, folder: String) {
    self.folder = folder
    guard tb_mount_memory(folder, "size=\(bytes)", 0) == 0 else { return nil }
  }

  /// Forbids writing from now on; what is there stays.
  func makeReadOnly() -> Bool { tb_mount_read_only(folder) == 0 }

  deinit {
    tb_unmount(folder)
    try? FileManager.default.removeItem(atPath: folder)
  }
}
