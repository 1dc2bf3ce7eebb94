/// What a person has chosen to look at.
struct TopView: Equatable {
  /// By what spend is broken down.
  enum Grouping: CaseIterable {
    case team, model, key

    var name: String {
      switch self {
      case .team: "team"
      case .model: "model"
      case .key: "key"
      }
    }
  }

  /// Over how long.
  enum Window: CaseIterable {
    case minutes, hour, day

    var name: String {
      switch self {
      case .minutes: "5 min"
      case .hour: "hour"
      case .day: "24 h"
      }
    }

    /// As JSON has it.
    var member: String {
      switch self {
      case .minutes: "5m"
      case .hour: "1h"
      case .day: "24h"
      }
    }
  }

  /// What a key asks for.
  enum Press {
    case quit, change, nothing
  }

  var grouping = Grouping.team
  var window = Window.hour

  mutating func press(_ byte: UInt8) -> Press {
    switch byte {
    // Control-C and control-D, where the terminal hands them on as bytes.
    case UInt8(ascii: "q"), UInt8(ascii: "Q"), 3, 4: return .quit
    case UInt8(ascii: "t"): grouping = .team
    case UInt8(ascii: "m"): grouping = .model
    case UInt8(ascii: "k"): grouping = .key
    case UInt8(ascii: "5"): window = .minutes
    case UInt8(ascii: "h"): window = .hour
    case UInt8(ascii: "d"): window = .day
    // Any other key has what is shown drawn anew.
    default: return .nothing
    }
    return .change
  }
}
