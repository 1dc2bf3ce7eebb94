import Testing

/// What becomes of every line of the samples: a text a line, its calls parted by bars.
enum SampleTable {
  struct Row: CustomTestStringConvertible, Sendable {
    let file: String
    let fates: [String]

    init(_ file: String, _ fates: [String]) {
      self.file = file
      self.fates = fates
    }

    var testDescription: String { file }
  }

  static let rows: [Row] = [
    Row(
      "anthropic_sdk_2.11_debug_log.txt",
      [
        "refused bad_json",
        "refused bad_json",
        "refused bad_json",
        "refused bad_json",
        "refused bad_json",
        "refused bad_json",
      ]),
    Row(
      "anthropic_sdk_2.11_model_dump.jsonl",
      [
        "exact 0.044823480 input=412 cache_read=18304 output=332 cache_write_5m=1024 cache_write_1h=2048 reasoning=401 searches=2",
        "exact 0.044823480 input=412 cache_read=18304 output=332 cache_write_5m=1024 cache_write_1h=2048 reasoning=401 searches=2",
        "exact 0.044823480 input=412 cache_read=18304 output=332 cache_write_5m=1024 cache_write_1h=2048 reasoning=401 searches=2",
      ]),
    // The start is a call; its delta is one by the start alone, see StreamedMessageTests. claude-sonnet-5 2, .2, 2.5, 4 and
    // 10, in the US × 1.1: (412 × 2 + 18304 × .2 + 1024 × 2.5 + 2048 × 4 + 3 × 10) × 1.1 = 15266.8 × 1.1.
    Row(
      "anthropic_stream_events.jsonl",
      [
        "exact 0.016793480 input=412 cache_read=18304 output=3 cache_write_5m=1024 cache_write_1h=2048",
        "ignored stream_part",
        "ignored stream_part",
        "ignored stream_part",
        "ignored stream_part",
        "ignored stream_part",
      ]),
    // gpt-5-mini .25: 2306 × .25.
    Row(
      "cloudevents_openmeter.jsonl",
      [
        "exact 0.000576500 input=2306"
      ]),
    // A result names no model; a state of the queue is no call.
    Row(
      "fal_client_1.0.3.jsonl",
      [
        "unpriced no_model images=1 megapixels=786432",
        "ignored unfinished",
        "unpriced no_model",
      ]),
    // The router's price of media is on no card; fetches, a queue's states and its submission are no calls.
    Row(
      "hf_httpx_hook_headers.jsonl",
      [
        "unpriced unknown_provider",
        "ignored no_model_call",
        "ignored unfinished",
        "ignored no_model_call",
        "unpriced unknown_provider",
        "ignored no_model_call",
        "unpriced unknown_provider",
        "ignored no_model_call",
        "unpriced no_model",
      ]),
    Row(
      "hf_inference_client_2.4_chat.jsonl",
      [
        "unpriced no_provider input=57 output=24",
        "unpriced no_provider input=57 output=24",
        "unpriced no_provider input=57 output=24",
      ]),
    Row(
      "hf_inference_client_2.4_media.jsonl",
      [
        "refused no_usage",
        "refused no_usage",
        "refused no_usage",
        "refused no_usage",
      ]),
    // gpt-5-mini .25 and 2: 10 × .25 + 5 × 2 = 2.5 + 10.
    Row(
      "hostile_lines.ndjson",
      [
        "exact 0.000012500 input=10 output=5",
        "blank",
        "blank",
        "exact 0.000012500 input=10 output=5",
        "exact 0.000012500 input=10 output=5",
        "refused torn",
        "refused not_utf8",
        "refused bad_text",
        "refused bad_text",
        "refused bad_json",
        "refused duplicate_key",
        "refused negative_count",
        "unpriced no_provider output=1",
        "refused fractional_count",
        "unpriced no_provider input=1000 output=100",
        "refused count_too_large",
        "refused bad_json",
        "unpriced no_provider input=10 output=5",
        "unpriced no_provider",
        "unpriced no_provider",
        "refused empty_id",
        "refused no_usage",
        "unpriced no_provider input=5 output=5",
        "unpriced no_provider input=700 output=50",
      ]),
    Row(
      "litellm_1.106_kwargs_keys.json",
      [
        "refused not_an_object"
      ]),
    // Each is what LiteLLM itself states as response_cost. gpt-4o-mini .15 and .6: 10 × .15 + 20 × .6 = 1.5 + 12.
    Row(
      "litellm_1.106_standard_logging_payload.jsonl",
      [
        "exact 0.000013500 input=10 output=20",
        "exact 0.000744500 input=386 cache_read=1920 output=172 reasoning=128",
        "exact 0.044823480 input=412 cache_read=18304 output=332 cache_write_5m=1024 cache_write_1h=2048 reasoning=401 searches=2",
        "exact 0.000744500 input=386 cache_read=1920 output=172 reasoning=128",
        "exact 0.000143100 input=14 cache_read=128 output=142 reasoning=77",
      ]),
    // No tokens, no model; the client that left may have been billed.
    Row(
      "nginx_1.22_json_access.jsonl",
      [
        "unpriced no_model",
        "unpriced unknown_provider",
        "unpriced no_model canceled",
      ]),
    Row(
      "openai_compatible_hosts.jsonl",
      [
        "unpriced no_provider input=14 cache_read=128 output=142 reasoning=77",
        "unpriced no_provider input=41 output=17",
        "exact 0.003215200 input=500 cache_read=7500 output=333",
      ]),
    Row(
      "openai_raw_response_headers.jsonl",
      [
        "exact 0.000744500 input=386 cache_read=1920 output=172 reasoning=128"
      ]),
    Row(
      "openai_sdk_3.52_debug_log.txt",
      [
        "refused bad_json",
        "refused bad_json",
        "refused bad_json",
        "refused bad_json",
      ]),
    Row(
      "openai_sdk_3.52_model_dump.jsonl",
      [
        "exact 0.000744500 input=386 cache_read=1920 output=172 reasoning=128",
        "exact 0.001340100 input=386 cache_read=1920 output=172 reasoning=128",
        "unpriced no_provider input=33 output=132 input_audio=98 output_audio=412",
        "partial 0.008976375 input=1279 cache_read=8192 output=381 reasoning=1152 searches=1",
        "exact 0.000016220 input=811",
        "unpriced no_model input=53 output_image=6240",
        "unpriced no_model output=61 input_audio=272",
        "unpriced no_model audio_seconds=27000000",
        "exact 0.000000000 error",
      ]),
    Row(
      "openai_stream_chunks.jsonl",
      [
        "ignored stream_part",
        "ignored stream_part",
        "ignored stream_part",
        "exact 0.000744500 input=386 cache_read=1920 output=172 reasoning=128",
        "ignored stream_part",
        "ignored stream_part",
        "ignored stream_part",
      ]),
    // These spans leave cached tokens out, so they are dearer than their calls were: 2306 × .25 + 300 × 2 = 576.5 + 600.
    Row(
      "otlp_default.jsonl",
      [
        "exact 0.001176500 input=2306 output=300",
        "exact 0.001176500 input=2306 output=300",
        "exact 0.000016220 input=811 | exact 0.000000000 error",
        "ignored metric_points",
        "ignored told_by_span",
      ]),
    Row(
      "otlp_default_content.jsonl",
      [
        "ignored told_by_span",
        "exact 0.001176500 input=2306 output=300 | exact 0.001176500 input=2306 output=300",
        "exact 0.000016220 input=811 | exact 0.000000000 error",
        "ignored metric_points",
        "ignored told_by_span",
      ]),
    // With cached and reasoning tokens the amounts are those of the answers themselves.
    Row(
      "otlp_genai_pkg_latest.jsonl",
      [
        "exact 0.000744500 input=386 cache_read=1920 output=172 reasoning=128"
          + " | exact 0.000744500 input=386 cache_read=1920 output=172 reasoning=128",
        "exact 0.008976375 input=1279 cache_read=8192 output=381 reasoning=1152"
          + " | exact 0.000016220 input=811"
          + " | exact 0.000000000 error",
        "ignored metric_points",
      ]),
    Row(
      "otlp_genai_pkg_latest_content.jsonl",
      [
        "exact 0.000744500 input=386 cache_read=1920 output=172 reasoning=128"
          + " | exact 0.000744500 input=386 cache_read=1920 output=172 reasoning=128",
        "exact 0.008976375 input=1279 cache_read=8192 output=381 reasoning=1152"
          + " | exact 0.000016220 input=811"
          + " | exact 0.000000000 error",
        "ignored metric_points",
        "ignored told_by_span",
      ]),
    // FLUX.1 dev at 25,000 an image.
    Row(
      "replicate_sdk_1.0.7_prediction.jsonl",
      [
        "exact 0.025000000 images=1"
      ]),
    // In their order: LiteLLM's spend log, two rows of one call in Claude Code's transcript, its event, Vercel's leaf
    // and its parent, Helicone, Langfuse, Kong, Envoy.
    // claude-sonnet-4-5 3, .3, 3.75, 15: 412 × 3 + 18304 × .3 + 3072 × 3.75 + 733 × 15 = 1236 + 5491.2 + 11,520 + 10,995.
    // claude-opus-5 5, .5, 6.25, 25: 3 × 5 + 22137 × .5 + 2285 × 6.25 + 2 × 25 = 15 + 11,068.5 + 14,281.25 + 50; the
    // second row has 515 × 25 more, and Claude Code itself states 38,293.5.
    // claude-sonnet-5 2, .2, 2.5, 10: 412 × 2 + 18304 × .2 + 3072 × 2.5 + 733 × 10 = 824 + 3660.8 + 7680 + 7330.
    Row(
      "synthetic_other_emitters.jsonl",
      [
        "partial 0.029242200 input=412 cache_read=18304 output=733 cache_write_5m=3072",
        "partial 0.025414750 input=3 cache_read=22137 output=2 cache_write_5m=2285",
        "partial 0.038289750 input=3 cache_read=22137 output=517 cache_write_5m=2285",
        "partial 0.038289750 input=3 cache_read=22137 output=517 cache_write_5m=2285",
        "exact 0.000744500 input=386 cache_read=1920 output=172 reasoning=128",
        "ignored sum_of_calls",
        "exact 0.000012500 input=10 output=5",
        "partial 0.019494800 input=412 cache_read=18304 output=733 cache_write_5m=3072",
        "exact 0.001176500 input=2306 output=300",
        "exact 0.001176500 input=2306 output=300",
      ]),
    // What went over another door, in a wrapper of its own.
    Row(
      "transport_fluent_forward_unix.jsonl",
      [
        "refused no_usage"
      ]),
    // What went over another door, in a wrapper of its own.
    Row(
      "transport_http_uds_curl.jsonl",
      [
        "refused no_usage",
        "refused no_usage",
        "refused no_usage",
      ]),
    Row(
      "transport_python_sysloghandler.jsonl",
      [
        "refused no_usage",
        "refused bad_json",
        "refused no_usage",
      ]),
    Row(
      "transport_rsyslog_omuxsock.jsonl",
      [
        "exact 0.000744500 input=386 cache_read=1920 output=172 reasoning=128",
        "exact 0.001340100 input=386 cache_read=1920 output=172 reasoning=128",
        "unpriced no_provider input=33 output=132 input_audio=98 output_audio=412",
        "partial 0.008976375 input=1279 cache_read=8192 output=381 reasoning=1152 searches=1",
        "exact 0.000016220 input=811",
        "unpriced no_model input=53 output_image=6240",
        "unpriced no_model output=61 input_audio=272",
        "unpriced no_model audio_seconds=27000000",
        "exact 0.000000000 error",
      ]),
    Row(
      "transport_syslog_unixgram.jsonl",
      [
        "exact 0.001176500 input=2306 output=300",
        "refused no_usage",
        "refused bad_json",
        "unpriced no_model",
        "unpriced unknown_provider",
        "unpriced no_model canceled",
      ]),
  ]
}
