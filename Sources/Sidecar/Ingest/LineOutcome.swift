import Calls
import Units

extension LinePump {
  /// Where a line comes from: who numbers it, and what its hello said of all its lines.
  package struct Source {
    /// The sender in acknowledged mode; -1 in plain mode.
    package var sender: Int32 = -1
    package var defaults = CallDefaults.none
    /// Numbers are places in a file: they rise, and what lies between two is no gap.
    package var isFile = false
    /// What holds its lines together in plain mode, such as a socket's descriptor; -1 for nothing.
    package var connection: Int32 = -1
    /// The number of the line before, on this connection: what an unreadable line counts from.
    package var lastNumber: Int64 = 0
    /// What the next line goes by where it says nothing of it itself.
    var standIn = StandIn()

    /// Its lines were refused before, and settle their dead letters.
    package var isReplay = false

    package init() {}
    package init(sender: Int32, defaults: CallDefaults) {
      self.sender = sender
      self.defaults = defaults
    }
  }

  /// A call's identity and time, known to whoever handed the line over.
  struct StandIn {
    /// The digest that stands for its id; 0 for none.
    var key: UInt64 = 0
    /// When it was logged; nil where only its arrival is known.
    var at: Timestamp?

    /// The digest of a line's further call, by its place among the line's calls.
    func key(ofCall place: Int) -> UInt64 {
      if key == 0 || place == 0 { return key }
      return withUnsafeBytes(of: UInt64(place)) { Digest64.of($0, seed: key) }
    }
  }

  /// What became of a line.
  package enum Outcome {
    /// Priced, and booked with the batch.
    case taken
    /// Taken before; it needs no more than its acknowledgement.
    case replayed
    /// A dead letter, stored with the batch.
    case refused(Refusal)
    /// Tells of no call and never could: white space.
    case passedOver
    /// Sound, and tells of no call.
    case ignored(Ignored)
    case hello(Hello)
  }
}
