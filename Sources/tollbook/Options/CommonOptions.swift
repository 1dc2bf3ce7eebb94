import ArgumentParser
import Sidecar
import Store

/// Which ledger is meant.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Folder of the ledger.",
      discussion: "Default: TOLLBOOK_DATA, then the configuration, then the folder for state.",
      valueName: "dir"))
  var data: String?

  /// The ledger, opened to read.
  func reader(_ surroundings: Surroundings) throws -> LedgerReader {
    try LedgerReader(folder: folder(surroundings))
  }

  func folder(_ surroundings: Surroundings) throws -> String {
    try Settings.load(flags: [.data: data], surroundings)[.data].value
  }

  /// `--data DIR` as the user gave it, for hints; with a space before it, or nothing.
  var hint: String { data.map { " --data \(ShellText.quoted($0))" } ?? "" }
}

/// How an answer is written.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Write JSON, whose form is promised (docs/cli.md).")
  var json = false

  @Flag(help: "Write without colour.")
  var noColor = false

  func paint(_ surroundings: Surroundings) -> Paint {
    Paint(
      terminal: surroundings.outIsTerminal, environment: surroundings.environment, noColor: noColor)
  }
}
