import Books
import Calls
import Foundation
import Rates
import Sidecar
import Store
import TestSupport
import Units

/// Lines of real clients and what becomes of each of their calls, priced by the cards that come with the program.
enum SampleLines {
  /// What a line comes to, a text a call: its state, amount and meters, or why it is no call.
  ///
  ///     exact 0.000744500 input=386 cache_read=1920 output=172 reasoning=128
  final class Reader {
    private var decoder = CallDecoder()
    private var table: DimensionTable
    private let batch = BookBatch()
    private var call = Call()

    init() throws {
      table = DimensionTable(
        rates: try PricingFolder(path: nil, decidedBy: "test")
          .load(builtIn: CarriedFile.pricing.map { ($0.name, $0.text) }))
    }

    func read(_ line: [UInt8], defaults: [String: String] = [:]) -> [String] {
      let bytes = line + [UInt8](repeating: 0, count: 32)
      let arrival = Timestamp(microseconds: 1_795_222_800_000_000)
      let named = CallDefaults(defaults)
      let first = bytes.withUnsafeBufferPointer {
        decoder.decode(
          UnsafeBufferPointer(rebasing: $0[..<(bytes.count - 32)]), arrival: arrival, defaults: named, into: &call)
      }
      var fates = [fate(first)]
      while decoder.hasMore {
        fates.append(fate(decoder.decodeNext(arrival: arrival, defaults: named, into: &call)))
      }
      return fates
    }

    /// All that was kept of the lines: the calls' details and who called what.
    var kept: String {
      String(decoding: decoder.details.bytes, as: UTF8.self) + "\(decoder.subjects.subjects)"
    }

    private func fate(_ other: CallDecoder.NoCall?) -> String {
      switch other {
      case .refused(let reason): return "refused \(reason.rawValue)"
      case .ignored(let reason): return "ignored \(reason.rawValue)"
      case .blank: return "blank"
      case .hello: return "hello"
      case nil: break
      }
      table.book(&call, of: decoder.subjects, details: &decoder.details, sender: -1, into: batch)
      guard let booked = batch.calls.last else { return "nothing booked" }
      var words: [String]
      switch booked.state {
      case .exact: words = ["exact \(Amount(nanos: booked.cost))"]
      case .partial: words = ["partial \(Amount(nanos: booked.cost))"]
      case .unpriced: words = ["unpriced \(batch.newDimensions[Int(booked.dimension)].reason?.name ?? "of itself")"]
      }
      if booked.outcome != .ok { words.append("\(booked.outcome)") }
      words += call.usage.stated.filter { $0.quantity > 0 }.map { "\($0.meter.name)=\($0.quantity)" }
      return words.joined(separator: " ")
    }
  }

  /// The lines of a sample.
  ///
  /// A record comes out of its wrapper, a syslog frame without its header.
  static func of(_ file: String) -> [[UInt8]]? {
    guard let bytes = SharedFiles.bytes("samples/" + file) else { return nil }
    var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines.map { line in
      if line.starts(with: Array("{\"_source\"".utf8)) {
        let text = String(decoding: line, as: UTF8.self)
        guard let place = text.range(of: "\"record\": ") else { return line }
        return Array(text[place.upperBound...].dropLast().utf8)
      }
      guard line.starts(with: Array("{\"frame\"".utf8)),
        let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
        let frame = object["frame"] as? String
      else { return line }
      let text = Array(frame.utf8).filter { $0 != 0 && $0 != 10 }
      return Array(text.dropFirst(text.withUnsafeBufferPointer(SyslogHeader.length)))
    }
  }
}
