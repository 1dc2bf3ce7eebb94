import ArgumentParser

struct CompletionsCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Write the completions of a shell.",
    discussion: """
      EXAMPLES
        tollbook completions bash > /etc/bash_completion.d/tollbook
        tollbook completions zsh > ~/.zfunc/_tollbook
        tollbook completions fish > ~/.config/fish/completions/tollbook.fish
      """)

  @Argument(help: ArgumentHelp("bash, zsh or fish.", valueName: "shell"))
  var shell: Shell

  enum Shell: String, CaseIterable, ExpressibleByArgument {
    case bash, zsh, fish
  }

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let script =
      switch shell {
      case .bash: Tollbook.completionScript(for: .bash)
      case .zsh: Tollbook.completionScript(for: .zsh)
      case .fish: Tollbook.completionScript(for: .fish)
      }
    return Answer(script + "\n")
  }
}
