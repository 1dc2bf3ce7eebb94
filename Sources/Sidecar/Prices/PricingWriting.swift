import CSystem
import Rates

extension PricingFolder {
  /// Puts files into a folder, all of them or none: each is written and synced beside its place
  /// first, and only when all are there are they moved into it.
  ///
  /// A folder that is not there is made.
  ///
  /// - Throws: ``PricingWritingFault``; `movedBefore` is what a failed move left in place.
  package static func write(
    _ files: [(name: String, text: String)], into folder: String
  ) throws(PricingWritingFault) {
    let made = tb_make_folder(folder)
    guard made == 0 else { throw PricingWritingFault(path: folder, error: made) }
    let places = files.map { folder + "/" + $0.name }
    for (file, place) in zip(files, places) {
      var text = file.text
      let error = text.withUTF8 { tb_write_beside(place, $0.baseAddress, $0.count) }
      guard error == 0 else {
        places.forEach { tb_take_away_beside($0) }
        throw PricingWritingFault(path: place, error: error)
      }
    }
    var moved: [String] = []
    for (file, place) in zip(files, places) {
      let error = tb_move_into_place(place)
      guard error == 0 else {
        places.forEach { tb_take_away_beside($0) }
        throw PricingWritingFault(path: place, error: error, movedBefore: moved)
      }
      moved.append(file.name)
    }
    let error = tb_sync_folder(folder)
    guard error == 0 else { throw PricingWritingFault(path: folder, error: error, movedBefore: moved) }
  }
}

/// Why price files were not written.
package struct PricingWritingFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let path: String
  package let error: Int32
  /// Files that are in place all the same.
  package var movedBefore: [String] = []

  package var description: String {
    var text = [CChar](repeating: 0, count: 128)
    tb_error_text(error, &text, text.count)
    let why = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let rest =
      movedBefore.isEmpty ? "Nothing was written" : "Only \(movedBefore.joined(separator: ", ")) were written"
    return "\(path) cannot be written: \(why). \(rest); mend the folder, and import again."
  }
}
