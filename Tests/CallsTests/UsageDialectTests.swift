import Calls
import Testing

/// Each row: a line as its provider's clients write it, and the disjoint meters it comes to.
@Suite struct UsageDialectTests {
  @Test(arguments: [
    // OpenAI: cached and reasoning tokens are inside their wholes. 2306 - 1920, 300 - 128.
    (
      #"{"model":"m","usage":{"prompt_tokens":2306,"completion_tokens":300,"total_tokens":2606,"prompt_tokens_details":{"cached_tokens":1920,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":128}}}"#,
      "ok m input=386 cache_read=1920 output=172 reasoning=128"
    ),
    // Detail objects may be null, and their members too.
    (
      #"{"model":"m","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":null,"completion_tokens_details":{"reasoning_tokens":null}}}"#,
      "ok m input=10 output=5"
    ),
    // Audio: 131 - 98 of text in, 544 - 412 of text out.
    (
      #"{"model":"m","usage":{"prompt_tokens":131,"completion_tokens":544,"total_tokens":675,"prompt_tokens_details":{"audio_tokens":98,"text_tokens":33},"completion_tokens_details":{"audio_tokens":412,"text_tokens":132}}}"#,
      "ok m input=33 output=132 input_audio=98 output_audio=412"
    ),
    // The Responses API counts alike, in other words.
    (
      #"{"model":"m","usage":{"input_tokens":9471,"input_tokens_details":{"cached_tokens":8192},"output_tokens":1200,"output_tokens_details":{"reasoning_tokens":1024},"total_tokens":10671}}"#,
      "ok m input=1279 cache_read=8192 output=176 reasoning=1024"
    ),
    // Cache writes with their lifetimes: 1000 - 100 - 300 - 50.
    (
      #"{"model":"m","usage":{"input_tokens":1000,"input_tokens_details":{"cached_tokens":100,"cache_write_tokens":350,"cache_write_tokens_details":{"ttl_30m_tokens":300,"ttl_12h_tokens":50}},"output_tokens":10,"total_tokens":1010}}"#,
      "ok m input=550 cache_read=100 output=10 cache_write_30m=300 cache_write_12h=50"
    ),
    // Images: text in, image tokens out.
    (
      #"{"model":"gpt-image-1","usage":{"input_tokens":53,"input_tokens_details":{"image_tokens":0,"text_tokens":53},"output_tokens":6240,"output_tokens_details":{"image_tokens":6240,"text_tokens":0},"total_tokens":6293}}"#,
      "ok gpt-image-1 input=53 output=0 output_image=6240"
    ),
    // Transcription by tokens, and by time: 27 seconds are 27,000,000 microseconds.
    (
      #"{"model":"m","usage":{"type":"tokens","input_tokens":272,"output_tokens":61,"total_tokens":333,"input_token_details":{"audio_tokens":272,"text_tokens":0}}}"#,
      "ok m input=0 output=61 input_audio=272"
    ),
    (
      #"{"model":"m","usage":{"type":"duration","seconds":27.0}}"#,
      "ok m audio_seconds=27000000"
    ),
    // Anthropic: cached tokens stand beside the input, thinking inside the output.
    (
      #"{"model":"c","usage":{"input_tokens":412,"cache_read_input_tokens":18304,"cache_creation_input_tokens":3072,"cache_creation":{"ephemeral_5m_input_tokens":1024,"ephemeral_1h_input_tokens":2048},"output_tokens":733,"output_tokens_details":{"thinking_tokens":401},"server_tool_use":{"web_search_requests":2,"web_fetch_requests":1},"service_tier":"standard","inference_geo":"us","speed":null}}"#,
      "ok c tier=standard region=us input=412 cache_read=18304 output=332 cache_write_5m=1024 cache_write_1h=2048 reasoning=401 searches=2"
    ),
    // Only the sum of the cache writes: their lifetime is not known, and that is said.
    (
      #"{"model":"c","usage":{"input_tokens":10,"cache_creation_input_tokens":300,"cache_read_input_tokens":0,"output_tokens":5}}"#,
      "ok c input=10 cache_read=0 output=5 cache_write_5m=300 !cache_lifetime_unknown"
    ),
    // Gemini: thoughts stand beside the candidates; the tool's prompt is prompt. 1200 + 40 - 1000.
    (
      #"{"modelVersion":"g","usageMetadata":{"promptTokenCount":1200,"cachedContentTokenCount":1000,"candidatesTokenCount":80,"thoughtsTokenCount":300,"toolUsePromptTokenCount":40,"totalTokenCount":1620}}"#,
      "ok g input=240 cache_read=1000 output=80 reasoning=300"
    ),
    // The same in the Python SDK's spelling, with audio in the prompt: 1200 - 200.
    (
      #"{"model_version":"g","usage_metadata":{"prompt_token_count":1200,"prompt_tokens_details":[{"modality":"TEXT","token_count":1000},{"modality":"AUDIO","token_count":200}],"candidates_token_count":80,"total_token_count":1280}}"#,
      "ok g input=1000 output=80 input_audio=200"
    ),
    // A film in the prompt, a part of it cached: 1200 - 400 - (700 - 300), and 700 - 300 of video.
    (
      #"{"modelVersion":"g","usageMetadata":{"promptTokenCount":1200,"cachedContentTokenCount":400,"promptTokensDetails":[{"modality":"TEXT","tokenCount":500},{"modality":"VIDEO","tokenCount":700}],"cacheTokensDetails":[{"modality":"TEXT","tokenCount":100},{"modality":"VIDEO","tokenCount":300}],"candidatesTokenCount":80,"totalTokenCount":1280}}"#,
      "ok g input=400 cache_read=400 output=80 input_video=400"
    ),
    // Together counts cached tokens at the usage's top; DeepSeek as a pair that is the prompt.
    (
      #"{"model":"t","usage":{"prompt_tokens":41,"completion_tokens":17,"total_tokens":58,"cached_tokens":30}}"#,
      "ok t input=11 cache_read=30 output=17"
    ),
    (
      #"{"model":"d","usage":{"prompt_tokens":500,"completion_tokens":20,"total_tokens":520,"prompt_cache_hit_tokens":384,"prompt_cache_miss_tokens":116}}"#,
      "ok d input=116 cache_read=384 output=20"
    ),
    // LiteLLM repeats Anthropic's fields beside their aliases: one fact each. 21788 - 18304 - 3072.
    (
      #"{"model":"l","usage":{"prompt_tokens":21788,"completion_tokens":10,"total_tokens":21798,"cache_read_input_tokens":18304,"cache_creation_input_tokens":3072,"prompt_tokens_details":{"cached_tokens":18304,"cache_write_tokens":3072,"cache_creation_tokens":3072}}}"#,
      "ok l input=412 cache_read=18304 output=10 cache_write_5m=3072 !cache_lifetime_unknown"
    ),
    // Some xAI endpoints count reasoning beside the completion, and their total says so.
    (
      #"{"model":"x","usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":420,"completion_tokens_details":{"reasoning_tokens":300}}}"#,
      "ok x input=100 output=20 reasoning=300"
    ),
    // Groq's timings are no usage.
    (
      #"{"model":"q","usage":{"queue_time":0.08,"prompt_tokens":142,"prompt_time":0.004,"completion_tokens":219,"completion_time":0.44,"total_tokens":361,"total_time":0.44}}"#,
      "ok q input=142 output=219"
    ),
  ])
  func `usage comes to disjoint meters`(line: String, reading: String) {
    #expect(Reading.of(line) == reading)
  }

  @Test(arguments: [
    // A part beyond its whole.
    #"{"model":"m","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":11}}}"#,
    // A total that is no sum.
    #"{"model":"m","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":99}}"#,
    // A total with nothing to part it by.
    #"{"model":"m","usage":{"total_tokens":99}}"#,
    // Lifetimes that do not add up.
    #"{"model":"m","usage":{"input_tokens":1,"output_tokens":1,"cache_creation_input_tokens":9,"cache_creation":{"ephemeral_5m_input_tokens":3,"ephemeral_1h_input_tokens":3}}}"#,
    // Two statements of cached tokens that differ.
    #"{"model":"m","usage":{"prompt_tokens":100,"completion_tokens":5,"total_tokens":105,"cached_tokens":30,"prompt_tokens_details":{"cached_tokens":20}}}"#,
    // DeepSeek's pair is not the prompt.
    #"{"model":"m","usage":{"prompt_tokens":100,"completion_tokens":5,"total_tokens":105,"prompt_cache_hit_tokens":30,"prompt_cache_miss_tokens":30}}"#,
    // Thoughts are missing from Gemini's total.
    #"{"modelVersion":"m","usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":5,"thoughtsTokenCount":7,"totalTokenCount":15}}"#,
  ])
  func `a contradiction is flagged and nothing is clamped`(line: String) {
    #expect(Reading.of(line) == "ok m !contradictory_usage")
  }

  @Test func `the numbers of a contradiction are kept as they came`() {
    let reader = Reading.Reader()
    let line =
      #"{"model":"m","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":11}}}"#
    guard case .call(let call) = reader.decode(Array(line.utf8)) else {
      Issue.record("no call")
      return
    }
    #expect(
      reader.details(call)
        == #"{"flags":["contradictory_usage"],"raw":{"prompt_tokens":10,"cached_tokens":11,"completion_tokens":5,"reasoning_tokens":0,"input_tokens":10,"output_tokens":5,"total_tokens":15}}"#
    )
  }

  @Test(arguments: [
    (#"{"svg_tokens":7}"#, #"{"flags":["unknown_usage"],"unknown":["svg_tokens"]}"#),
    (#"{"svg_usage":{"input":7}}"#, #"{"flags":["unknown_usage"],"unknown":["input"]}"#),
    (#"{"list":[{"a":0},{"b":3}]}"#, #"{"flags":["unknown_usage"],"unknown":["b"]}"#),
    (#"{"my secret words!":1.5}"#, #"{"flags":["unknown_usage"],"unknown":["?"]}"#),
    (#"{"svg_tokens":0,"note":"7","more":null,"flag":true}"#, ""),
  ])
  func `usage that no meter holds is flagged by name`(extra: String, details: String) {
    let reader = Reading.Reader()
    let line = #"{"model":"m","usage":{"prompt_tokens":1,"# + extra.dropFirst() + "}"
    guard case .call(let call) = reader.decode(Array(line.utf8)) else {
      Issue.record("no call: \(line)")
      return
    }
    #expect(reader.details(call) == details)
  }
}
