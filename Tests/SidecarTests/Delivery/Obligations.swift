/// What the ledger owes: the calls that were acknowledged, among those that were ever sent.
///
/// A call is told by its count of input tokens, which no other call has; so its amount is known too: 2 dollars a
/// million, 2,000 nanodollars a token.
struct Obligations {
  /// How often each call was handed to the daemon, by whatever way.
  private(set) var sent: [Int: Int] = [:]
  /// Calls that are on disk, as the daemon said.
  private(set) var owed: Set<Int> = []

  /// What was done to the daemon and its senders, and how often.
  var exercised: [Exercise: Int] = [:]

  enum Exercise: String, CaseIterable {
    case acknowledged, kills, hangs, reconnections, replayedSpools, secondEpochs, secondSenders, tornLines
    case cutWrites, slowReadings, posts, postsAskedAnew, plainPosts, plainLines, datagrams
    case clockSteps
  }

  mutating func did(_ exercise: Exercise, _ times: Int = 1) { exercised[exercise, default: 0] += times }

  mutating func send(_ call: Int) { sent[call, default: 0] += 1 }

  mutating func acknowledge(_ call: Int) {
    if owed.insert(call).inserted { did(.acknowledged) }
  }

  /// A row of the ledger.
  struct Row: Hashable {
    var call: Int
    var amount: Int
  }

  /// What is wrong with the ledger; empty where every debt is paid and nothing was invented.
  func faults(in rows: [Row]) -> [String] {
    var faults: [String] = []
    var times: [Int: Int] = [:]
    for row in rows {
      times[row.call, default: 0] += 1
      if sent[row.call] == nil { faults.append("\(row.call) was never sent") }
      if row.amount != row.call * 2_000 { faults.append("\(row.call) has the amount \(row.amount)") }
    }
    for (call, count) in times where count > 1 { faults.append("\(call) is booked \(count) times") }
    for call in owed where times[call] == nil { faults.append("\(call) was acknowledged and is not booked") }
    return faults.sorted()
  }

  /// What was done less often than `least`: a run that proves nothing.
  func missing(_ least: Int, but skipped: Set<Exercise> = []) -> [String] {
    Exercise.allCases.filter { !skipped.contains($0) && exercised[$0, default: 0] < least }
      .map { "\($0): \(exercised[$0, default: 0])" }
  }
}
