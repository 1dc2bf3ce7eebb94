import ArgumentParser
import Calls
import Foundation
import Sidecar
import Units

/// Ingest through the daemon that holds the ledger.
extension IngestCommand {
  /// Hands the lines to the daemon at `socket`, and tells what it said of them.
  func hand(to socket: String, _ surroundings: Surroundings) throws {
    if follow { try follow(through: socket) } else { try send(to: socket, surroundings) }
  }

  private func follow(through socket: String) throws {
    let stop = StopSignal()
    let feed = try SocketFileFeed(socket: socket, defaults: try defaults.named, stop: stop)
    try FileFollower(path: files[0], feed: feed, stop: stop).run()
    try finish(feed.tally, lines: feed.tally.lines, resumedAfter: nil)
  }

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
          guard line.contains(where: { $0 > 32 || $0 == 0 }) else { return }
          if skip > 0 { skip -= 1 } else { try sender.send(line) }
          lines += 1
        })
      {
        bar.reached(file.offset, lines: Int(lines))
      }
      bar.finish()
    }
    try sender.finish()
    try finish(sender.tally, lines: lines, resumedAfter: before)
  }

  /// `resumedAfter` is the lines that were on disk before; nil when a file was followed.
  private func finish(_ tally: SendingTally, lines: Int64, resumedAfter: Int64?) throws {
    let refused = tally.refused.values.reduce(0, +)
    if output.json {
      let reasons = tally.refused.sorted { $0.key < $1.key }
      var members = [("lines", "\(lines)"), ("acknowledged", "\(tally.lines)")]
      if let resumedAfter { members.append(("resumed_after", "\(resumedAfter)")) }
      members.append(("refused", JSONText.object(reasons.map { ($0.key, "\($0.value)") })))
      print(JSONText.object(members.map { (name: $0.0, json: $0.1) }))
    } else {
      let before = resumedAfter ?? 0
      print(
        "\(lines) lines, \(tally.lines) sent and on disk" + (before > 0 ? ", \(before) there before" : "")
          + (refused > 0 ? ", \(refused) refused." : "."))
    }
    if refused > 0 { throw ExitCode(ExitStatus.found.rawValue) }
  }
}
