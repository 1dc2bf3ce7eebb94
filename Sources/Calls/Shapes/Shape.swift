import Units

/// A form in which other programs log calls: how it is told, and which lines of our own it makes.
///
/// Told by keys that the one walk over a line has noted. Only a line that has one of them is
/// walked a second time.
protocol Shape: Sendable {
  /// Whether the line may be of this shape, by its keys alone.
  static func fits(_ line: ScannedLine) -> Bool

  /// Makes our own lines of it; nothing else of the line is read.
  static func read(_ root: Outline.Value, into lines: inout PlainLines) -> ShapeReading
}

/// What a shape makes of a line.
enum ShapeReading {
  /// The lines that were added are its calls.
  case calls
  case ignored(Ignored)
  /// It is of another shape after all.
  case other
}

/// Every shape, those first that another's keys may stand in.
package enum Shapes {
  static let all: [any Shape.Type] = [
    SpanExport.self, CloudEvent.self, LiteLLMPayload.self, BatchResult.self, StreamEvent.self, MessageStart.self,
    Exchange.self, AgentTranscript.self, LangfuseEvent.self, HeliconeLog.self, LoneSpan.self, OpenRouterGeneration.self,
    MessageIterations.self, ModelBreakdown.self, CohereAnswer.self, OpenRouterAnswer.self,
    ReplicatePrediction.self, MediaResult.self, HeaderCapture.self, AccessLine.self, OllamaAnswer.self,
    FlatUsage.self, ErrorRecord.self,
  ]

  /// The number of a line that a mapping file made ours.
  static let mappingNumber = numbers.last ?? 0

  /// What a shape is told by where calls are kept: a digest of its name, never 0.
  static func number(of shape: any Shape.Type) -> UInt16 {
    all.firstIndex { $0 == shape }.map { numbers[$0] } ?? 0
  }

  /// The name that a shape's number stands for; nil for none that this version knows.
  package static func name(of number: UInt16) -> String? {
    numbers.firstIndex(of: number).map { names[$0] }
  }

  private static let names = all.map { "\($0)" } + ["mapping"]
  private static let numbers = names.map { UInt16(truncatingIfNeeded: Digest64.of($0)) | 1 }
}
