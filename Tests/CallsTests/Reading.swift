import Calls
import Testing
import Units

/// What a line came to, written in one line of text so that tests read like a ledger.
///
///     ok 2026-11-20T23:23:24Z openai/gpt-5-mini input=386 cache_read=1920 output=172 reasoning=128
struct Reading {
  static let arrival = Timestamp(microseconds: 1_795_222_800_000_000)

  /// Decodes a line, with the slack that the scanner asks for behind it.
  static func of(_ line: String, defaults: [String: String] = [:]) -> String {
    let reader = Reader()
    return reader.read(Array(line.utf8), defaults: defaults)
  }

  static func of(bytes: [UInt8]) -> String {
    let reader = Reader()
    return reader.read(bytes, defaults: [:])
  }

  /// A decoder that is used for many lines.
  final class Reader {
    var decoder = CallDecoder()

    /// What the line comes to; the calls of a line with several are parted by bars.
    func read(_ line: [UInt8], defaults: [String: String] = [:], behind: UInt8 = 0) -> String {
      var told = [describe(decode(line, defaults: defaults, behind: behind))]
      while decoder.hasMore {
        var call = Call()
        let other = decoder.decodeNext(
          arrival: Reading.arrival, defaults: CallDefaults(defaults), into: &call)
        told.append(describe(other.map { .other($0) } ?? .call(call)))
      }
      return told.joined(separator: " | ")
    }

    private func describe(_ decoded: CallDecoder.Decoded) -> String {
      switch decoded {
      case .other(.blank): return "blank"
      case .other(.hello(let hello)): return "hello \(hello.client) \(hello.epoch)"
      case .other(.refused(let reason)): return "refused \(reason.rawValue)"
      case .other(.ignored(let reason)): return "ignored \(reason.rawValue)"
      case .call(let call): return describe(call)
      }
    }

    func decode(
      _ line: [UInt8], defaults: [String: String] = [:], behind: UInt8 = 0
    ) -> CallDecoder.Decoded {
      let padded = line + [UInt8](repeating: behind, count: 32)
      return padded.withUnsafeBufferPointer { bytes in
        decoder.decode(
          UnsafeBufferPointer(rebasing: bytes[..<line.count]), arrival: Reading.arrival,
          defaults: CallDefaults(defaults))
      }
    }

    func describe(_ call: Call) -> String {
      let subject = decoder.subjects.subjects[Int(call.subject)]
      var words = ["\(call.outcome)"]
      if !call.flags.contains(.timeOfArrival) { words.append("\(call.at)") }
      let path = [subject.route, subject.provider, subject.model].filter { !$0.isEmpty }
      words.append(path.joined(separator: "/"))
      if !subject.team.isEmpty { words.append("team=\(subject.team)") }
      if !subject.tags.isEmpty { words.append("tags=\(subject.tags)") }
      if !subject.tier.isEmpty { words.append("tier=\(subject.tier)") }
      if !subject.region.isEmpty { words.append("region=\(subject.region)") }
      if !subject.variant.isEmpty { words.append("variant=\(subject.variant)") }
      words += call.usage.stated.map { "\($0.meter.name)=\($0.quantity)" }
      let told = call.flags.subtracting([.timeOfArrival, .providerKey])
      words += CallFlags.names.filter { told.contains($0.flag) }.map { "!" + $0.name }
      return words.joined(separator: " ")
    }

    /// The details of a decoded call, as JSON text.
    func details(_ call: Call) -> String {
      String(
        decoding: decoder.details.bytes[Int(call.details.lowerBound)..<Int(call.details.upperBound)],
        as: UTF8.self)
    }
  }
}
