import ArgumentParser
import Calls
import Foundation
import Rates
import Sidecar
import Store
import Units
import Watch

/// Reads the configuration and the price files that it names.
enum Settings {
  /// Flags over environment over file over defaults.
  ///
  /// - Throws: ``ConfigurationFaults``, or ``CommandFault`` when a file that was named is not there.
  static func load(
    flags: [Configuration.Key: String?] = [:], _ surroundings: Surroundings
  ) throws -> Configuration {
    try Configuration(
      flags: flags.compactMapValues { $0 }, environment: surroundings.environment,
      file: file(surroundings.environment))
  }

  /// The first configuration file there is.
  private static func file(
    _ environment: [String: String]
  ) throws -> (path: String, text: String)? {
    let isNamed = environment["TOLLBOOK_CONFIG"].map { !$0.isEmpty } ?? false
    for path in Configuration.places(environment) {
      if let text = try? String(contentsOfFile: path, encoding: .utf8) { return (path, text) }
      if isNamed {
        throw CommandFault(
          "The configuration \(path), named by TOLLBOOK_CONFIG, cannot be read.",
          try: "ls -l \(ShellText.quoted(path))")
      }
    }
    return nil
  }

  /// The folder of price files in force.
  static func pricing(_ configuration: Configuration) -> PricingFolder {
    let setting = configuration[.pricing]
    if !setting.value.isEmpty {
      return PricingFolder(path: setting.value, decidedBy: setting.decidedBy)
    }
    return PricingFolder.find(
      flag: nil, environment: nil, configuration: nil, binary: Bundle.main.executablePath)
  }

  /// Reads the mapping file, or tells every mistake in it; none where none is set.
  static func mappings(_ configuration: Configuration) throws(LineMappingFaults) -> LineMappings {
    let path = configuration[.mapping].value
    return path.isEmpty ? .none : try MappingFile(path: path).load()
  }

  /// What the watch goes by in a zone, whose hours and months it keeps.
  static func watch(_ configuration: Configuration, zone name: String) throws -> WatchSettings {
    // A zone that is misspelt is told with its nearest.
    _ = try ZoneCalendar(named: name)
    var settings = WatchSettings()
    settings.zone = ZoneFiles.offsets(of: name) ?? .utc
    settings.budgets = configuration.budgets.compactMap { $0.budget(in: settings.zone) }
    settings.planned = configuration.planned
    return settings
  }

  /// The receivers of alerts with what their files hold, or every mistake in those.
  static func receivers(
    _ configuration: Configuration
  ) throws(ConfigurationFaults) -> [(Receiver, ReceiverAccess)] {
    var read: [(Receiver, ReceiverAccess)] = []
    var faults: [ConfigurationFault] = []
    for receiver in configuration.receivers {
      do throws(ReceiverFault) {
        read.append((receiver, try receiver.access()))
      } catch {
        faults.append(.receiver(receiver.name, place: receiver.place, error))
      }
    }
    guard faults.isEmpty else { throw ConfigurationFaults(faults: faults) }
    return read
  }

  /// Reads all price files, or tells every mistake in them.
  static func rates(_ folder: PricingFolder) throws(RateFaults) -> RateBook {
    try folder.load(builtIn: CarriedFile.pricing.map { ($0.name, $0.text) }, zones: ZoneFiles.offsets)
  }
}
