/// Which team a line belongs to that names none, by the user of the host who sent it: `1000:search, 1001:ads`.
package struct UserTeams: Hashable, Sendable {
  package let teams: [Int64: String]
  /// Users at most.
  package static let usersMax = 1_000
  /// Bytes of a team's name.
  package static let teamBytesMax = 128

  package static let none = UserTeams(teams: [:])

  private init(teams: [Int64: String]) { self.teams = teams }

  /// Nil when the text is no list of users' numbers and teams, or has a user twice.
  package init?(_ text: String) {
    var teams: [Int64: String] = [:]
    for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = pair.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(Self.trimmed)
      guard sides.count == 2, let uid = UInt32(sides[0]), teams[Int64(uid)] == nil,
        (1...Self.teamBytesMax).contains(sides[1].utf8.count)
      else { return nil }
      teams[Int64(uid)] = sides[1]
    }
    guard teams.count <= Self.usersMax else { return nil }
    self.teams = teams
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
