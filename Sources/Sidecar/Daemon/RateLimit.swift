/// How many lines a second each user of the host may send, on average.
///
/// A user may run ahead by one second's lines. What is taken at once is never cut, so a user may owe lines; then
/// nothing more of theirs is read until that is made good.
struct RateLimit {
  /// Lines a second for each user; nil for no limit.
  let linesPerSecond: Int?
  /// Users whose lines are counted at once; those that owe nothing are forgotten first.
  static let usersMax = 1_000

  private var users: [Int64: Allowance] = [:]

  /// What a user may send at an instant of the steady clock, in millionths of a line.
  private struct Allowance {
    var microlines: Int64
    var at: Int64
  }

  init(linesPerSecond: Int?) { self.linesPerSecond = linesPerSecond }

  /// Microseconds until the user may send again; nought when that is now.
  mutating func wait(for uid: Int64, at now: Int64) -> Int64 {
    guard let rate = linesPerSecond, uid >= 0 else { return 0 }
    let left = allowance(uid, rate, now).microlines
    return left > 0 ? 0 : -left / Int64(rate) + 1
  }

  /// Counts lines that were taken.
  mutating func charge(_ lines: Int, to uid: Int64, at now: Int64) {
    guard let rate = linesPerSecond, uid >= 0, lines > 0 else { return }
    var left = allowance(uid, rate, now)
    left.microlines -= Int64(lines) * 1_000_000
    if users.count >= Self.usersMax, users[uid] == nil {
      users = users.filter { allowance($0.key, rate, now).microlines <= 0 }
    }
    users[uid] = left
  }

  private func allowance(_ uid: Int64, _ rate: Int, _ now: Int64) -> Allowance {
    let full = Int64(rate) * 1_000_000
    guard let user = users[uid] else { return Allowance(microlines: full, at: now) }
    let (gain, overflows) = (now - user.at).multipliedReportingOverflow(by: Int64(rate))
    return Allowance(microlines: overflows ? full : min(full, user.microlines + gain), at: now)
  }
}
