import ArgumentParser

/// Measures what the project promises, each figure beside what it is held against.
@main struct Tollbench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tollbench",
    abstract: "Measure what the project promises, each figure beside what it is held against.",
    subcommands: [DaemonBench.self, NeighbourBench.self, WatchBench.self], defaultSubcommand: DaemonBench.self)
}
