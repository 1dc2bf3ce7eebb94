import Calls
import Units
import Watch

/// What was set, and where: flags beat the environment, that beats the file, that the defaults.
package struct Configuration: Sendable {
  /// Every setting, in the order that `tollbook config` shows them.
  package enum Key: String, CaseIterable, Sendable {
    case data, socket, datagrams
    case httpSocket = "http_socket"
    case http, forward, pricing, mapping, zone
    case flushMilliseconds = "flush_ms"
    case batchLines = "batch_lines"
    case rateLimit = "rate_limit"
    case userTeams = "uid_teams"
    case watch

    /// The environment's name for it.
    package var environment: String { "TOLLBOOK_" + rawValue.uppercased() }

    package var meaning: String {
      switch self {
      case .data: "folder of the ledger"
      case .socket: "Unix socket that senders write to"
      case .datagrams: "Unix socket for datagrams, or off"
      case .httpSocket: "Unix socket for posts over HTTP, or off"
      case .http: "address of posts, /healthz and /metrics, or off"
      case .forward: "Unix socket for Fluent Forward, or off"
      case .pricing: "folder of price files"
      case .mapping: "file that says how lines of other programs are read"
      case .zone: "time zone of reports"
      case .flushMilliseconds: "milliseconds a line waits for others before its commit"
      case .batchLines: "lines of one commit at most"
      case .rateLimit: "lines a second that a user of the host may send, or 0"
      case .userTeams: "teams of lines without one, by their sender's user id"
      case .watch: "whether spend is watched: on or off"
      }
    }
  }

  package struct Setting: Hashable, Sendable {
    package let value: String
    /// `--data`, `TOLLBOOK_DATA`, `/etc/tollbook/tollbook.conf:3`, `default`.
    package let decidedBy: String
  }

  private let settings: [Key: Setting]
  /// Where alerts go, in the order of the file.
  package let receivers: [Receiver]
  /// Budgets and announced spend, in the order of the file.
  package let budgets: [BudgetLine]
  package let planned: [PlannedWindow]
  /// The lines of both, as they were written: key, value, place.
  package let watched: [(key: String, value: String, place: String)]

  /// Puts together flags, environment, file and defaults.
  ///
  /// `file` is the file's path and text; nil when there is none.
  /// - Throws: ``ConfigurationFaults`` with every mistake of the file.
  package init(
    flags: [Key: String], environment: [String: String], file: (path: String, text: String)?
  ) throws(ConfigurationFaults) {
    var settings: [Key: Setting] = [:]
    var faults: [ConfigurationFault] = []
    var named = NamedLines()
    let fromFile = file.map { Self.read($0.text, path: $0.path, &named, &faults) } ?? [:]
    for key in Key.allCases {
      if let value = flags[key] {
        settings[key] = Setting(value: value, decidedBy: "--" + key.rawValue.replacing("_", with: "-"))
      } else if let value = environment[key.environment], !value.isEmpty {
        settings[key] = Setting(value: value, decidedBy: key.environment)
      } else if let setting = fromFile[key] {
        settings[key] = setting
      }
    }
    if settings[.data] == nil {
      settings[.data] = Setting(value: Self.defaultData(environment), decidedBy: "default")
    }
    let data = settings[.data]?.value ?? ""
    let socket = settings[.socket]?.value ?? data + "/tollbook.sock"
    let defaults: [Key: String] = [
      .socket: socket, .datagrams: Self.datagrams(beside: socket), .httpSocket: Self.http(beside: socket),
      .http: "127.0.0.1:8089", .forward: "off", .pricing: "", .mapping: "", .zone: "UTC", .flushMilliseconds: "50",
      .batchLines: "10000", .rateLimit: "0", .userTeams: "", .watch: "on",
    ]
    for (key, value) in defaults where settings[key] == nil {
      settings[key] = Setting(value: value, decidedBy: "default")
    }
    for (key, range) in Self.ranges {
      guard let setting = settings[key] else { continue }
      if Int(setting.value).map(range.contains) != true {
        faults.append(
          .outOfRange(key.rawValue, value: setting.value, by: setting.decidedBy, range: range))
      }
    }
    if let setting = settings[.userTeams], !setting.value.isEmpty, UserTeams(setting.value) == nil {
      faults.append(.badTeams(value: setting.value, by: setting.decidedBy))
    }
    if let setting = settings[.watch], !["on", "off"].contains(setting.value) {
      faults.append(.notOnOrOff("watch", value: setting.value, by: setting.decidedBy))
    }
    guard faults.isEmpty else { throw ConfigurationFaults(faults: faults) }
    self.settings = settings
    receivers = named.receivers
    budgets = named.budgets
    planned = named.planned
    watched = named.written
  }

  /// `tollbook.dgram` beside `tollbook.sock`.
  private static func datagrams(beside socket: String) -> String {
    (socket.hasSuffix(".sock") ? String(socket.dropLast(5)) : socket) + ".dgram"
  }

  /// `http.sock` in the folder of `tollbook.sock`; beside another socket `.http` for `.sock`.
  private static func http(beside socket: String) -> String {
    let folder = socket.lastIndex(of: "/").map { socket[...$0] } ?? ""
    if socket.dropFirst(folder.count) == "tollbook.sock" { return folder + "http.sock" }
    return (socket.hasSuffix(".sock") ? String(socket.dropLast(5)) : socket) + ".http"
  }

  /// What numbers may be.
  private static let ranges: [(Key, ClosedRange<Int>)] = [
    (.flushMilliseconds, 1...10_000), (.batchLines, 1...50_000), (.rateLimit, 0...10_000_000),
  ]

  package subscript(key: Key) -> Setting {
    settings[key] ?? Setting(value: "", decidedBy: "default")
  }

  package func number(_ key: Key) -> Int { Int(self[key].value) ?? 0 }

  /// Where a configuration file may be, the first found is read: `TOLLBOOK_CONFIG`, the user's, the
  /// system's.
  package static func places(_ environment: [String: String]) -> [String] {
    if let named = environment["TOLLBOOK_CONFIG"], !named.isEmpty { return [named] }
    let home = environment["HOME"].map { $0 + "/.config" }
    let user = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home
    return [user.map { $0 + "/tollbook/tollbook.conf" }, "/etc/tollbook/tollbook.conf"]
      .compactMap { $0 }
  }

  /// systemd's own folder for state, `$XDG_STATE_HOME/tollbook`, or `~/.local/state/tollbook`.
  private static func defaultData(_ environment: [String: String]) -> String {
    if let state = environment["STATE_DIRECTORY"], !state.isEmpty { return state }
    if let state = environment["XDG_STATE_HOME"], !state.isEmpty { return state + "/tollbook" }
    return (environment["HOME"] ?? "/var/lib") + "/.local/state/tollbook"
  }

  /// Reads `key = value` lines; `#` begins a comment.
  private static func read(
    _ text: String, path: String, _ named: inout NamedLines, _ faults: inout [ConfigurationFault]
  ) -> [Key: Setting] {
    var settings: [Key: Setting] = [:]
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let content = trimmed(line.prefix { $0 != "#" })
      if content.isEmpty { continue }
      let place = "\(path):\(number + 1)"
      guard let equals = content.firstIndex(of: "=") else {
        faults.append(.noEquals(place))
        continue
      }
      let name = trimmed(content[..<equals])
      let value = trimmed(content[content.index(after: equals)...])
      if named.take(name, value, place, &faults) { continue }
      guard let key = Key(rawValue: name) else {
        faults.append(
          .unknownKey(name, place, nearest: nearest(to: name, in: Key.allCases.map(\.rawValue))))
        continue
      }
      if let earlier = settings[key] {
        faults.append(.twice(name, place, other: earlier.decidedBy))
      }
      settings[key] = Setting(value: value, decidedBy: place)
    }
    return settings
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var text = text[...]
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
