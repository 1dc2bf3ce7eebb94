"""Spans of OpenTelemetry's own SDK, written as OTLP JSON and booked by a real daemon."""
import importlib.util
import json
import unittest

from daemon import Daemon
from provider import OUTPUT, PROMPT


@unittest.skipUnless(importlib.util.find_spec("opentelemetry"), "opentelemetry-sdk is not installed")
class SpanTests(unittest.TestCase):
    def test_a_leaf_inference_span_is_a_call_and_its_content_is_nowhere(self):
        from google.protobuf.json_format import MessageToDict
        from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor
        from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

        daemon, kept, provider = Daemon(), InMemorySpanExporter(), TracerProvider()
        self.addCleanup(daemon.remove)
        provider.add_span_processor(SimpleSpanProcessor(kept))
        tracer = provider.get_tracer("app")
        with tracer.start_as_current_span("invoke_agent", attributes={"gen_ai.operation.name": "invoke_agent"}):
            with tracer.start_as_current_span("chat m", attributes={
                    "gen_ai.operation.name": "chat", "gen_ai.provider.name": "acme", "gen_ai.request.model": "m",
                    "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 100,
                    "gen_ai.input.messages": PROMPT, "gen_ai.output.messages": OUTPUT}):
                pass
        daemon.start()
        spans = daemon.folder.parent / (daemon.folder.name + ".spans")  # The program's own file, which has content.
        self.addCleanup(spans.unlink)
        spans.write_text(json.dumps(MessageToDict(encode_spans(kept.get_finished_spans()))) + "\n")
        daemon.run("ingest", "--socket", str(daemon.socket), str(spans))
        # 1,000 × 2 + 100 × 10 = 3,000 millionths of a dollar; the agent's span is no call.
        total = daemon.total()
        self.assertEqual((total["calls"], total["unpriced"], total["cost"]), (1, 0, "0.003000000"))
        for name, data in daemon.files().items():
            self.assertFalse(PROMPT.encode() in data or OUTPUT.encode() in data, name)


if __name__ == "__main__":
    unittest.main()
