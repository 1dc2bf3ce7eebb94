"""Spans of OpenTelemetry's own SDK, from a file and from its exporters, booked by a real daemon."""
import importlib.util
import json
import re
import subprocess
import sys
import threading
import unittest

from daemon import Daemon
from provider import OUTPUT, PROMPT
from test_lines import block


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


@unittest.skipUnless(importlib.util.find_spec("opentelemetry"), "opentelemetry-sdk is not installed")
class ExporterTests(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(self.daemon.remove)
        self.address = self.daemon.start_with_port()

    def spans(self, count, **more):
        """An agent's span, and calls below it: 1,000 in and 100 out each, 3,000 millionths of a dollar."""
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor
        from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

        kept = InMemorySpanExporter()
        provider = TracerProvider(resource=Resource.create({"service.name": "shop", "deployment.environment": "prod"}))
        provider.add_span_processor(SimpleSpanProcessor(kept))
        tracer = provider.get_tracer("app")
        with tracer.start_as_current_span("invoke_agent", attributes={"gen_ai.operation.name": "invoke_agent"}):
            for _ in range(count):
                with tracer.start_as_current_span("chat m", attributes={
                        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "acme", "gen_ai.request.model": "m",
                        "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 100,
                        "gen_ai.input.messages": PROMPT, "gen_ai.output.messages": OUTPUT, **more}):
                    pass
        return kept.get_finished_spans()

    def exporter(self, packed=False):
        from opentelemetry.exporter.otlp.proto.http import Compression
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter(
            endpoint=self.address + "/v1/traces", headers={"tollbook-team": "search"}, timeout=30,
            compression=Compression.Gzip if packed else Compression.NoCompression)
        self.addCleanup(exporter.shutdown)
        return exporter

    def booked(self, calls, cost):
        total = self.daemon.total()
        self.assertEqual((total["calls"], total["unpriced"], total["cost"]), (calls, 0, cost))
        for name, data in self.daemon.files().items():
            self.assertFalse(PROMPT.encode() in data or OUTPUT.encode() in data, name)

    def test_an_export_is_booked_once_packed_or_not_however_often_it_comes(self):
        from opentelemetry.sdk.trace.export import SpanExportResult

        spans = self.spans(3)
        for packed in (False, True, False):
            self.assertEqual(self.exporter(packed).export(spans), SpanExportResult.SUCCESS)
        self.daemon.kill()
        self.daemon.start_with_port()
        self.assertEqual(self.exporter(True).export(spans), SpanExportResult.SUCCESS)
        self.booked(3, "0.009000000")
        self.assertEqual(self.daemon.rows("team"), {"search": (3, 0, 0, "0.009000000")})
        self.assertEqual(self.daemon.rows("project"), {"shop": (3, 0, 0, "0.009000000")})
        self.assertEqual(self.daemon.rows("environment"), {"prod": (3, 0, 0, "0.009000000")})

    def test_an_exporter_goes_on_trying_while_the_daemon_is_away(self):
        from opentelemetry.sdk.trace.export import SpanExportResult

        self.daemon.kill()
        results = []
        export = threading.Thread(target=lambda: results.append(self.exporter().export(self.spans(2))))
        export.start()
        self.daemon.start_with_port()
        export.join(60)
        self.assertEqual(results, [SpanExportResult.SUCCESS])
        self.booked(2, "0.006000000")

    def test_what_is_refused_in_part_is_not_sent_again(self):
        from opentelemetry.sdk.trace.export import SpanExportResult

        spans = (*self.spans(1), *self.spans(1, **{"gen_ai.usage.input_tokens": -1}))
        self.assertEqual(self.exporter().export(spans), SpanExportResult.SUCCESS)
        self.booked(1, "0.003000000")
        self.assertEqual(len(self.daemon.run("dead-letters", "list", "--json").split('"negative_count"')), 2)

    def test_all_three_signals_go_to_one_endpoint_and_spans_are_booked(self):
        program = (
            "import logging\n"
            "from opentelemetry import metrics, trace\n"
            "from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter\n"
            "from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter\n"
            "from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter\n"
            "from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler\n"
            "from opentelemetry.sdk._logs.export import BatchLogRecordProcessor\n"
            "from opentelemetry.sdk.metrics import MeterProvider\n"
            "from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader\n"
            "from opentelemetry.sdk.trace import TracerProvider\n"
            "from opentelemetry.sdk.trace.export import BatchSpanProcessor\n"
            "spans, logs = TracerProvider(), LoggerProvider()\n"
            "meters = MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter())])\n"
            "spans.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))\n"
            "logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))\n"
            "meters.get_meter('app').create_counter('gen_ai.client.token.usage').add(1000)\n"
            "logger = logging.getLogger('app')\n"
            "logger.addHandler(LoggingHandler(logger_provider=logs))\n"
            "logger.warning('gen_ai.client.inference.operation.details')\n"
            "span = spans.get_tracer('app').start_span('chat m', attributes={'gen_ai.operation.name': 'chat',\n"
            "    'gen_ai.system': 'acme', 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 1000})\n"
            "span.end()\n"
            "print([each.force_flush() for each in (spans, logs, meters)])\n")
        environment = {**self.daemon.environment, "OTEL_EXPORTER_OTLP_ENDPOINT": self.address,
                       "OTEL_EXPORTER_OTLP_HEADERS": "tollbook-team=search"}
        run = subprocess.run([sys.executable, "-W", "ignore", "-c", program], env=environment, capture_output=True,
                             text=True, timeout=60)
        self.assertEqual((run.stdout.strip(), run.stderr), ("[True, True, True]", ""))
        self.booked(1, "0.002000000")

    def test_the_block_of_readme(self):
        named = dict(re.findall(r"(OTEL_\w+)=(\S+)", block("OpenTelemetry")))
        named = {name: value.replace("http://127.0.0.1:8089", self.address) for name, value in named.items()}
        program = (
            "from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter\n"
            "from opentelemetry.sdk.trace import TracerProvider\n"
            "from opentelemetry.sdk.trace.export import BatchSpanProcessor\n"
            "spans = TracerProvider()\n"
            "spans.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))\n"
            "spans.get_tracer('app').start_span('chat m', attributes={'gen_ai.system': 'acme',\n"
            "    'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 1000}).end()\n"
            "spans.shutdown()\n")
        subprocess.run([sys.executable, "-c", program], env={**self.daemon.environment, **named}, check=True, timeout=60)
        self.booked(1, "0.002000000")
        self.assertEqual(list(self.daemon.rows("team")), ["search"])


if __name__ == "__main__":
    unittest.main()
