import Calls
import Units

/// Reads the text of price files into a ``RateBook``, gathering every mistake.
///
/// The form is that of `pricing/README.md`. A file with a mistake adds nothing to the book, and a
/// book with a mistake is not used at all: callers keep the one they have.
package struct RateFileReader {
  /// SHA-256 of a text in hexadecimal, from the edge: the core links no library.
  package typealias Digest = @Sendable (String) -> String

  package private(set) var faults: [RateFault] = []
  private var products: [RateBook.ProductKey: RateBook.Product] = [:]
  private var places: [RateBook.ProductKey: String] = [:]
  private var names: [String: String] = [:]
  private let digest: Digest

  package init(digest: @escaping Digest) { self.digest = digest }

  /// Adds one file's cards, or its faults.
  package mutating func read(_ text: String, file: String) {
    do {
      let tree = try JSONTree(parsing: text)
      var reader = IssuerFileReader(file: file, digest: digest)
      reader.read(tree)
      faults += reader.faults
      for (other, canonical) in reader.otherNames {
        if let taken = names[other], taken != canonical {
          faults.append(RateFault(file: file, line: 0, .nameTaken(other, by: taken)))
        }
        names[other] = canonical
      }
      for (key, product, place) in reader.products {
        if let other = places[key] {
          faults.append(
            RateFault(
              file: file, line: place, .duplicateProduct(model: key.model, other: other)))
        }
        products[key] = product
        places[key] = "\(file):\(place)"
      }
    } catch {
      faults.append(RateFault(file: file, line: error.line, .notJSON(error.what)))
    }
  }

  /// Notes a file that could not be opened.
  package mutating func cannotRead(file: String, why: String) {
    faults.append(RateFault(file: file, line: 0, .unreadable(why)))
  }

  /// The book of all files read, without faults.
  ///
  /// - Throws: all faults at once, in the files' order.
  package func book(origin: String) throws(RateFaults) -> RateBook {
    guard faults.isEmpty else { throw RateFaults(faults: faults) }
    var canonical: [RateBook.ProductKey: RateBook.Product] = [:]
    for (key, product) in products {
      let named = RateBook.ProductKey(
        route: key.route, issuer: names[key.issuer] ?? key.issuer,
        provider: names[key.provider] ?? key.provider, model: key.model)
      canonical[named] = product
    }
    return RateBook(products: canonical, canonicalNames: names, origin: origin)
  }
}

/// Every mistake of a set of price files.
package struct RateFaults: Error, Sendable, CustomStringConvertible {
  package let faults: [RateFault]

  package init(faults: [RateFault]) { self.faults = faults }

  package var description: String {
    faults.map(\.description).joined(separator: "\n")
  }
}
