/// Every limit of the writer, with its unit.
package struct WriterLimits: Sendable {
  /// Ids that are remembered exactly, whatever their time: at least so many, at most twice.
  package var windowIDs = 524_288
  /// Provider's ids that are remembered, by which calls that others told of are known: at least so many, at
  /// most twice; 16 bytes a slot.
  package var windowReferences = 262_144
  /// Minutes between the times of two observers' lines of one call.
  package var observationMinutes: Int64 = 60
  /// Booked rows read at start to fill the window again.
  package var rebuildRows = 1_048_576
  /// Files of older ids that are held open, and kept in memory where none can be written: about 2.7 MB each.
  package var openIDFiles = 16
  package var idImages = 4
  /// Rows of older calls that are read at start for files of ids that are missing: four windows, half a second.
  package var rowsOfIDFiles = 2_097_152
  /// Accounts whose numbers are remembered; others are looked up.
  package var accounts = 50_000
  /// Rows that one stream's growing usage may have; the next is quarantined.
  package var chainRows = 1_024
  /// Rows of streams that are kept in memory, so that a stream's next line reads one row; some 300 bytes each.
  package var keptChainRows = 16_384
  /// Dead letters kept without facts, and quarantined calls kept with them; the oldest go first.
  package var deadLetters = 100_000
  package var quarantined = 100_000
  /// Hours after which an epoch that its client has left behind is forgotten, at a start: 30 days.
  package var epochHours: Int64 = 720
  /// Recharges of one transaction; a re-pricing run of more is booked in parts.
  package var recharges = 250_000
  /// Rows of the outbox that may be due; beyond them only the ends of incidents are put in.
  package var outboxDue = 10_000
  /// Days that rows are kept which are over, and how many of them at most; incidents that ended, in days.
  package var outboxDays: Int64 = 30
  package var outboxRows = 50_000
  package var incidentDays: Int64 = 400
  /// Rows of each table that are forgotten at once.
  package var forgottenRows = 5_000
  /// Acts that may wait for the watch, and acts that are kept, waiting ones among them.
  package var actsWaiting = 1_000
  package var acts = 20_000
  /// Pages in the write-ahead log that call for a checkpoint: 16 MB.
  package var walPages = 2_000

  package init() {}

  package static let standard = WriterLimits()
}
