import ArgumentParser
import Calls

/// What all lines of an input have in common, where they do not say it themselves.
struct LineDefaults: ParsableArguments {
  @Option(
    name: .customLong("default"),
    help: ArgumentHelp(
      "A field that lines leave out: team, project, route, provider, model, …",
      valueName: "name=value"))
  var pairs: [String] = []

  /// The fields by name.
  var named: [String: String] {
    get throws {
      var named: [String: String] = [:]
      for pair in pairs {
        let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, CallDefaults.names.contains(parts[0]) else {
          throw ValidationError(
            "--default '\(pair)' is no field of a line. Write name=value with one of "
              + CallDefaults.names.joined(separator: ", ") + ".")
        }
        named[parts[0]] = parts[1]
      }
      return named
    }
  }
}
