import Testing

@testable import tollbook

@Suite struct CompletionsTests {
  @Test(arguments: ["bash", "zsh", "fish"])
  func `each shell gets completions of every command`(shell: String) throws {
    let script = try SampleLedger.ask(["completions", shell], Surroundings()).out
    for command in ["spend", "compare", "calls", "verify", "export", "rates", "dead-letters"] {
      #expect(script.contains(command))
    }
  }
}
