import Store

/// Something that another thread wants written, done by the writing thread between two batches.
final class LedgerOrder: Sendable {
  private let body: @Sendable (LedgerWriter) throws(StoreFault) -> Void
  private let outcome = Gate<Outcome?>(nil)
  /// Hears of the end, on the thread that brings it; for those who do not wait.
  private let then: @Sendable (StoreFault?) -> Void

  private enum Outcome: Sendable {
    case done
    case failed(StoreFault)
  }

  init(
    _ body: @escaping @Sendable (LedgerWriter) throws(StoreFault) -> Void,
    then: @escaping @Sendable (StoreFault?) -> Void = { _ in }
  ) {
    self.body = body
    self.then = then
  }

  /// Does it, and tells whoever waits.
  func carryOut(_ writer: LedgerWriter) {
    do throws(StoreFault) {
      try body(writer)
      outcome.change { $0 = .done }
      then(nil)
    } catch {
      refuse(because: error)
    }
  }

  /// It will not be done.
  func refuse(because fault: StoreFault) {
    outcome.change { $0 = .failed(fault) }
    then(fault)
  }

  /// Waits until it is on disk.
  func wait() throws(StoreFault) {
    let found: Outcome? = outcome.wait { $0 }
    if case .failed(let fault) = found { throw fault }
  }
}
