import CSystem

/// The lock that keeps a second writer out of a ledger's folder.
///
/// The system lets it go when the process ends, however it ends.
final class FolderLock {
  private let descriptor: Int32

  /// Makes the folder if need be, and takes the lock.
  init(folder: String) throws(StoreFault) {
    let error = tb_make_folder(folder)
    guard error == 0 else { throw Self.fault(error, path: folder) }
    let path = folder + "/" + LedgerFile.lockName
    var holder: Int32 = 0
    let descriptor = tb_lock_file(path, &holder)
    guard descriptor >= 0 else {
      if tb_is_would_block(-descriptor) != 0 { throw .locked(path: folder, process: holder) }
      throw Self.fault(-descriptor, path: folder)
    }
    self.descriptor = descriptor
  }

  deinit { tb_unlock_file(descriptor) }

  private static func fault(_ error: Int32, path: String) -> StoreFault {
    if tb_is_no_space(error) != 0 { return .diskFull(path: path) }
    if tb_is_refused(error) != 0 { return .readOnly(path: path) }
    return .cannotOpen(path: path, reason: errorText(error))
  }
}
