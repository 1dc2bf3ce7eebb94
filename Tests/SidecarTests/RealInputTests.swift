import Books
import Calls
import Foundation
import Rates
import Sidecar
import Store
import TestSupport
import Testing
import Units

/// What real clients wrote, line by line: priced by the cards that come with the program.
///
/// Each amount is worked out beside its row from the figures in `pricing/`, in millionths of a
/// dollar. The lines themselves belong to others and are not in this repository: where they are
/// missing the tests say so and pass over them.
@Suite struct RealInputTests {
  @Test(
    arguments: [
      (
        "openai_sdk_3.52_model_dump.jsonl", [:],
        [
          // gpt-5-mini 0.25, 0.025, 2: 386 × .25 + 1920 × .025 + 300 × 2 = 96.5 + 48 + 600
          "exact 0.000744500",
          // Served as priority, .45, .045, 3.6: 386 × .45 + 1920 × .045 + 300 × 3.6 = 173.7 + 86.4 + 1080
          "exact 0.001340100",
          // gpt-4o-audio-preview is on no card.
          "unpriced no_provider",
          // gpt-5 served as flex, .625, .0625, 5: 1279 × .625 + 8192 × .0625 + 1533 × 5 = 799.375 + 512 + 7665
          // One search, which the card has no price for.
          "partial 0.008976375",
          // text-embedding-3-small .02: 811 × .02 = 16.22
          "exact 0.000016220",
          // Images and transcriptions name no model.
          "unpriced no_model", "unpriced no_model", "unpriced no_model",
          // The client's own record of an error: counted, and free.
          "exact 0.000000000",
        ]
      ),
      (
        // The same images and transcriptions, with the model that their client knows:
        // gpt-image-1 5 in, 40 image tokens out: 53 × 5 + 6240 × 40 = 265 + 249,600
        "openai_sdk_3.52_model_dump.jsonl#6", ["model": "gpt-image-1", "provider": "openai"],
        ["exact 0.249865000"]
      ),
      (
        // Three dumps of a call served in the US, at 1.1 × (2, .2, 2.5, 4, 10) and 10,000 a search:
        // 412 × 2.2 + 18304 × .22 + 1024 × 2.75 + 2048 × 4.4 + 733 × 11 + 2 × 10,000
        // = 906.4 + 4026.88 + 2816 + 9011.2 + 8063 + 20,000. The first is booked, the second is the
        // same call with the SDK's request id, the third another id.
        "anthropic_sdk_2.11_model_dump.jsonl", [:],
        ["exact 0.044823480", "exact 0.044823480", "exact 0.044823480"]
      ),
      (
        // Llama 3.3 70B by Together through the router, since October 1.04 and 1.04: 81 × 1.04 = 84.24
        "hf_inference_client_2.4_chat.jsonl#1", ["route": "huggingface", "provider": "together"],
        ["exact 0.000084240"]
      ),
      (
        // By Novita .135 and .4: 57 × .135 + 24 × .4 = 7.695 + 9.6
        "hf_inference_client_2.4_chat.jsonl#2", ["route": "huggingface", "provider": "novita"],
        ["exact 0.000017295"]
      ),
      (
        // By Fireworks .9 and .9: 81 × .9
        "hf_inference_client_2.4_chat.jsonl#3", ["route": "huggingface", "provider": "fireworks-ai"],
        ["exact 0.000072900"]
      ),
      (
        // Which provider served is not in the body: without it there is no price.
        "hf_inference_client_2.4_chat.jsonl#1", [:], ["unpriced no_provider"]
      ),
      (
        // Groq gpt-oss-120b .15, cached .075, .60: 14 × .15 + 128 × .075 + 219 × .6 = 2.1 + 9.6 + 131.4
        "openai_compatible_hosts.jsonl#1", ["provider": "groq"], ["exact 0.000143100"]
      ),
      (
        // Together Llama 3.3 70B Turbo, since October 1.04 and 1.04: 58 × 1.04 = 60.32
        "openai_compatible_hosts.jsonl#2", ["provider": "together"], ["exact 0.000060320"]
      ),
      (
        // Fireworks GLM 5.2 1.40, cached .14, 4.40: 500 × 1.4 + 7500 × .14 + 333 × 4.4 = 700 + 1050 + 1465.2
        "openai_compatible_hosts.jsonl#3", [:], ["exact 0.003215200"]
      ),
      ("openai_raw_response_headers.jsonl", [:], ["exact 0.000744500"]),
      (
        // Only the chunk with the usage is a call; a stream without one tells nothing.
        "openai_stream_chunks.jsonl", [:],
        [
          "ignored stream_part", "ignored stream_part", "ignored stream_part", "exact 0.000744500",
          "ignored stream_part", "ignored stream_part", "ignored stream_part",
        ]
      ),
      (
        // Its start; with what it ends with it is told in StreamedMessageTests.
        "anthropic_stream_events.jsonl", [:],
        ["exact 0.016793480"] + Array(repeating: "ignored stream_part", count: 5)
      ),
      (
        // What a media call returns is pixels: nothing to price.
        "hf_inference_client_2.4_media.jsonl", [:], Array(repeating: "refused no_usage", count: 4)
      ),
    ] as [(String, [String: String], [String])])
  func `a client's lines are priced`(
    file: String, defaults: [String: String], outcomes: [String]
  ) throws {
    let parts = file.split(separator: "#").map(String.init)
    guard let bytes = SharedFiles.bytes("samples/" + parts[0]) else { return }
    var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    if parts.count == 2, let number = Int(parts[1]) { lines = [lines[number - 1]] }
    #expect(try Self.outcomes(of: lines, defaults: defaults) == outcomes)
  }

  /// What becomes of lines: the state and amount of each, or its refusal.
  static func outcomes(of lines: [String], defaults: [String: String]) throws -> [String] {
    let book = try PricingFolder(path: nil, decidedBy: "test")
      .load(builtIn: CarriedFile.pricing.map { ($0.name, $0.text) })
    var decoder = CallDecoder()
    var table = DimensionTable(rates: book)
    let batch = BookBatch()
    return lines.map { line in
      let bytes = Array(line.utf8) + [UInt8](repeating: 0, count: 32)
      var call = Call()
      let other = bytes.withUnsafeBufferPointer {
        decoder.decode(
          UnsafeBufferPointer(rebasing: $0[..<(bytes.count - 32)]),
          arrival: Timestamp(microseconds: 1_795_222_800_000_000), defaults: CallDefaults(defaults),
          into: &call)
      }
      switch other {
      case .refused(let reason): return "refused \(reason.rawValue)"
      case .ignored(let reason): return "ignored \(reason.rawValue)"
      case nil: break
      default: return "no call"
      }
      table.book(
        &call, of: decoder.subjects, details: &decoder.details, sender: -1, into: batch)
      guard let booked = batch.calls.last else { return "nothing booked" }
      let details = String(
        decoding: decoder.details.bytes[
          Int(booked.details.lowerBound)..<Int(booked.details.upperBound)], as: UTF8.self)
      switch booked.state {
      case .exact: return "exact \(Amount(nanos: booked.cost))"
      case .partial: return "partial \(Amount(nanos: booked.cost))"
      case .unpriced:
        let dimension = batch.newDimensions[Int(booked.dimension)]
        return "unpriced \(dimension.reason?.name ?? details)"
      }
    }
  }
}
