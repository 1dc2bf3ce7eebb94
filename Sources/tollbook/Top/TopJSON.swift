import Audit
import Sidecar
import Units

extension TopValues {
  /// The values as `top --json` promises them; docs/cli.md names each member.
  var json: String {
    JSONText.object([
      ("at", JSONText.quoted("\(now)")), ("data", JSONText.quoted(folder)), ("currency", JSONText.quoted("USD")),
      ("daemon", daemonJSON), ("today", JSONText.object(Self.members(today))),
      ("month", JSONText.object(Self.members(month))),
      (
        "rate",
        JSONText.object([
          ("now", JSONText.optional(windows[.minutes]?.hourly.map { "\($0)" })),
          ("last_hour", JSONText.quoted("\(windows[.hour]?.total.costAmount ?? .zero)")),
          ("expected", JSONText.optional(expected.map { "\($0)" })),
          (
            "calls_per_second",
            JSONText.optional(windows[.minutes].map { DecimalText.fixed($0.callTenths, decimals: 1) })
          ), ("last_hour_is_whole", "\(!isCut)"),
        ])
      ),
      (
        "windows",
        JSONText.object(
          TopView.Window.allCases.compactMap { window in
            windows[window].map { (window.member, Self.json($0)) }
          })
      ), ("incidents", JSONText.array(incidents.map(\.json))),
    ])
  }

  private var daemonJSON: String {
    let (state, reason): (String, String?) =
      switch daemon {
      case .says(let word, let reason): (word, reason)
      case .listens: ("listens", nil)
      case .absent: ("absent", nil)
      }
    return JSONText.object([("state", JSONText.quoted(state)), ("reason", JSONText.optional(reason))])
  }

  private static func members(_ sums: SpendSums) -> [(name: String, json: String)] {
    [
      ("calls", "\(sums.calls)"), ("errors", "\(sums.errors)"), ("unpriced", "\(sums.unpriced)"),
      ("cost", JSONText.quoted("\(sums.costAmount)")),
    ]
  }

  private static func json(_ window: Window) -> String {
    JSONText.object(
      [("seconds", "\(window.length / Timestamp.microsecondsPerSecond)")] + members(window.total)
        + TopView.Grouping.allCases.map { grouping in
          let rows = window.rankings[grouping]?.rows ?? []
          return (
            grouping.name + "s",
            JSONText.array(
              rows.map { JSONText.object([("name", JSONText.quoted($0.name))] + members($0.sums)) })
          )
        })
  }
}

extension TopValues.Incident {
  fileprivate var json: String {
    JSONText.object([
      ("id", JSONText.quoted(id)), ("severity", JSONText.quoted(severity)), ("rule", JSONText.quoted(rule)),
      ("labels", JSONText.quoted(labels)), ("since", JSONText.quoted("\(since)")),
      ("excess", JSONText.quoted("\(excess)")), ("acked_by", JSONText.optional(ackedBy)),
      ("silenced", "\(isSilenced)"),
    ])
  }
}
