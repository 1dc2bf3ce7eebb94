import ArgumentParser
import Calls
import Sidecar
import Store
import Units

struct DeadLettersReplay: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Book refused lines again after a fix, out of their sender's own file.",
    discussion: """
      The ledger keeps no line that it refused, only its hash. This reads files of lines, picks those whose hash \
      is that of a dead letter, and books them; each letter goes in the transaction that books its line. All other \
      lines are passed over: they were booked, or never came. What is refused again keeps its letter. So it \
      can be run twice, and beside a daemon.

      What the sender's hello said of all its lines is not in the file: repeat it with --default.

      Exits with 0, or with 2 when lines were refused again.

      EXAMPLES
        tollbook dead-letters replay /var/log/app/calls.ndjson
        zcat old/*.gz | tollbook dead-letters replay -
        tollbook dead-letters replay --default team=search calls.ndjson
      """)

  @Argument(help: ArgumentHelp("Files of lines; - is standard input.", valueName: "file"))
  var files: [String]
  @Option(help: ArgumentHelp("Folder of price files.", valueName: "dir"))
  var pricing: String?
  @OptionGroup var defaults: LineDefaults
  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    if files.isEmpty { throw CommandFault(misuse: "No file is named.", try: "tollbook dead-letters replay -") }
    let before = try data.reader(surroundings).letterDigests()
    var waiting = before
    var lines = 0
    var matched: [String: Int] = [:]
    var replay: LetterReplay?
    for path in files {
      let file = try LineFile(path: path)
      while try file.next(
        isLast: true,
        { (line) throws(any Error) in
          guard line.contains(where: { $0 > 32 || $0 == 0 }) else { return }
          lines += 1
          let digest = hex(LinePump.digest(of: line))
          guard let count = waiting[digest], count > 0 else { return }
          waiting[digest] = count - 1
          matched[digest, default: 0] += 1
          if replay == nil {
            replay = try LetterReplay(
              data: data.data, pricing: pricing, defaults: try defaults.named, surroundings)
          }
          try replay?.take(line)
        })
      {}
    }
    try replay?.finish()
    let after = try data.reader(surroundings).letterDigests()
    let sent = matched.values.reduce(0, +)
    let kept = matched.reduce(0) { $0 + max(0, (after[$1.key] ?? 0) - ((before[$1.key] ?? 0) - $1.value)) }
    return answer(lines: lines, matched: sent, kept: kept, left: after.values.reduce(0, +))
  }

  private func answer(lines: Int, matched: Int, kept: Int, left: Int) -> Answer {
    let exit: ExitStatus = kept > 0 ? .found : .clean
    if output.json {
      return Answer(
        JSONText.object([
          ("lines", "\(lines)"), ("matched", "\(matched)"), ("settled", "\(matched - kept)"),
          ("refused_again", "\(kept)"), ("unmatched", "\(lines - matched)"), ("dead_letters", "\(left)"),
        ]) + "\n", exit: exit)
    }
    var text =
      "\(NumberText.grouped(Int64(lines))) lines read, \(NumberText.grouped(Int64(matched))) of them refused before: "
      + "\(NumberText.grouped(Int64(matched - kept))) settled, \(NumberText.grouped(Int64(kept))) refused again.\n"
    if lines > matched {
      text += "\(NumberText.grouped(Int64(lines - matched))) lines match no dead letter and were not booked.\n"
    }
    text += "\(NumberText.grouped(Int64(left))) lines remain dead letters.\n"
    return Answer(
      text, hints: kept > 0 ? ["Why: tollbook dead-letters list\(data.hint)"] : [], exit: exit)
  }
}
