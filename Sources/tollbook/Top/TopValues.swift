import Audit
import Sidecar
import Units

/// What is being spent, at one instant: all that a frame of `top` shows.
struct TopValues {
  /// An incident that is open.
  struct Incident: Equatable {
    let id: String
    let severity: String
    let rule: String
    /// `team=search model=large`.
    let labels: String
    let since: Timestamp
    let excess: Amount
    let ackedBy: String?
    let isSilenced: Bool
  }

  /// What calls came to over some time, and whose they were.
  struct Window {
    /// Unit: microseconds.
    let length: Int64
    let rankings: [TopView.Grouping: SpendRanking]

    var total: SpendSums { rankings[.team]?.total ?? SpendSums() }

    /// What an hour costs at this rate, rounded half to even; nil when it cannot be held.
    var hourly: Amount? {
      let value = Int128(total.cost) * Int128(Timestamp.microsecondsPerHour)
      return Int64(exactly: Rounding.halfEven.divide(value, by: Int128(length))).map(Amount.init(nanos:))
    }

    /// Calls a second in tenths, rounded half to even.
    var callTenths: Int128 {
      Rounding.halfEven.divide(
        Int128(total.calls) * 10 * Int128(Timestamp.microsecondsPerSecond), by: Int128(length))
    }
  }

  let now: Timestamp
  /// The instant on the zone's clocks, as people read it.
  let clock: String
  let folder: String
  let daemon: DaemonSockets.State
  let today: SpendSums
  let month: SpendSums
  let windows: [TopView.Window: Window]
  /// What an hour can be expected to cost; nil before there is a week of calls.
  let expected: Amount?
  /// Open ones: the most urgent first, then the latest.
  let incidents: [Incident]
  /// The last hour had more calls than were read: its sums are of the latest alone.
  let isCut: Bool
}
