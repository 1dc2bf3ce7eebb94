import ArgumentParser
import CSystem
import Calls
import Foundation
import Rates
import Sidecar
import Store
import Units

struct IngestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Book the lines of files, without a daemon or through one.",
    discussion: """
      Writes into the ledger itself; when a daemon holds the ledger, or with --socket, it sends the \
      lines to the daemon and waits until they are on disk. Either way the same is booked. A line \
      with an id is booked once, however often it comes.

      --follow goes on reading as the file grows, and through its rotations: a renamed file is read \
      on beside the new one until it has not grown for 5 seconds. How far each file is booked \
      stands in the ledger, so it can be stopped and started again, with a daemon or without; a \
      daemon that restarts is waited for. Give the file by the same path each time.

      Exits with 0, or with 2 when lines were refused: `tollbook dead-letters list` says why.

      EXAMPLES
        tollbook ingest calls.ndjson
        zcat old/*.gz | tollbook ingest -
        tollbook ingest --follow /var/log/app/calls.ndjson
        tollbook ingest --follow --socket /run/tollbook/tollbook.sock app.ndjson
        tollbook ingest --default provider=openai --default team=search responses.jsonl
        tollbook ingest --socket /run/tollbook/tollbook.sock --client import-1 calls.ndjson
      """)

  @Argument(help: ArgumentHelp("Files of lines; - is standard input.", valueName: "file"))
  var files: [String]
  @Option(help: ArgumentHelp("Folder of the ledger.", valueName: "dir"))
  var data: String?
  @Option(help: ArgumentHelp("Folder of price files.", valueName: "dir"))
  var pricing: String?
  @Option(help: ArgumentHelp("File that says how lines of other programs are read.", valueName: "file"))
  var mapping: String?
  @Option(help: ArgumentHelp("Send to the daemon at this socket.", valueName: "path"))
  var socket: String?
  @Option(help: ArgumentHelp("Name to send under; with --epoch it makes lines resumable.", valueName: "name"))
  var client: String?
  @Option(help: ArgumentHelp("Which run of the client this is (default: now).", valueName: "n"))
  var epoch: Int64?
  @Flag(help: "Go on as the file grows and rotates, until SIGTERM or SIGINT.")
  var follow = false
  @OptionGroup var defaults: LineDefaults
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if files.isEmpty { throw ValidationError("Name a file, or - for standard input.") }
    if follow, files.count != 1 || files[0] == "-" {
      throw ValidationError("--follow takes one file.")
    }
    _ = try defaults.named
    if follow, client != nil || epoch != nil {
      throw ValidationError("--follow names its sender after the file; leave --client and --epoch out.")
    }
    if let epoch, epoch < 0 { throw ValidationError("--epoch is a whole number, nought or more.") }
  }

  func run() throws {
    let surroundings = Surroundings.ofProcess()
    let configuration = try Settings.load(
      flags: [.data: data, .pricing: pricing, .mapping: mapping, .socket: socket], surroundings)
    if let socket { return try hand(to: socket, surroundings) }
    let rates = try Settings.rates(Settings.pricing(configuration))
    guard let feed = try openFeed(configuration, rates) else {
      return try hand(to: configuration[.socket].value, surroundings)
    }
    defer { feed.close() }
    if follow {
      let books = LedgerFileFeed(feed, path: files[0], defaults: CallDefaults(try defaults.named))
      try FileFollower(path: files[0], feed: books, stop: StopSignal()).run()
    } else {
      for file in files { try book(file, feed, surroundings) }
    }
    try feed.commit()
    try finish(feed.tally, surroundings)
  }

  // MARK: - Into the ledger

  /// The ledger, or nil when a daemon holds it and listens on its socket.
  private func openFeed(_ configuration: Configuration, _ rates: RateBook) throws -> LedgerFeed? {
    let mappings = try Settings.mappings(configuration)
    do {
      return try LedgerFeed(
        folder: configuration[.data].value, rates: rates, mappings: mappings,
        batchLines: configuration.number(.batchLines))
    } catch {
      guard case .locked = error, tb_path_kind(configuration[.socket].value) == 1 else {
        throw error
      }
      return nil
    }
  }

  private func book(_ path: String, _ feed: LedgerFeed, _ surroundings: Surroundings) throws {
    let file = try LineFile(path: path)
    var bar = ProgressBar(name: path, size: file.size, surroundings)
    var source = LinePump.Source()
    source.defaults = CallDefaults(try defaults.named)
    source.connection = 0
    defer { feed.leave(source) }
    while try file.next(
      isLast: true, { (line) throws(StoreFault) in try feed.take(line, from: source) })
    {
      bar.reached(file.offset, lines: feed.tally.lines)
    }
    bar.finish()
  }

  private func finish(_ tally: IngestTally, _ surroundings: Surroundings) throws {
    let refused = tally.refused.values.reduce(0, +)
    if output.json {
      let reasons = tally.refused.sorted { $0.key.rawValue < $1.key.rawValue }
      print(
        JSONText.object([
          ("lines", "\(tally.lines)"), ("booked", "\(tally.booked)"),
          ("duplicates", "\(tally.duplicates)"), ("observed", "\(tally.observed)"), ("unpriced", "\(tally.unpriced)"),
          ("passed_over", "\(tally.passedOver)"),
          (
            "ignored",
            JSONText.object(
              tally.ignored.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key.rawValue, "\($0.value)") })
          ),
          ("refused", JSONText.object(reasons.map { ($0.key.rawValue, "\($0.value)") })),
        ]))
    } else {
      var words = ["\(tally.lines) lines", "\(tally.booked) calls booked"]
      if tally.duplicates > 0 { words.append("\(tally.duplicates) booked before") }
      if tally.observed > 0 { words.append("\(tally.observed) told of by another before") }
      if tally.unpriced > 0 { words.append("\(tally.unpriced) without a price") }
      if tally.passedOver > 0 { words.append("\(tally.passedOver) passed over") }
      if refused > 0 { words.append("\(refused) refused") }
      print(words.joined(separator: ", ") + ".")
    }
    if refused > 0 {
      if surroundings.errorIsTerminal {
        FileHandle.standardError.write(Data("Why: tollbook dead-letters list\n".utf8))
      }
      throw ExitCode(ExitStatus.found.rawValue)
    }
  }
}
