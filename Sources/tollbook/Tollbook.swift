import ArgumentParser
import Foundation

/// The command line: one command a file.
@main struct Tollbook: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "tollbook",
    abstract: "Who spent what on model calls, through which router, to the nano-dollar.",
    discussion: """
      A daemon reads one log line a call from a Unix socket, prices it by the rate card in force \
      and books it in double entry. The other commands ask the books.

      EXAMPLES
        tollbook serve
        tollbook ingest calls.ndjson
        tollbook spend --by team,model --from 2026-11 --to 2026-12
        tollbook compare
      """,
    version: version,
    groupedSubcommands: [
      CommandGroup(name: "Booking", subcommands: [ServeCommand.self, IngestCommand.self]),
      CommandGroup(
        name: "Reporting",
        subcommands: [
          SpendCommand.self, CompareCommand.self, DriftCommand.self, CallsCommand.self, TopCommand.self,
          BacktestCommand.self,
        ]),
      CommandGroup(name: "Alerting", subcommands: [AlertsCommand.self]),
      CommandGroup(
        name: "Bookkeeping",
        subcommands: [
          StatusCommand.self, CreditsCommand.self, VerifyCommand.self, ExportCommand.self,
          RepriceCommand.self, DeadLettersCommand.self,
        ]),
      CommandGroup(name: "Pricing", subcommands: [PriceCommand.self, RatesCommand.self]),
      CommandGroup(
        name: "Set-up", subcommands: [ConfigCommand.self, CompletionsCommand.self]),
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      end(with: error)
    }
    leave(0)
  }

  /// Ends the process and writes out what was printed, but runs nothing that others left to be run at the end.
  ///
  /// A thread may still be at work: one reads price files when another finds the ledger locked. The
  /// libraries' own cleaning up would take away under it what it works with.
  private static func leave(_ status: Int32) -> Never {
    fflush(nil)
    _exit(status)
  }

  /// Prints what went wrong, and leaves with the code that says so.
  private static func end(with error: any Error) -> Never {
    let code = exitCode(for: error)
    if error is ExitCode { leave(code.rawValue) }
    if code.isSuccess { exit(withError: error) }
    let fault =
      code == .validationFailure ? CommandFault(ofCommandLine: error) : CommandFault(error)
    FileHandle.standardError.write(Data(fault.description.utf8))
    leave(fault.exit.rawValue)
  }
}
