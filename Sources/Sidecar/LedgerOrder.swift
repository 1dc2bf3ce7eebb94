import Store

/// Something that another thread wants written, done by the writing thread between two batches.
final class LedgerOrder: Sendable {
  private let body: @Sendable (LedgerWriter) throws(StoreFault) -> Void
  private let outcome = Gate<Outcome?>(nil)

  private enum Outcome: Sendable {
    case done
    case failed(StoreFault)
  }

  init(_ body: @escaping @Sendable (LedgerWriter) throws(StoreFault) -> Void) { self.body = body }

  /// Does it, and tells whoever waits.
  func carryOut(_ writer: LedgerWriter) {
    do throws(StoreFault) {
      try body(writer)
      outcome.change { $0 = .done }
    } catch {
      outcome.change { $0 = .failed(error) }
    }
  }

  /// It will not be done.
  func refuse(because fault: StoreFault) { outcome.change { $0 = .failed(fault) } }

  /// Waits until it is on disk.
  func wait() throws(StoreFault) {
    let found: Outcome? = outcome.wait { $0 }
    if case .failed(let fault) = found { throw fault }
  }
}
