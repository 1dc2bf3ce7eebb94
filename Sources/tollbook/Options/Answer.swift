import ArgumentParser
import Foundation
import Units

/// What a command has to say, before any of it is printed.
struct Answer {
  /// For stdout: the answer itself.
  var out: String
  /// For stderr when a person looks on: what to do next.
  var hints: [String] = []
  var exit = ExitStatus.clean

  init(_ out: String, hints: [String] = [], exit: ExitStatus = .clean) {
    self.out = out
    self.hints = hints
    self.exit = exit
  }
}

/// How a command ended, in the numbers that scripts read.
enum ExitStatus: Int32 {
  case clean = 0
  case failed = 1
  /// Done, and something was found that wants a person.
  case found = 2
  case misused = 64
}

/// What a command knows of the world around it.
struct Surroundings: Sendable {
  var environment: [String: String] = [:]
  var outIsTerminal = false
  var errorIsTerminal = false
  var now = Timestamp(microseconds: 0)
  /// Takes a line that replaces the one before, on a terminal; for work that lasts.
  var progress: @Sendable (String) -> Void = { _ in }

  /// The process's own.
  static func ofProcess() -> Surroundings {
    var surroundings = Surroundings()
    surroundings.environment = ProcessInfo.processInfo.environment
    surroundings.outIsTerminal = isatty(STDOUT_FILENO) == 1
    surroundings.errorIsTerminal = isatty(STDERR_FILENO) == 1
    var clock = timespec()
    clock_gettime(CLOCK_REALTIME, &clock)
    surroundings.now = Timestamp(
      microseconds: Int64(clock.tv_sec) * 1_000_000 + Int64(clock.tv_nsec) / 1000)
    if surroundings.errorIsTerminal {
      surroundings.progress = { line in
        FileHandle.standardError.write(Data("\r\u{1B}[K\(line)".utf8))
      }
    }
    return surroundings
  }
}

/// A command that looks, prints and exits.
protocol AnsweringCommand: ParsableCommand {
  /// - Throws: ``CommandFault``, or a fault of a module below.
  func answer(_ surroundings: Surroundings) throws -> Answer
}

extension AnsweringCommand {
  func run() throws {
    let surroundings = Surroundings.ofProcess()
    let answer = try answer(surroundings)
    FileHandle.standardOutput.write(Data(answer.out.utf8))
    if surroundings.errorIsTerminal {
      for hint in answer.hints { FileHandle.standardError.write(Data("\n\(hint)\n".utf8)) }
    }
    if answer.exit != .clean { throw ExitCode(answer.exit.rawValue) }
  }
}
