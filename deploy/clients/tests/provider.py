"""A provider that answers as OpenAI, Anthropic and Hugging Face's router do, on a port of this machine."""
import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PROMPT, OUTPUT, KEY, HEADER = "canary-prompt-71", "canary-output-72", "canary-key-73", "canary-header-74"

ANSWER_ID = "chatcmpl-0123456789abcdef"

# 1,000 in, 400 of them cached, 100 out.
CHAT = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100,
        "prompt_tokens_details": {"cached_tokens": 400}}
# 1,000 in, 400 read from the cache and 200 written to it beside them, 100 out.
MESSAGE = {"input_tokens": 1000, "cache_read_input_tokens": 400, "cache_creation_input_tokens": 200,
           "cache_creation": {"ephemeral_5m_input_tokens": 200, "ephemeral_1h_input_tokens": 0},
           "output_tokens": 100, "service_tier": "standard"}
# A PNG of one pixel, as Pillow reads it.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100"
    "18dd8db00000000049454e44ae426082")
RESPONSE = {"input_tokens": 1000, "input_tokens_details": {"cached_tokens": 400, "cache_write_tokens": 0},
            "output_tokens": 100, "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 1100}


def answer_of_chat(**more):
    return {"id": ANSWER_ID, "object": "chat.completion", "created": 1795218432, "model": "m", **more,
            "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": OUTPUT}}]}


def chunks_of_chat(usage):
    def chunk(choices, **more):
        return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1795218432, "model": "m",
                "choices": choices, **more}

    for word in (OUTPUT, "next", "\"usage\": {\"prompt_tokens\": 9000000}", "[DONE]"):
        yield None, chunk([{"index": 0, "delta": {"role": "assistant", "content": word}}])
    yield None, chunk([{"index": 0, "delta": {}, "finish_reason": "stop"}])
    if usage:
        yield None, chunk([], usage=CHAT)
    yield None, "[DONE]"


def events_of_message():
    start = {**MESSAGE, "output_tokens": 3}
    yield "message_start", {"type": "message_start", "message": {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [], "stop_reason": None,
        "stop_sequence": None, "usage": start}}
    yield "content_block_start", {"type": "content_block_start", "index": 0, "content_block": {
        "type": "text", "text": ""}}
    yield "content_block_delta", {"type": "content_block_delta", "index": 0, "delta": {
        "type": "text_delta", "text": OUTPUT}}
    yield "content_block_stop", {"type": "content_block_stop", "index": 0}
    yield "message_delta", {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None},
                            "usage": {"output_tokens": 100}}
    yield "message_stop", {"type": "message_stop"}


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = self.path.partition("?")[0]
        if path.startswith("/cdn/"):
            return self.send(200, "image/png", PIXEL)
        if path.endswith("/status"):
            return self.reply(200, {"status": "COMPLETED"}, {"x-fal-request-id": "fal-2"})
        if path.startswith("/fal-ai/wan"):
            return self.reply(200, {"video": {"url": self.server.address + "/cdn/x.mp4"}},
                              {"x-fal-request-id": "fal-2", "x-fal-billable-units": "5"})
        self.reply(200, {"id": "resp_1", "object": "response", "model": "m", "usage": RESPONSE})

    def do_POST(self):
        asked = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            asked = json.loads(asked)
        except ValueError:
            asked = {}
        path = self.path.partition("?")[0]
        if self.server.failures:
            return self.reply(self.server.failures.pop(), {"error": {"message": PROMPT, "type": "server_error"}})
        if path.endswith("/v1/traces"):
            return self.reply(200, {})
        if path.endswith("/images/generations"):
            return self.reply(200, {"data": [{"b64_json": base64.b64encode(PIXEL).decode()}]})
        if path.endswith("/predictions"):
            return self.reply(201, {"id": "p", "output": [self.server.address + f"/cdn/{n}.png" for n in (1, 2)]})
        if path == "/router/fal-ai/fal-ai/wan-t2v":
            return self.reply(200, {"request_id": "fal-2", "status": "IN_QUEUE",
                                    "response_url": self.server.address + "/fal-ai/wan-t2v/requests/fal-2"},
                              {"x-fal-request-id": "fal-2"})
        if path == "/router/fal-ai/fal-ai/flux/dev":
            return self.reply(200, {"images": [{"url": self.server.address + "/cdn/x.png"}]},
                              {"x-fal-request-id": "fal-1", "x-fal-billable-units": "0.786432"})
        if path.endswith("/chat/completions") and asked.get("stream"):
            usage = (asked.get("stream_options") or {}).get("include_usage") or "router" in path
            return self.stream(chunks_of_chat(usage))
        if path.endswith("/chat/completions"):
            return self.reply(200, answer_of_chat(usage=CHAT))
        if path.endswith("/responses"):
            return self.reply(200, {"id": "resp_1", "object": "response", "created_at": 1795218432, "model": "m",
                                    "output": [], "status": "completed", "usage": RESPONSE})
        if path.endswith("/embeddings"):
            return self.reply(200, {"object": "list", "model": "m",
                                    "usage": {"prompt_tokens": 500, "total_tokens": 500},
                                    "data": [{"object": "embedding", "index": 0, "embedding": [0.5]}]})
        if path.endswith("/messages") and asked.get("stream"):
            return self.stream(events_of_message())
        if path.endswith("/messages"):
            return self.reply(200, {"id": "msg_1", "type": "message", "role": "assistant", "model": "m",
                                    "content": [{"type": "text", "text": OUTPUT}], "stop_reason": "end_turn",
                                    "stop_sequence": None, "usage": MESSAGE})
        self.reply(404, {"error": {"message": PROMPT}})

    def begin(self, status, kind):
        self.send_response(status)
        self.send_header("content-type", kind)
        if self.server.names_calls:
            self.send_header("x-request-id", "req-1")
        self.send_header("x-secret", HEADER)
        if "router" in self.path:
            self.send_header("x-inference-provider", "fal-ai" if "fal-ai" in self.path else "acme")
            if "fal-ai" not in self.path:
                self.send_header("inference-id", "inference-1")

    def reply(self, status, body, headers=None):
        self.send(status, "application/json", json.dumps(body).encode(), headers)

    def send(self, status, kind, data, headers=None):
        self.begin(status, kind)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def stream(self, events):
        self.begin(200, "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            for name, data in events:
                text = data if isinstance(data, str) else json.dumps(data, separators=(",", ":"))
                self.wfile.write(((f"event: {name}\n" if name else "") + f"data: {text}\n\n").encode())
                self.wfile.flush()
                self.server.gate.wait(60)
        except OSError:  # Closed early.
            pass


class Provider(ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.failures: list = []
        self.names_calls = True
        self.gate = threading.Event()  # Where it is closed a stream stops after its first event.
        self.gate.set()
        self.daemon_threads = True
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}"
