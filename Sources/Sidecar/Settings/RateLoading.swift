import CSystem
import Rates

/// A rate book that is read on a thread of its own, while the ledger is opened on another.
package final class RateLoading: Sendable {
  package typealias Read = @Sendable () throws(RateFaults) -> RateBook

  private let read: Read
  private let result = Gate<Result<RateBook, RateFaults>?>(nil)

  /// Begins to read.
  package init(_ read: @escaping Read) {
    self.read = read
    let started = tb_thread(rateLoadingBody, Unmanaged.passRetained(self).toOpaque(), "tollbook-rates")
    precondition(started == 0, "the system gives no thread: errno \(started)")
  }

  /// The book, once it is read.
  ///
  /// - Throws: every mistake of the files.
  package func book() throws(RateFaults) -> RateBook {
    guard let result = result.wait({ $0 }) else { preconditionFailure("a wait without a limit has a result") }
    return try result.get()
  }

  fileprivate func run() {
    let outcome: Result<RateBook, RateFaults>
    do throws(RateFaults) { outcome = .success(try read()) } catch { outcome = .failure(error) }
    result.change { $0 = outcome }
  }
}

/// Formed here, outside any actor: a closure made in one and handed to C would trap at run time.
private func rateLoadingBody(_ argument: UnsafeMutableRawPointer?) {
  guard let argument else { return }
  Unmanaged<RateLoading>.fromOpaque(argument).takeRetainedValue().run()
}
