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
      lines to the daemon and waits until they are on disk. A line with an id is booked once, \
      however often it comes.

      --follow goes on reading as the file grows, and through its rotation; it remembers in the \
      ledger how far each file is booked, so it can be stopped and started again.

      Exits with 0, or with 2 when lines were refused: `tollbook dead-letters list` says why.

      EXAMPLES
        tollbook ingest calls.ndjson
        zcat old/*.gz | tollbook ingest -
        tollbook ingest --follow /var/log/app/calls.ndjson
        tollbook ingest --default provider=openai --default team=search responses.jsonl
        tollbook ingest --socket /run/tollbook/tollbook.sock --client import-1 calls.ndjson
      """)

  @Argument(help: ArgumentHelp("Files of lines; - is standard input.", valueName: "file"))
  var files: [String]
  @Option(help: ArgumentHelp("Folder of the ledger.", valueName: "dir"))
  var data: String?
  @Option(help: ArgumentHelp("Folder of price files.", valueName: "dir"))
  var pricing: String?
  @Option(help: ArgumentHelp("Send to the daemon at this socket.", valueName: "path"))
  var socket: String?
  @Option(help: ArgumentHelp("Name to send under; with --epoch it makes lines resumable.", valueName: "name"))
  var client: String?
  @Option(help: ArgumentHelp("Which run of the client this is (default: now).", valueName: "n"))
  var epoch: Int64?
  @Flag(help: "Go on as the file grows.")
  var follow = false
  @OptionGroup var defaults: LineDefaults
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if files.isEmpty { throw ValidationError("Name a file, or - for standard input.") }
    if follow, files.count != 1 || files[0] == "-" {
      throw ValidationError("--follow takes one file.")
    }
    _ = try defaults.named
    if follow, socket != nil { throw ValidationError("--follow writes into the ledger itself; leave --socket out.") }
  }

  func run() throws {
    let surroundings = Surroundings.ofProcess()
    let configuration = try Settings.load(
      flags: [.data: data, .pricing: pricing, .socket: socket], surroundings)
    if let socket { return try send(to: socket, surroundings) }
    let rates = try Settings.rates(Settings.pricing(configuration))
    guard let feed = try openFeed(configuration, rates) else {
      return try send(to: configuration[.socket].value, surroundings)
    }
    defer { feed.close() }
    if follow {
      try FileFollower(path: files[0], feed: feed).run()
    } else {
      for file in files { try book(file, feed, surroundings) }
    }
    try feed.commit()
    try finish(feed.tally, surroundings)
  }

  // MARK: - Into the ledger

  /// The ledger, or nil when a daemon holds it and listens on its socket.
  private func openFeed(_ configuration: Configuration, _ rates: RateBook) throws -> LedgerFeed? {
    do {
      return try LedgerFeed(
        folder: configuration[.data].value, rates: rates,
        batchLines: configuration.number(.batchLines))
    } catch {
      guard case .locked = error, !follow, tb_path_kind(configuration[.socket].value) == 1 else {
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
          ("duplicates", "\(tally.duplicates)"), ("unpriced", "\(tally.unpriced)"),
          ("passed_over", "\(tally.passedOver)"),
          ("refused", JSONText.object(reasons.map { ($0.key.rawValue, "\($0.value)") })),
        ]))
    } else {
      var words = ["\(tally.lines) lines", "\(tally.booked) calls booked"]
      if tally.duplicates > 0 { words.append("\(tally.duplicates) booked before") }
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

  // MARK: - Through the daemon

  private func send(to socket: String, _ surroundings: Surroundings) throws {
    let name = client ?? "ingest-\(ProcessInfo.processInfo.processIdentifier)"
    let sender = try AcknowledgedSender(
      path: socket, client: name, epoch: epoch ?? surroundings.now.microseconds,
      defaults: try defaults.named)
    let before = sender.acknowledged
    // A resumed run: the lines that are on disk already are read past, not sent.
    var skip = before
    var lines: Int64 = 0
    for path in files {
      let file = try LineFile(path: path)
      var bar = ProgressBar(name: path, size: file.size, surroundings)
      while try file.next(
        isLast: true,
        { (line) throws(SenderFault) in
          guard line.contains(where: { $0 > 32 }) else { return }
          if skip > 0 { skip -= 1 } else { try sender.send(line) }
          lines += 1
        })
      {
        bar.reached(file.offset, lines: Int(lines))
      }
      bar.finish()
    }
    try sender.finish()
    let refused = sender.refused.values.reduce(0, +)
    let sent = lines - before
    if output.json {
      let reasons = sender.refused.sorted { $0.key < $1.key }
      print(
        JSONText.object([
          ("lines", "\(lines)"), ("acknowledged", "\(sent)"), ("resumed_after", "\(before)"),
          ("refused", JSONText.object(reasons.map { ($0.key, "\($0.value)") })),
        ]))
    } else {
      print(
        "\(lines) lines, \(sent) sent and on disk" + (before > 0 ? ", \(before) there before" : "")
          + (refused > 0 ? ", \(refused) refused." : "."))
    }
    if refused > 0 { throw ExitCode(ExitStatus.found.rawValue) }
  }
}

/// How far a file has been read, on a terminal only.
struct ProgressBar {
  private let name: String
  private let size: Int64
  private let progress: @Sendable (String) -> Void
  private var lastPercent: Int64 = -1

  init(name: String, size: Int64, _ surroundings: Surroundings) {
    self.name = name
    self.size = size
    progress = surroundings.progress
  }

  mutating func reached(_ offset: Int64, lines: Int) {
    guard size > 0 else {
      if lines % 10_000 == 0 { progress("\(name): \(lines) lines") }
      return
    }
    let percent = offset * 100 / size
    guard percent != lastPercent else { return }
    lastPercent = percent
    let filled = Int(percent * 30 / 100)
    progress(
      "\(name) [" + String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
        + "] \(percent) %")
  }

  func finish() { progress("") }
}
