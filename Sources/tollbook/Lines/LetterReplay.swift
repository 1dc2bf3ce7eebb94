import Calls
import Foundation
import Rates
import Sidecar
import Store
import Units

/// Where lines go that settle dead letters: into the ledger, or to the daemon that holds it.
final class LetterReplay {
  /// The daemon's name for whoever settles letters.
  static let client = "dead-letters"

  private let door: Door
  private var source = LinePump.Source()

  private enum Door {
    case ledger(LedgerFeed)
    case daemon(AcknowledgedSender)
  }

  /// Opens the ledger, or a connection to the daemon that holds it and listens on its socket.
  ///
  /// `defaults` is fields that the lines leave out, by name.
  init(data: String?, pricing: String?, defaults: [String: String], _ surroundings: Surroundings) throws {
    let configuration = try Settings.load(flags: [.data: data, .pricing: pricing], surroundings)
    let rates = try Settings.rates(Settings.pricing(configuration))
    source.defaults = CallDefaults(defaults)
    source.isReplay = true
    do {
      door = .ledger(
        try LedgerFeed(
          folder: configuration[.data].value, rates: rates, mappings: try Settings.mappings(configuration),
          batchLines: configuration.number(.batchLines)))
    } catch let fault as StoreFault {
      guard case .locked = fault else { throw fault }
      door = .daemon(
        try AcknowledgedSender(
          path: configuration[.socket].value, client: Self.client, epoch: surroundings.now.microseconds,
          defaults: defaults, isReplay: true))
    }
  }

  /// Hands on a line; 16 bytes behind its last one must be readable.
  func take(_ line: UnsafeBufferPointer<UInt8>) throws {
    switch door {
    case .ledger(let feed): try feed.take(line, from: source)
    case .daemon(let sender): try sender.send(line)
    }
  }

  func take(_ text: String) throws {
    let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: 16)
    try bytes.withUnsafeBufferPointer { try take(UnsafeBufferPointer(rebasing: $0[..<text.utf8.count])) }
  }

  /// Returns when all of it is on disk.
  func finish() throws {
    switch door {
    case .ledger(let feed):
      defer { feed.close() }
      try feed.commit()
    case .daemon(let sender): try sender.finish()
    }
  }
}
