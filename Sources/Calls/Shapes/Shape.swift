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
enum Shapes {
  static let all: [any Shape.Type] = [
    SpanExport.self, CloudEvent.self, LiteLLMPayload.self, BatchResult.self, StreamEvent.self, Exchange.self,
    AgentTranscript.self, LangfuseEvent.self, HeliconeLog.self, LoneSpan.self, OpenRouterGeneration.self,
    MessageIterations.self, ModelBreakdown.self, CohereAnswer.self, OpenRouterAnswer.self,
    ReplicatePrediction.self, MediaResult.self, HeaderCapture.self, AccessLine.self, OllamaAnswer.self,
    FlatUsage.self, ErrorRecord.self,
  ]
}
