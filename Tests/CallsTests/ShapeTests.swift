import Calls
import Testing

/// Lines of other programs, one of each shape, and the meters that their rule makes of them.
///
/// The lines are short ones of our own making; what real clients wrote stands in `SampleLineTests`.
@Suite struct ShapeTests {
  static let rows: [(line: String, reading: String)] = [
    // OpenAI's Responses: two searches of three tool calls; where their number is stated, that holds.
    (
      #"{"object":"response","model":"m","output":[{"type":"web_search_call","status":"completed","action":{"type":"search"}},{"type":"web_search_call","action":{"type":"open_page"}},{"type":"web_search_call"},{"type":"message","content":[{"text":"web_search_call"}]}],"usage":{"input_tokens":9,"output_tokens":1,"total_tokens":10}}"#,
      "ok m input=9 output=1 searches=2"
    ),
    (
      #"{"object":"response","model":"m","output":[{"type":"web_search_call"}],"tool_usage":{"web_search":{"num_requests":4}},"usage":{"input_tokens":9,"output_tokens":1}}"#,
      "ok m input=9 output=1 searches=4"
    ),
    (
      #"{"type":"response.completed","response":{"id":"resp_1","model":"m","output":[{"type":"web_search_call"}],"usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":4},"output_tokens":3,"output_tokens_details":{"reasoning_tokens":2}}}}"#,
      "ok m input=5 cache_read=4 output=1 reasoning=2 searches=1"
    ),
    (#"{"type":"response.created","response":{"id":"resp_1","usage":null}}"#, "ignored stream_part"),
    (#"{"type":"response.output_text.delta","delta":"secret","response":{}}"#, "ignored stream_part"),
    (
      #"{"id":"batch_req_1","custom_id":"a","response":{"status_code":200,"request_id":"r","body":{"id":"chatcmpl-1","model":"m","created":1795217000,"usage":{"prompt_tokens":5,"completion_tokens":2}}},"error":null}"#,
      "ok 2026-11-20T23:23:20Z m tier=batch input=5 output=2"
    ),
    (
      #"{"id":"batch_req_1","custom_id":"a","response":null,"error":{"code":"batch_expired"}}"#,
      "error  tier=batch"
    ),
    (
      #"{"custom_id":"a","result":{"type":"succeeded","message":{"id":"msg_1","type":"message","model":"m","usage":{"input_tokens":5,"cache_read_input_tokens":7,"output_tokens":2}}}}"#,
      "ok anthropic/m tier=batch input=5 cache_read=7 output=2"
    ),
    (
      #"{"id":"batch_1","object":"batch","status":"completed","usage":{"input_tokens":900,"output_tokens":80}}"#,
      "ignored sum_of_calls"
    ),
    (#"{"custom_id":"a","result":{"type":"expired"}}"#, "error anthropic tier=batch"),
    (
      #"{"key":"a","response":{"responseId":"r","modelVersion":"m","usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":2,"totalTokenCount":7}}}"#,
      "ok m tier=batch input=5 output=2"
    ),
    // Anthropic: a delta names no model of its own.
    (
      #"{"type":"message_delta","usage":{"input_tokens":5,"cache_read_input_tokens":7,"output_tokens":2}}"#,
      "ignored stream_part"
    ),
    (
      #"{"id":"msg_1","model":"m","body":{"type":"message_delta","usage":{"input_tokens":5,"cache_read_input_tokens":7,"output_tokens":2}}}"#,
      "ok m input=5 cache_read=7 output=2"
    ),
    // Iterations: 5 + 30 of its own model, compaction among them, and another's 4.
    (
      #"{"id":"msg_1","type":"message","model":"m","usage":{"input_tokens":5,"output_tokens":2,"cache_read_input_tokens":0,"service_tier":"standard","iterations":[{"type":"compaction","input_tokens":30,"output_tokens":10,"cache_read_input_tokens":1,"cache_creation_input_tokens":0},{"type":"message","input_tokens":5,"output_tokens":2,"cache_read_input_tokens":0,"cache_creation_input_tokens":0},{"type":"advisor_message","model":"big","input_tokens":4,"output_tokens":3,"cache_read_input_tokens":0,"cache_creation_input_tokens":0}]}}"#,
      "ok anthropic/m tier=standard input=35 cache_read=1 output=12 | ok anthropic/big tier=standard input=4 cache_read=0 output=3"
    ),
    (
      #"{"id":"c","model":"compound","created":1795217000,"usage":{"prompt_tokens":9,"completion_tokens":9},"usage_breakdown":{"models":[{"model":"a","usage":{"prompt_tokens":4,"completion_tokens":4}},{"model":"b","usage":{"prompt_tokens":5,"completion_tokens":5}}]}}"#,
      "ok 2026-11-20T23:23:20Z groq/a input=4 output=4 | ok 2026-11-20T23:23:20Z groq/b input=5 output=5"
    ),
    // LiteLLM: everything inside, Anthropic's cache too; its own cache bills nobody.
    (
      #"{"id":"a","call_type":"acompletion","custom_llm_provider":"anthropic","litellm_call_id":"l","status":"success","startTime":1795217000.5,"model":"m","response_cost":1.35e-05,"request_tags":["team:blue","beta",":",":x"],"metadata":{"user_api_key_team_alias":"search","usage_object":{"prompt_tokens":20,"completion_tokens":4,"total_tokens":24,"cache_read_input_tokens":11,"cache_creation_input_tokens":2}}}"#,
      "ok 2026-11-20T23:23:20.5Z anthropic/m team=search tags={\"beta\":\"true\",\"team\":\"blue\"} input=7 cache_read=11 output=4 cache_write_5m=2 !cache_lifetime_unknown"
    ),
    (
      #"{"request_id":"a","call_type":"acompletion","custom_llm_provider":"openai","spend":0.01,"model":"m","startTime":"2026-11-20T23:23:20Z","prompt_tokens":20,"completion_tokens":4,"total_tokens":24,"metadata":"{\"usage_object\":{\"prompt_tokens\":20,\"completion_tokens\":4,\"prompt_tokens_details\":{\"cached_tokens\":8}}}"}"#,
      "ok 2026-11-20T23:23:20Z openai/m input=12 cache_read=8 output=4"
    ),
    (
      #"{"id":"a","call_type":"completion","custom_llm_provider":"openai","cache_hit":true,"prompt_tokens":20}"#,
      "ignored gateway_cache"
    ),
    (
      #"{"id":"a","call_type":"completion","custom_llm_provider":"openai","status":"failure","model":"m","response_cost":0,"total_tokens":0,"error_information":{"error_code":"429"}}"#,
      "error openai/m"
    ),
    (
      #"{"kwargs":1,"standard_logging_object":{"id":"a","call_type":"image_generation","custom_llm_provider":"openai","status":"success","model":"m","total_tokens":0,"model_parameters":{"size":"1024x1024"},"response":{"data":[{"url":"x"},{"url":"y"}]}}}"#,
      "ok openai/m variant=size=1024x1024 images=2 megapixels=2097152 !from_parameters"
    ),
    // OpenRouter.
    (
      #"{"id":"gen-1","model":"a/b","provider":"DeepInfra","usage":{"prompt_tokens":9,"completion_tokens":1,"cost":0.0001,"is_byok":false}}"#,
      "ok openrouter/deepinfra/a/b input=9 output=1"
    ),
    (
      #"{"data":{"id":"gen-1","model":"a/b","provider_name":"DeepInfra","total_cost":0.0001,"usage":0.0001,"tokens_prompt":7,"native_tokens_prompt":9,"native_tokens_completion":4,"native_tokens_reasoning":3,"native_tokens_cached":2,"cancelled":false,"created_at":"2026-11-20T23:23:20Z"}}"#,
      "ok 2026-11-20T23:23:20Z openrouter/deepinfra/a/b input=7 cache_read=2 output=1 reasoning=3"
    ),
    (
      #"{"id":"gen-1","model":"a/b","total_cost":0.0001,"usage":0.0001,"native_tokens_prompt":9,"native_tokens_completion":4,"cancelled":true}"#,
      "canceled openrouter/a/b input=9 output=4"
    ),
    // Counts at the top, and a call with its answer.
    (
      #"{"team":"a","at":1795217000,"model":"m","prompt_tokens":9,"completion_tokens":4,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":2},"type":"llm"}"#,
      "ok 2026-11-20T23:23:20Z m team=a input=7 cache_read=2 output=4"
    ),
    (
      #"{"model":"m","input_tokens":9,"output_tokens":4,"cache_read_input_tokens":20,"note":"x"}"#,
      "ok m input=9 cache_read=20 output=4"
    ),
    (
      #"{"prompt_token_count":9,"candidates_token_count":4,"thoughts_token_count":2,"total_token_count":15,"cached_content_token_count":null,"traffic_type":"ON_DEMAND"}"#,
      "ok  input=9 output=4 reasoning=2"
    ),
    (#"{"model":"m","prompt_tokens":"many"}"#, "refused no_usage"),
    (
      #"{"time":1795217000,"request":{"method":"POST","url":"https://api.x.ai/v1/chat/completions","body":"{\"model\":\"m\"}"},"response":{"status":200,"headers":{"X-Request-Id":"r"},"body":"{\"id\":\"c\",\"model\":\"m-1\",\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4}}"}}"#,
      "ok 2026-11-20T23:23:20Z xai/m input=9 output=4"
    ),
    (
      #"{"request":{"method":"POST","path":"/v1/messages","body":{"model":"m"}},"response":{"status":529,"body":{"type":"error"}}}"#,
      "error m"
    ),
    (
      #"{"request":{"method":"GET","path":"/v1/models"},"response":{"status":200,"body":{"data":[]}}}"#,
      "ignored no_model_call"
    ),
    (
      #"{"ts":1795217000,"method":"POST","url":"https://api.groq.com/openai/v1/chat/completions","status":200,"request_body":{"model":"m"},"response_headers":{},"response_body":{"id":"c","model":"m","usage":{"prompt_tokens":9,"completion_tokens":4}}}"#,
      "ok 2026-11-20T23:23:20Z groq/m input=9 output=4"
    ),
    // Fireworks states cached tokens in a header alone.
    (
      #"{"headers":{"Fireworks-Cached-Prompt-Tokens":"5"},"body":{"model":"m","usage":{"prompt_tokens":9,"completion_tokens":4}}}"#,
      "ok m input=4 cache_read=5 output=4"
    ),
    // Cohere and Ollama.
    (
      #"{"id":"x","model":"m","usage":{"billed_units":{"input_tokens":5,"output_tokens":2},"tokens":{"input_tokens":70,"output_tokens":2}}}"#,
      "ok cohere/m input=5 output=2"
    ),
    (
      #"{"id":"x","model":"m","results":[],"meta":{"api_version":{"version":"2"},"billed_units":{"search_units":1}}}"#,
      "ok cohere/m searches=1"
    ),
    (
      #"{"model":"m","created_at":"2026-11-20T23:23:20Z","done":true,"prompt_eval_count":26,"eval_count":298,"total_duration":10706818083}"#,
      "ok 2026-11-20T23:23:20Z ollama/m input=26 output=298"
    ),
    // Replicate: what was made, else the time; nothing before the end.
    (
      #"{"id":"p","model":"a/b","version":"v","status":"succeeded","created_at":"2026-11-20T23:23:20Z","metrics":{"video_output_duration_seconds":5.5,"predict_time":9.1},"urls":{"get":"u"}}"#,
      "ok 2026-11-20T23:23:20Z replicate/a/b video_seconds=5500000"
    ),
    (
      #"{"id":"p","model":"a/b","version":"v","status":"failed","created_at":"2026-11-20T23:23:20Z","metrics":{"predict_time":9.1},"urls":{"get":"u"}}"#,
      "error 2026-11-20T23:23:20Z replicate/a/b compute_seconds=9100000"
    ),
    (
      #"{"id":"p","model":"a/b","version":"v","status":"processing","created_at":"2026-11-20T23:23:20Z","urls":{"get":"u"}}"#,
      "ignored unfinished"
    ),
    // fal and WaveSpeed.
    (
      #"{"images":[{"url":"u","width":1024,"height":768}],"timings":{"inference":1.9},"seed":1,"model":"fal-ai/x"}"#,
      "ok fal/fal-ai/x variant=size=1024x768 images=1 megapixels=786432 !from_parameters"
    ),
    (#"{"video":{"url":"u"},"seed":7,"headers":{"x-fal-billable-units":"5"}}"#, "ok fal"),
    (#"{"status":"IN_QUEUE","request_id":"r","queue_position":3}"#, "ignored unfinished"),
    (
      #"{"code":200,"message":"success","data":{"id":"w","model":"a/b","outputs":["https://x/y.png"],"status":"completed","created_at":"2026-11-20T23:23:20Z","error":"","timings":{"inference":912}}}"#,
      "ok 2026-11-20T23:23:20Z wavespeed/a/b images=1 !from_parameters"
    ),
    (
      #"{"code":200,"message":"","data":{"id":"w","model":"a/b","outputs":[],"status":"processing"}}"#,
      "ignored unfinished"
    ),
    // Headers that a hook has seen.
    (
      #"{"ts":1795217000,"method":"POST","url":"https://router.huggingface.co/fal-ai/fal-ai/flux/dev?x=1","status":200,"bill_to":"org","headers":{"x-inference-provider":"fal-ai","x-fal-billable-units":"0.5"}}"#,
      "ok 2026-11-20T23:23:20Z huggingface/fal-ai/fal-ai/flux/dev tags={\"bill_to\":\"org\"}"
    ),
    (#"{"method":"GET","url":"https://cdn/x.png","status":200,"headers":{}}"#, "ignored no_model_call"),
    // What was asked for counts where the hook or the address says what it is of; billable units go first.
    (
      #"{"method":"POST","url":"https://router.huggingface.co/nscale/v1/images/generations","model":"m","status":200,"params":{"n":2,"size":"1024x768"},"headers":{"x-inference-provider":"nscale"}}"#,
      "ok huggingface/nscale/m variant=size=1024x768 images=2 megapixels=1572864 !from_parameters"
    ),
    (
      #"{"method":"POST","url":"https://router.huggingface.co/replicate/v1/models/a/b/predictions","operation":"video","status":201,"params":{"seconds":5},"headers":{"x-inference-provider":"replicate"}}"#,
      "ok huggingface/replicate/a/b video_seconds=5000000 !from_parameters"
    ),
    (
      #"{"method":"POST","url":"https://router.huggingface.co/replicate/v1/models/a/b/predictions","status":201,"params":{"n":2},"headers":{"x-inference-provider":"replicate"}}"#,
      "ok huggingface/replicate/a/b"
    ),
    (
      #"{"method":"POST","url":"https://router.huggingface.co/fal-ai/fal-ai/flux/dev","operation":"image","status":200,"params":{"n":2},"headers":{"x-inference-provider":"fal-ai","x-fal-billable-units":"0.5"}}"#,
      "ok huggingface/fal-ai/fal-ai/flux/dev"
    ),
    // Access lines.
    (
      #"{"msec":"1795217000.000","request_time":0.01,"upstream_status":"200","status":499,"uri":"/v1/chat/completions","request_id":"r"}"#,
      "canceled 2026-11-20T23:23:20Z "
    ),
    (
      #"{"request_time":0.01,"upstream_status":"200","status":200,"uri":"/healthz","request_id":"r"}"#,
      "ignored no_model_call"
    ),
    (
      #"{"start_time":"2026-11-20T23:23:20Z","response_code":200,"path":"/v1/chat/completions","gen_ai.request.model":"m","gen_ai.provider.name":"x_ai","gen_ai.usage.input_tokens":"9","gen_ai.usage.output_tokens":"-"}"#,
      "ok 2026-11-20T23:23:20Z xai/m input=9"
    ),
    (
      #"{"ai":{"ai-proxy":{"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11,"time_per_token":4.4,"cost":0.1},"meta":{"provider_name":"mistral","request_model":"m"}}},"started_at":1795217000000,"response":{"status":200}}"#,
      "ok 2026-11-20T23:23:20Z mistral/m input=9 output=2"
    ),
    // Envelopes.
    (
      #"{"specversion":"1.0","source":"a","id":"1","type":"t","time":"2026-11-20T23:23:20Z","subject":"u","data":{"id":"chatcmpl-1","object":"chat.completion","model":"m","usage":{"prompt_tokens":9,"completion_tokens":2}}}"#,
      "ok 2026-11-20T23:23:20Z m input=9 output=2"
    ),
    (
      #"{"specversion":"1.0","source":"a","id":"1","type":"t","data":{"model":"a/b","usage":{"prompt_tokens":9,"completion_tokens":2,"is_byok":false},"provider":"Groq"}}"#,
      "ok openrouter/groq/a/b input=9 output=2"
    ),
    (#"{"specversion":"1.0","source":"a","id":"1","type":"t","data":"text"}"#, "ignored no_model_call"),
    (
      #"{"providerRequest":{"url":"https://api.groq.com/openai/v1","json":{"model":"m"},"meta":{"Helicone-Property-Feature":"x"}},"providerResponse":{"status":200,"json":{"model":"m-1","usage":{"prompt_tokens":9,"completion_tokens":2}}},"timing":{"startTime":{"seconds":1795217000,"milliseconds":500}}}"#,
      "ok 2026-11-20T23:23:20.5Z groq/m-1 tags={\"feature\":\"x\"} input=9 output=2"
    ),
    (
      #"{"type":"assistant","timestamp":"2026-11-20T23:23:20Z","sessionId":"s","requestId":"r","message":{"id":"msg_1","model":"m","content":[],"usage":{"input_tokens":3,"cache_read_input_tokens":9,"output_tokens":2}}}"#,
      "ok 2026-11-20T23:23:20Z anthropic/m input=3 cache_read=9 output=2 !stream"
    ),
    (
      #"{"type":"user","timestamp":"2026-11-20T23:23:20Z","sessionId":"s","message":{"content":"x"}}"#,
      "ignored no_model_call"
    ),
    (#"{"error_class":"RateLimitError","status_code":429,"model":"m","body":{"type":"tokens"}}"#, "error m"),
  ]

  @Test(arguments: rows)
  func `a line of another program comes to its calls`(line: String, reading: String) {
    #expect(Reading.of(line) == reading)
  }

  /// Bytes are swapped, doubled, dropped and replaced by those that JSON and numbers are made of.
  @Test(arguments: 1...4)
  func `a damaged line is read or refused, and the next one is read as ever`(seed: UInt64) {
    var state = seed
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let odd = Array(#"{}[]":,\0-9e.:null"#.utf8) + [0, 0xff]
    let reader = Reading.Reader()
    for row in Self.rows {
      for _ in 0..<40 {
        var line = Array(row.line.utf8)
        for _ in 0...next(3) {
          let place = next(line.count)
          switch next(4) {
          case 0: line[place] = odd[next(odd.count)]
          case 1: line.remove(at: place)
          case 2: line.insert(line[next(line.count)], at: place)
          default: line.swapAt(place, next(line.count))
          }
        }
        _ = reader.read(line, defaults: [:])
      }
      #expect(reader.read(Array(row.line.utf8), defaults: [:]) == row.reading)
    }
  }

  @Test(arguments: [
    #"{"team":"a","message":"done","status":200,"model":"m","units":{"input":3}}"#,
    #"{"team":"a","data":[1],"status":200,"model":"m","usage":{"prompt_tokens":3}}"#,
    #"{"team":"a","data":{"x":1},"status":200,"model":"m","usage":{"prompt_tokens":3}}"#,
    #"{"team":"a","url":"https://x","metrics":{"x":1},"status":200,"model":"m","usage":{"prompt_tokens":3}}"#,
    #"{"team":"a","timestamp":"x","response":"text","result":1,"status":200,"model":"m","usage":{"prompt_tokens":3}}"#,
    #"{"team":"a","attributes":{"x":1},"spanId":"s","status":200,"model":"m","usage":{"prompt_tokens":3}}"#,
    #"{"team":"a","batch":false,"images":[{"url":"u"}],"status":200,"model":"m","usage":{"prompt_tokens":3}}"#,
  ])
  func `our own line stays ours though it has another program's key`(line: String) {
    #expect(Reading.of(line) == "ok m team=a input=3")
  }
}
