import CSystem
import Store
import Units
import Watch

/// A receiver's thread: sends what is due, and waits for what will be.
///
/// Each receiver has its own, so that one that hangs keeps nothing from the others.
final class AlertSender: Sendable {
  /// Milliseconds between two looks at the outbox, where nothing is due sooner; and after a fault.
  static let lookMilliseconds: Int64 = 60_000
  static let faultMilliseconds: Int64 = 5_000

  let receiver: Receiver
  private let delivery: Delivery
  private let folder: String
  private let desk: AlertDesk
  private let gate = Gate(Call())

  private struct Call {
    var isWanted = false
    var isStopping = false
  }

  init(_ receiver: Receiver, access: ReceiverAccess, folder: String, desk: AlertDesk) {
    self.receiver = receiver
    self.folder = folder
    self.desk = desk
    delivery = Delivery(receiver, access: access)
  }

  func start() {
    let argument = Unmanaged.passRetained(self).toOpaque()
    let result = tb_thread(alertSenderBody, argument, "tollbook-alerts")
    precondition(result == 0, "the system gives no thread: errno \(result)")
  }

  /// Looks at the outbox now.
  func wake() { gate.change { $0.isWanted = true } }

  /// Ends after the attempt that it is at.
  func stop() { gate.change { $0.isStopping = true } }

  fileprivate func run() {
    var reader: LedgerReader?
    var round = AlertRound(
      receiver: receiver, send: { [delivery] in delivery.send($0, now: $1) },
      settle: { [desk] (settlement) throws(StoreFault) in try desk.settle(settlement) })
    while !gate.change({ $0.isStopping }) {
      var pause = Self.lookMilliseconds
      do throws(StoreFault) {
        if reader == nil { reader = try LedgerReader(folder: folder) }
        if let reader { pause = try look(reader, &round) }
      } catch {
        reader = nil
        if case .closed = error { return }
        desk.tell(of: error, receiver)
        pause = Self.faultMilliseconds
      }
      if pause > 0 { wait(milliseconds: pause) }
    }
  }

  /// Sends what is due; how long to wait then, in milliseconds.
  private func look(_ reader: LedgerReader, _ round: inout AlertRound) throws(StoreFault) -> Int64 {
    let now = { Timestamp(microseconds: tb_wall_us()) }
    let due = try reader.dueRows(of: receiver.name, at: now(), most: 1)
    guard due.isEmpty else {
      desk.stay(1)
      defer { desk.stay(-1) }
      let sent = try round.turn(reader, now: now, isStopping: { gate.change { $0.isStopping } })
      return sent > 0 ? 0 : Self.lookMilliseconds
    }
    guard let next = try reader.nextDue(of: receiver.name) else { return Self.lookMilliseconds }
    // A row that is due and waits for another of its incident is looked at again when that one is.
    let left = (next.microseconds - now().microseconds) / 1_000 + 1
    return left <= 0 ? 1_000 : min(left, Self.lookMilliseconds)
  }

  private func wait(milliseconds: Int64) {
    _ = gate.wait(upTo: Int32(clamping: milliseconds)) { call in
      defer { call.isWanted = false }
      return call.isWanted || call.isStopping ? true : nil
    }
  }
}

/// Formed here, outside any actor: a closure made in one and handed to C would trap at run time.
private func alertSenderBody(_ argument: UnsafeMutableRawPointer?) {
  guard let argument else { return }
  Unmanaged<AlertSender>.fromOpaque(argument).takeRetainedValue().run()
}
