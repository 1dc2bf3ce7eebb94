/// What a provider counts when it bills: each meter is disjoint from every other.
///
/// A token is in exactly one meter: cached reads are not input, reasoning is not output. The raw
/// value is an index into ``Usage``; the ledger and the price files use ``name``.
package enum Meter: UInt8, CaseIterable, Hashable, Sendable {
  case input, cacheRead, output
  case cacheWrite5m, cacheWrite30m, cacheWrite1h, cacheWrite12h
  case reasoning
  case inputAudio, outputAudio, inputImage, outputImage
  case images, megapixels
  case videoSeconds, audioSeconds
  case characters, pages, requests, searches
  case computeSeconds, credits
  case inputVideo, outputVideo

  package static let count = allCases.count

  /// The name in log lines, price files and the ledger.
  package var name: String {
    switch self {
    case .input: "input"
    case .cacheRead: "cache_read"
    case .output: "output"
    case .cacheWrite5m: "cache_write_5m"
    case .cacheWrite30m: "cache_write_30m"
    case .cacheWrite1h: "cache_write_1h"
    case .cacheWrite12h: "cache_write_12h"
    case .reasoning: "reasoning"
    case .inputAudio: "input_audio"
    case .outputAudio: "output_audio"
    case .inputImage: "input_image"
    case .outputImage: "output_image"
    case .images: "images"
    case .megapixels: "megapixels"
    case .videoSeconds: "video_seconds"
    case .audioSeconds: "audio_seconds"
    case .characters: "characters"
    case .pages: "pages"
    case .requests: "requests"
    case .searches: "searches"
    case .computeSeconds: "compute_seconds"
    case .credits: "credits"
    case .inputVideo: "input_video"
    case .outputVideo: "output_video"
    }
  }

  package init?(name: some StringProtocol) {
    guard let meter = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = meter
  }

  /// What the meter counts, in words of the price files.
  package var unit: MeterUnit {
    switch self {
    case .input, .cacheRead, .output, .cacheWrite5m, .cacheWrite30m, .cacheWrite1h, .cacheWrite12h,
      .reasoning, .inputAudio, .outputAudio, .inputImage, .outputImage, .inputVideo, .outputVideo:
      .token
    case .images: .image
    case .megapixels: .megapixel
    case .videoSeconds, .audioSeconds, .computeSeconds: .second
    case .characters: .character
    case .pages: .page
    case .requests: .request
    case .searches: .search
    case .credits: .credit
    }
  }

  /// Whether the meter belongs to the prompt, whose size decides a context band.
  package var isPrompt: Bool {
    switch self {
    case .input, .cacheRead, .cacheWrite5m, .cacheWrite30m, .cacheWrite1h, .cacheWrite12h,
      .inputAudio, .inputImage, .inputVideo:
      true
    default: false
    }
  }
}

/// The unit of a meter, and the smallest part of it that we count.
package enum MeterUnit: String, CaseIterable, Hashable, Sendable {
  case token, image, megapixel, second, character, page, request, search, credit

  /// Decimals of one unit that are kept: a second is counted in microseconds, a megapixel in
  /// pixels, a credit in millionths; the others are whole.
  package var decimals: Int {
    switch self {
    case .megapixel, .second, .credit: 6
    case .token, .image, .character, .page, .request, .search: 0
    }
  }

  /// Smallest parts in one unit: 1,000,000 microseconds in a second, 1 token in a token.
  package var parts: Int64 { decimals == 6 ? 1_000_000 : 1 }
}
