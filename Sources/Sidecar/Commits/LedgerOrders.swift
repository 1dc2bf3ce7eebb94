import CSystem
import Store

/// Orders on their way to the writing thread, beside the batches.
///
/// Bounded, and one between two batches at most: what is booked never waits for more than one of them.
extension CommitQueue {
  /// Orders that may wait; beyond them whoever asks is told to come again.
  static let ordersMax = 64
  /// Milliseconds that those who are about to order something are given when the daemon ends.
  static let partingMilliseconds: Int64 = 2_000

  /// Has something written, and returns when it is on disk.
  ///
  /// - Throws: what the writer throws; ``StoreFault/closed(path:)`` when the ledger is closed,
  ///   ``StoreFault/busy(path:)`` when too many wait.
  func order(
    _ body: @escaping @Sendable (LedgerWriter) throws(StoreFault) -> Void
  ) throws(StoreFault) {
    let order = LedgerOrder(body)
    try put(order)
    try order.wait()
  }

  /// Has an order carried out, and does not wait for it.
  ///
  /// - Throws: ``StoreFault`` as ``order(_:)`` does, but for what the writer throws.
  func put(_ order: LedgerOrder) throws(StoreFault) {
    let fault: StoreFault? = state.change { state in
      if state.isOver { return .closed(path: "the ledger") }
      if state.orders.count >= Self.ordersMax { return .busy(path: "the ledger") }
      state.orders.append(order)
      return nil
    }
    if let fault { throw fault }
  }

  /// One more, or one less, is about to order something: the ledger is not closed meanwhile, for a while.
  func stay(_ count: Int) { state.change { $0.staying += count } }

  /// No order is carried out from now on; those that wait are refused.
  func refuseOrders(because fault: StoreFault) {
    let orders = state.change { state in
      defer { state.orders = [] }
      state.isOver = true
      return state.orders
    }
    for order in orders { order.refuse(because: fault) }
  }
}
