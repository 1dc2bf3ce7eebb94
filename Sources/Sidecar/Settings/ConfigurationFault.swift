/// A mistake in the configuration.
package enum ConfigurationFault: Error, Hashable, Sendable, CustomStringConvertible {
  case noEquals(String)
  case unknownKey(String, String, nearest: String?)
  case twice(String, String, other: String)
  case badTeams(value: String, by: String)
  case receiver(String, place: String, ReceiverFault)
  /// A line of a budget or a planned window, by its whole name.
  case watch(String, place: String, WatchLineFault)
  case notOnOrOff(String, value: String, by: String)
  case outOfRange(String, value: String, by: String, range: ClosedRange<Int>)

  package var description: String {
    switch self {
    case .noEquals(let place): "\(place): the line has no '='. Write key = value."
    case .unknownKey(let name, let place, let nearest):
      "\(place): '\(name)' is no setting."
        + (nearest.map { " Did you mean '\($0)'?" } ?? " `tollbook config` lists them.")
    case .twice(let name, let place, let other):
      "\(place): '\(name)' was set before, at \(other). Delete one."
    case .badTeams(let value, let by):
      "'uid_teams' is \(value), set by \(by). Write a user's number, a colon and a team, with commas between: "
        + "1000:search, 1001:ads."
    case .receiver(let name, let place, let fault): "\(place): receiver.\(name): \(fault)"
    case .watch(let name, let place, let fault): "\(place): \(name): \(fault)"
    case .notOnOrOff(let name, let value, let by): "'\(name)' is \(value), set by \(by). Write on or off."
    case .outOfRange(let name, let value, let by, let range):
      "'\(name)' is \(value), set by \(by). Write a whole number of \(range.lowerBound) to \(range.upperBound)."
    }
  }
}

/// Every mistake of the configuration.
package struct ConfigurationFaults: Error, Sendable, CustomStringConvertible {
  package let faults: [ConfigurationFault]

  package init(faults: [ConfigurationFault]) { self.faults = faults }

  package var description: String { faults.map(\.description).joined(separator: "\n") }
}
