import Calls
import Testing

/// Spans of OpenTelemetry: which of them are calls, and under how many spellings.
@Suite struct SpanTests {
  /// An export of spans, each of them JSON members.
  private static func export(_ spans: String...) -> String {
    let attributes =
      #"{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"tollbook.team","value":{"stringValue":"search"}}]}"#
    let list = spans.map { #"{"traceId":"t","startTimeUnixNano":"1795217000000000999",\#($0)}"# }
    return
      #"{"resourceSpans":[{"resource":\#(attributes),"scopeSpans":[{"spans":[\#(list.joined(separator: ","))]}]}]}"#
  }

  private static func attributes(_ pairs: KeyValuePairs<String, String>) -> String {
    let items = pairs.map { #"{"key":"\#($0.key)","value":{"stringValue":"\#($0.value)"}}"# }
    return "\"attributes\":[\(items.joined(separator: ","))]"
  }

  static let spellings: [KeyValuePairs<String, String>] = [
    [
      "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "m",
      "gen_ai.usage.input_tokens": "20", "gen_ai.usage.output_tokens": "9",
      "gen_ai.usage.cache_read.input_tokens": "8", "gen_ai.usage.reasoning.output_tokens": "4",
    ],
    [
      "gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.request.model": "m",
      "gen_ai.usage.prompt_tokens": "20", "gen_ai.usage.completion_tokens": "9",
      "gen_ai.usage.cache_read_input_tokens": "8", "gen_ai.usage.reasoning_tokens": "4",
    ],
    [
      "llm.request.type": "chat", "gen_ai.system": "OpenAI", "gen_ai.request.model": "m",
      "gen_ai.usage.input_tokens": "20", "gen_ai.usage.output_tokens": "9", "llm.usage.total_tokens": "29",
      "gen_ai.usage.input_tokens.cached": "8", "gen_ai.usage.output_tokens.reasoning": "4",
    ],
    [
      "openinference.span.kind": "LLM", "llm.provider": "openai", "llm.model_name": "m",
      "llm.token_count.prompt": "20", "llm.token_count.completion": "9", "llm.token_count.total": "29",
      "llm.token_count.prompt_details.cache_read": "8", "llm.token_count.completion_details.reasoning": "4",
    ],
    [
      "ai.operationId": "ai.streamText.doStream", "ai.model.provider": "openai.responses", "ai.model.id": "m",
      "ai.usage.inputTokens": "20", "ai.usage.outputTokens": "9", "ai.usage.cachedInputTokens": "8",
      "ai.usage.reasoningTokens": "4",
    ],
    [
      "langfuse.observation.type": "generation", "langfuse.observation.model.name": "m", "gen_ai.system": "openai",
      "langfuse.observation.usage_details":
        #"{\"input\":12,\"output\":5,\"input_cached_tokens\":8,\"output_reasoning_tokens\":4,\"total\":29}"#,
    ],
    [
      "langfuse.observation.type": "generation", "langfuse.observation.model.name": "m", "gen_ai.system": "openai",
      "langfuse.observation.usage_details":
        #"{\"prompt_tokens\":20,\"completion_tokens\":9,\"prompt_tokens_details\":{\"cached_tokens\":8},\"completion_tokens_details\":{\"reasoning_tokens\":4}}"#,
    ],
  ]

  @Test(arguments: spellings.indices)
  func `every spelling of one call comes to the same meters`(index: Int) {
    let line = Self.export("\"spanId\":\"s\"," + Self.attributes(Self.spellings[index]))
    #expect(
      Reading.of(line)
        == "ok 2026-11-20T23:23:20Z openai/m team=search input=12 cache_read=8 output=5 reasoning=4")
  }

  @Test func `a wrapper's span above a call is not booked, an agent's neither`() {
    let chat: KeyValuePairs = [
      "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.usage.input_tokens": "5",
    ]
    let agent: KeyValuePairs = ["gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": "5"]
    let line = Self.export(
      #""spanId":"root","# + Self.attributes(agent),
      #""spanId":"outer","parentSpanId":"root","# + Self.attributes(chat),
      #""spanId":"tool","parentSpanId":"outer","# + Self.attributes(["gen_ai.operation.name": "execute_tool"]),
      #""spanId":"inner","parentSpanId":"tool","# + Self.attributes(chat))
    #expect(Reading.of(line) == "ok 2026-11-20T23:23:20Z m team=search input=5")
    #expect(Reading.of(Self.export(#""spanId":"root","# + Self.attributes(agent))) == "ignored sum_of_calls")
    #expect(
      Reading.of(Self.export(#""spanId":"x","# + Self.attributes(["http.response.status_code": "200"])))
        == "ignored no_model_call")
  }

  @Test func `of several calls in a line a bad one is refused by itself`() {
    let good: KeyValuePairs = ["gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": "5"]
    let bad: KeyValuePairs = ["gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": "-5"]
    let line = Self.export(
      #""spanId":"a","# + Self.attributes(good), #""spanId":"b","# + Self.attributes(bad),
      #""spanId":"c","# + Self.attributes(good))
    #expect(
      Reading.of(line)
        == "ok 2026-11-20T23:23:20Z  team=search input=5 | refused negative_count | ok 2026-11-20T23:23:20Z  team=search input=5"
    )
  }

  @Test func `a line tells of two thousand calls at most`() {
    let call = Self.attributes(["gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": "5"])
    let spans = (0..<2001).map { #"{"spanId":"\#($0)",\#(call)}"# }
    func export(_ count: Int) -> String {
      #"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(spans.prefix(count).joined(separator: ","))]}]}]}"#
    }
    #expect(Reading.of(export(2000)).split(separator: "|").count == 2000)
    #expect(Reading.of(export(2001)) == "refused too_many_calls")
  }

  @Test func `events and metrics are not booked twice, but an agent's own event is a call`() {
    #expect(Reading.of(#"{"resourceMetrics":[{}]}"#) == "ignored metric_points")
    #expect(
      Reading.of(
        #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"gen_ai.client.inference.operation.details","attributes":[{"key":"gen_ai.usage.input_tokens","value":{"intValue":"5"}}]}]}]}]}"#
      ) == "ignored told_by_span")
    #expect(
      Reading.of(
        #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1795217000000000000","body":{"stringValue":"claude_code.api_request"},"attributes":[{"key":"model","value":{"stringValue":"m"}},{"key":"input_tokens","value":{"intValue":"3"}},{"key":"cache_read_tokens","value":{"stringValue":"9"}},{"key":"output_tokens","value":{"stringValue":"5"}}]}]}]}]}"#
      ) == "ok 2026-11-20T23:23:20Z anthropic/m input=3 cache_read=9 output=5")
  }

  @Test func `Vercel's counts of Anthropic are beside one another before version 6, inside since`() {
    let old: KeyValuePairs = [
      "ai.operationId": "ai.generateText.doGenerate", "ai.model.provider": "anthropic.messages", "ai.model.id": "m",
      "ai.usage.inputTokens": "5", "ai.usage.outputTokens": "2", "ai.usage.cachedInputTokens": "8",
    ]
    let new: KeyValuePairs = [
      "ai.operationId": "ai.generateText.doGenerate", "ai.model.provider": "anthropic.messages", "ai.model.id": "m",
      "ai.usage.inputTokens": "13", "ai.usage.outputTokens": "2", "ai.usage.inputTokenDetails.noCacheTokens": "5",
      "ai.usage.inputTokenDetails.cacheReadTokens": "8",
    ]
    for pairs in [old, new] {
      #expect(
        Reading.of(Self.export(#""spanId":"s","# + Self.attributes(pairs)))
          == "ok 2026-11-20T23:23:20Z anthropic/m team=search input=5 cache_read=8 output=2")
    }
  }
}
