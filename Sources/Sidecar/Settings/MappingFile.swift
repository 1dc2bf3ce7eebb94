import CSystem
import Calls
import Glibc

/// The file of mappings that the setting `mapping` names.
package struct MappingFile: Sendable {
  private let path: String

  /// Bytes of the file at most.
  private static let bytesMax = 1 << 20

  package init(path: String) { self.path = path }

  /// - Throws: every mistake of the file, or why it cannot be read.
  package func load() throws(LineMappingFaults) -> LineMappings {
    guard let text = PricingFolder.text(of: path) else {
      let why = String(cString: strerror(errno))
      throw LineMappingFaults(faults: [LineMappingFault(place: path, kind: .unreadable(why))])
    }
    guard text.utf8.count <= Self.bytesMax else {
      throw LineMappingFaults(
        faults: [LineMappingFault(place: path, kind: .unreadable("it has more than \(Self.bytesMax) bytes"))])
    }
    return try LineMappings(text, file: path)
  }
}
