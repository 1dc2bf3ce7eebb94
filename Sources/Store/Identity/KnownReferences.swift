import Books
import Calls
import Units

/// What is known of the provider's ids of one call, and where they are remembered: two at most.
struct KnownReferences {
  private var first = Place()
  private var second = Place()
  /// The newest known row of a call that another observer told of under one of the ids; 0 for none.
  private(set) var candidate: Int64 = 0
  private(set) var isSet = false

  private struct Place {
    var key: UInt64 = 0
    var slot = 0
    var found: ReferenceWindow.Found?
    /// The id names several calls.
    var isWorn = false
  }

  /// Looks a call's ids up.
  @inline(__always)
  mutating func look(for call: BookedCall, by mark: ObserverMark, in references: ReferenceWindow) {
    isSet = true
    if call.reference != 0 { first = Self.place(of: call.reference, call.outcome, mark, in: references) }
    if call.keyIsProviders { second = Self.place(of: call.key, call.outcome, mark, in: references) }
    if let found = second.found, !second.isWorn { candidate = found.seq }
    if let found = first.found, !first.isWorn { candidate = found.seq }
  }

  @inline(__always)
  private static func place(
    of id: UInt64, _ outcome: Outcome, _ mark: ObserverMark, in references: ReferenceWindow
  ) -> Place {
    var place = Place()
    place.key = ReferenceWindow.key(id, outcome)
    (place.found, place.slot) = references.find(place.key)
    if let found = place.found { place.isWorn = found.isWorn || found.observer == mark.observer }
    return place
  }

  /// The ids that led to the candidate name several calls.
  mutating func wear() {
    first.isWorn = first.isWorn || first.found?.seq == candidate
    second.isWorn = second.isWorn || second.found?.seq == candidate
  }

  /// Remembers that the call was booked for itself.
  @inline(__always)
  func remember(_ call: BookedCall, seq: Int64, _ mark: UInt16, in references: inout ReferenceWindow) {
    var entry = ReferenceWindow.Found(
      seq: seq, observer: mark >> 1, isWorn: first.isWorn, own: ReferenceWindow.own(call.key))
    if first.key != 0 { references.remember(first.key, at: first.slot, entry) }
    entry.isWorn = second.isWorn
    if second.key != 0 { references.remember(second.key, at: second.slot, entry) }
  }

  /// Remembers that the call of another observer goes on in a later row.
  func move(to seq: Int64, in references: inout ReferenceWindow) {
    for place in [first, second] {
      guard place.key != 0, var found = place.found, !found.isWorn else { continue }
      found.seq = seq
      references.remember(place.key, at: place.slot, found)
    }
  }
}

extension BatchBooking.Surroundings {
  /// Who tells of a call.
  @inline(__always)
  func mark(of call: BookedCall) -> ObserverMark {
    ObserverMark(
      clientDigest: call.sender < 0 ? ObserverMark.plainMode : clients[Int(call.sender)], shape: call.shape,
      keyIsProviders: call.keyIsProviders)
  }

  func client(of call: BookedCall) -> String { call.sender < 0 ? "" : senders[Int(call.sender)].client }
}

extension BookingStatements {
  /// Notes that another observer told of a call that is booked.
  func note(
    _ observation: Verdict.Observation, of call: BookedCall, by mark: ObserverMark, client: String, at now: Timestamp
  ) throws(StoreFault) {
    addObserver.bind(1, Int64(mark.observer))
    addObserver.bind(2, client)
    addObserver.bind(3, Int64(call.shape))
    try addObserver.run()
    insertObservation.bind(1, observation.root)
    insertObservation.bind(2, Int64(mark.observer))
    if call.key == 0 {
      insertObservation.bind(3, nil as Int64?)
    } else {
      insertObservation.bind(3, blob: withUnsafeBytes(of: call.key.bigEndian) { Array($0) })
    }
    insertObservation.bind(4, observation.kind.rawValue)
    insertObservation.bind(5, now.microseconds)
    try insertObservation.run()
  }
}
