import Units

/// One model call, as sound values: what a log line becomes.
///
/// Holds no text, so that a million of them cost no allocation: names stand in the
/// ``SubjectTable``, rare details as JSON in the decoder's ``CallDecoder/details``.
package struct Call: Sendable {
  /// 64-bit digest of the caller's `id`, or of the provider's where the caller gave none; 0 for
  /// neither.
  package var key: UInt64 = 0
  /// Digest of the provider's own id for the call, the join to the bill; 0 for none.
  package var reference: UInt64 = 0
  /// When the call began.
  package var at = Timestamp(microseconds: 0)
  /// Index in the ``SubjectTable``.
  package var subject: Int32 = 0
  package var usage = Usage()
  package var outcome = Outcome.ok
  package var flags: CallFlags = []
  /// HTTP status; 0 when none was stated.
  package var httpStatus: Int16 = 0
  /// Milliseconds from start to end; -1 when not stated.
  package var latencyMilliseconds: Int32 = -1
  /// `x-fal-billable-units` in millionths: a quantity in the unit that the model is billed by; -1
  /// for none.
  package var billableMicros: Int64 = -1
  /// Where this call's rare details lie in ``CallDecoder/details``.
  package var details: Range<Int32> = 0..<0
  /// Which shape of another program its line is of; 0 for a line of our own or a bare response.
  package var shape: UInt16 = 0
  /// The line's number in acknowledged mode; 0 in plain mode.
  package var number: Int64 = 0

  package init() {}

  /// Forgets the call, to take up the next.
  mutating func clear() { self = Call() }
}

/// How a call ended.
package enum Outcome: UInt8, Hashable, Sendable {
  case ok = 0
  case error = 1
  case canceled = 2
}

/// What was noticed about a call while reading it.
///
/// Kept with the call, never mended.
package struct CallFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The usage contradicts itself: a part exceeds its whole, or the total is no sum of its parts.
  package static let contradictory = CallFlags(rawValue: 1 << 0)
  /// The usage has a count that this version cannot place in a meter.
  package static let unknownUsage = CallFlags(rawValue: 1 << 1)
  /// Cache writes came without their lifetime.
  package static let cacheLifetimeUnknown = CallFlags(rawValue: 1 << 2)
  /// The line's time was absent; the time of arrival stands in.
  package static let timeOfArrival = CallFlags(rawValue: 1 << 3)
  /// The provider was not stated and was found by the model's only issuer.
  package static let providerInferred = CallFlags(rawValue: 1 << 4)
  /// The call streamed; a later line with larger usage adds to it.
  package static let stream = CallFlags(rawValue: 1 << 5)
  /// The key is the provider's id, not the caller's.
  package static let providerKey = CallFlags(rawValue: 1 << 6)
  /// The header and the line name different providers; the header's was taken.
  package static let providerDiffers = CallFlags(rawValue: 1 << 7)
  /// The usage was worked out from what was asked for (`params`), not from what was served.
  package static let fromParameters = CallFlags(rawValue: 1 << 9)
  /// The usage shape belongs to two dialects that count caches differently.
  package static let ambiguousDialect = CallFlags(rawValue: 1 << 8)

  /// Counted at the start of its stream; a later row has the end, and without one it broke off.
  package static let streamStart = CallFlags(rawValue: 1 << 10)

  /// Usage that the amount cannot wholly cover.
  package static let incomplete = CallFlags(
    rawValue: unknownUsage.rawValue | cacheLifetimeUnknown.rawValue)
  /// What a call's details do not repeat, because a column or nothing at all depends on it.
  static let untold = CallFlags(
    rawValue: stream.rawValue | providerKey.rawValue | timeOfArrival.rawValue)

  /// Name of each flag, as reports and the ledger write it.
  package static let names: [(flag: CallFlags, name: String)] = [
    (.contradictory, "contradictory_usage"), (.unknownUsage, "unknown_usage"),
    (.cacheLifetimeUnknown, "cache_lifetime_unknown"), (.timeOfArrival, "time_of_arrival"),
    (.providerInferred, "provider_inferred"), (.stream, "stream"),
    (.providerKey, "provider_key"), (.providerDiffers, "provider_differs"),
    (.ambiguousDialect, "ambiguous_dialect"), (.fromParameters, "from_parameters"),
    (.streamStart, "stream_start"),
  ]
}
