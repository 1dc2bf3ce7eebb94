"""Tells Tollbook of model calls, and never stands in their way.

    book = Tollbook(socket="/run/tollbook/tollbook.sock", client="checkout", spool="/var/spool/checkout")
    book.openai(client)                       # or .anthropic, .huggingface, .litellm, .handler
    book.log({"provider": "openai", "model": "gpt-5-mini", "status": 200, "usage": {...}})

`log` puts a line into a bounded queue and returns. A thread writes it into the spool, sends it, and drops it from the
spool when the daemon has acknowledged that it is on disk. While the daemon is away lines stay in the spool, and survive
the end of this process. When spool and queue are full the newest lines are dropped and counted: see `stats()`.

Only what an allow-list names enters a line: models, usage, ids, statuses, times, a few headers. Prompts, outputs and
keys do not. Standard library only, Python 3.9 or later, one file to copy.
"""
from __future__ import annotations

import atexit
import collections
import contextlib
import fcntl
import json
import logging
import os
import re
import select
import socket as sockets
import threading
import time
import uuid
import weakref
from pathlib import Path
from typing import Any, Callable, Optional

END = re.compile(rb'"type": ?"(message_stop|response\.(completed|incomplete|failed))"')

QUEUE_LINES = 10_000  # Lines that wait for the thread.
SPOOL_BYTES = 64 << 20  # What one process keeps on disk.
LINE_BYTES = 1 << 20  # The daemon takes no longer line.
SEGMENT_BYTES = 1 << 20  # A file of the spool; it is deleted when all of it is acknowledged.
SENT_BYTES = 256 << 10  # What is read from the spool at a time.
BODY_BYTES = 8 << 20  # A longer answer is booked by its status and headers alone.
SYNC_SECONDS = 1.0  # How often the spool is synced to the disk while the daemon is away.
RETRY_SECONDS = 1.0  # Between attempts to reach the daemon.
EXIT_SECONDS = 2.0  # How long the end of the process waits for acknowledgements.
SLOTS = 256  # Processes that share a spool.

WORDS = {
    "id", "at", "team", "project", "user", "key", "environment", "session", "route", "provider", "issuer", "model",
    "served_model", "operation", "status", "latency_ms", "ttft_ms", "stream", "attempt", "tier", "requested_tier",
    "region", "batch", "dialect", "cost", "provider_request_id", "created", "service_tier", "modelVersion",
    "responseId", "url", "method",
}
PAYLOAD_WORDS = {  # Of LiteLLM's payload, whose other words docs/line.md has no use for.
    "call_type", "custom_llm_provider", "litellm_call_id", "cache_hit", "stream", "status", "startTime",
    "response_time",
    "model", "response_cost", "session_id", "total_tokens", "prompt_tokens", "completion_tokens", "end_user",
}
PAYLOAD_NAMES = {
    "user_api_key_alias", "user_api_key_team_alias", "user_api_key_team_id", "user_api_key_project_alias",
    "user_api_key_project_id", "user_api_key_user_id",
}
HEADERS = {
    "x-inference-provider", "inference-id", "x-request-id", "request-id", "x-fal-request-id", "x-fal-billable-units",
    "fireworks-cached-prompt-tokens",
}
REQUEST_IDS = {"inference-id", "x-request-id", "request-id", "x-fal-request-id"}  # Of HEADERS.
ID_BYTES = 16  # An answer's shorter id is a counter or a die, as local servers give them, and no name of the call.
PARAMS = {"size", "n", "seconds", "resolution", "steps", "hardware", "quality"}
PARAM_NAMES = {  # What hosts call them, at the top of what is asked or in its `parameters`, its `input`.
    "size": ("size", "image_size"), "n": ("n", "num_images", "num_outputs"), "seconds": ("seconds", "duration"),
    "resolution": ("resolution",), "steps": ("steps", "num_inference_steps"), "hardware": ("hardware",),
    "quality": ("quality",),
}
PARAM_FORMS = {"n": r"[0-9]{1,6}", "steps": r"[0-9]{1,6}", "seconds": r"[0-9]{1,6}(\.[0-9]{1,6})?"}
PARAM_WORD = r"[0-9A-Za-z][0-9A-Za-z.:_-]{0,31}"  # 1024x1024, square_hd, 720p.
USAGE_WORDS = {"type", "service_tier", "speed", "inference_geo", "model", "cost", "trafficType", "modality"}
OPERATIONS = {
    "chat/completions": "chat", "responses": "chat", "messages": "chat", "completions": "completion",
    "embeddings": "embedding", "images/generations": "image", "images/edits": "image", "images/variations": "image",
    "audio/speech": "speech", "audio/transcriptions": "transcription", "audio/translations": "transcription",
    "videos": "video", "rerank": "rerank",
}
MEDIA = {"png": "image", "jpg": "image", "jpeg": "image", "webp": "image", "mp4": "video", "webm": "video"}
HOSTS = {"api.openai.com": "openai", "api.anthropic.com": "anthropic", "api.groq.com": "groq",
         "api.together.xyz": "together", "api.deepseek.com": "deepseek", "api.mistral.ai": "mistral"}

log = logging.getLogger("tollbook")
_all: weakref.WeakSet[Tollbook] = weakref.WeakSet()


def _texts(value: Any, limit: int = 16) -> dict:
    pairs = value.items() if isinstance(value, dict) else ()
    return {str(k)[:128]: v[:128] for k, v in pairs if isinstance(v, str)} if len(pairs) <= limit else {}


def _counts(value: Any, depth: int = 6) -> Any:
    """The numbers of a usage object, and the few words beside them that decide a price."""
    if isinstance(value, dict) and depth:
        kept = {k: _counts(v, depth - 1) for k, v in value.items() if isinstance(k, str) and len(k) <= 64
                and (not isinstance(v, str) or k in USAGE_WORDS or re.fullmatch(r"[0-9.]{1,40}", v))}
        return {k: v for k, v in kept.items() if v is not None}
    if isinstance(value, list) and depth:
        return [_counts(each, depth - 1) for each in value[:64] if isinstance(each, dict)]
    return value[:64] if isinstance(value, str) else value if isinstance(value, (int, float)) else None


def _params(asked: dict) -> dict:
    """What prices media, of what was asked for: numbers and single words, so that no prompt can be among them."""
    places = [each for each in (asked, asked.get("parameters"), asked.get("input")) if isinstance(each, dict)]
    kept = {}
    for param, names in PARAM_NAMES.items():
        for value in (place[name] for place in places for name in names if name in place):
            text = _sides(value) if isinstance(value, dict) else str(value).replace("*", "x")
            is_plain = isinstance(value, (str, int, float, dict)) and not isinstance(value, bool)
            if is_plain and re.fullmatch(PARAM_FORMS.get(param, PARAM_WORD), text):
                kept.setdefault(param, text)
    sides = next(filter(None, map(_sides, places)), "")
    return {**({"size": sides} if sides else {}), **kept}


def _sides(asked: dict) -> str:
    sides = [asked.get("width"), asked.get("height")]
    return "x".join(map(str, sides)) if all(type(side) is int and 0 < side <= 100_000 for side in sides) else ""


def clean(line: dict) -> dict:
    """What of a line may leave the program: the fields of docs/line.md, each cut to what it is for."""
    kept: dict[str, Any] = {}
    for name, value in line.items():
        if name in WORDS and isinstance(value, (str, int, float)):
            kept[name] = value[:256] if isinstance(value, str) else value
        elif name in ("usage", "units", "usageMetadata"):
            kept[name] = _counts(value)
        elif name == "tags":
            kept[name] = _texts(value)
        elif name == "headers" and isinstance(value, dict):
            lowered = {str(k).lower(): v for k, v in value.items()}
            kept[name] = {k: v[:200] for k, v in lowered.items() if k in HEADERS and isinstance(v, str)}
        elif name == "params" and isinstance(value, dict):
            kept[name] = {k: v if not isinstance(v, str) else v[:64] for k, v in value.items()
                          if k in PARAMS and isinstance(v, (str, int, float))}
    return kept


class Tollbook:
    """A sender in acknowledged mode.

    `socket` is the daemon's; `client` a name that no other program uses; `spool` a folder of the program's own, which
    its processes may share; `defaults` holds for every line: team, project, environment, route, provider and so on.
    """

    def __init__(self, socket: str, client: str, spool: str, defaults: Optional[dict] = None, *,
                 queue_lines: int = QUEUE_LINES, spool_bytes: int = SPOOL_BYTES) -> None:
        self.socket, self.client, self.spool = str(socket), client, Path(spool)
        self.defaults = dict(defaults or {})
        self.queue_lines, self.spool_bytes = queue_lines, spool_bytes
        self._blank()
        _all.add(self)

    def _blank(self) -> None:
        """Begins anew, as a forked child does: what the parent had queued is the parent's to send."""
        self._queue: collections.deque[bytes] = collections.deque()
        self._lock = threading.RLock()
        self._settled = threading.Condition(self._lock)
        self._counts = {"logged": 0, "acknowledged": 0, "refused": 0, "dropped": 0}
        self._thread: Optional[_Sender] = None

    def log(self, line: dict) -> None:
        """Takes a line of docs/line.md, or an answer as it came. Never blocks on the daemon or a disk; never raises.

        Without an `id` the line gets one, and without `at` the time of now.
        """
        self._put(lambda: {"id": uuid.uuid4().hex, "at": round(time.time(), 6), **clean(line)})

    def _put(self, make: Callable[[], Optional[dict]]) -> None:
        try:
            line = make()
            if line is None:
                return
            text = json.dumps(line, separators=(",", ":"), allow_nan=False).encode()
            with self._lock:
                if len(self._queue) >= self.queue_lines or len(text) > LINE_BYTES - 64:
                    self._drop()
                    return
                self._queue.append(text)
                self._counts["logged"] += 1
                if self._thread is None:
                    self._thread = _Sender(self)
                self._thread.wake()
        except Exception as fault:  # A fault of bookkeeping is no fault of the call.
            self._note(fault)

    def _note(self, fault: Exception) -> None:
        with self._lock:
            self._drop(fault)

    def _drop(self, fault: Optional[Exception] = None) -> None:
        self._counts["dropped"] += 1
        if self._counts["dropped"] == 1:
            log.warning("A line was dropped: %s. Later ones are counted in stats().",
                        type(fault).__name__ if fault else "spool and queue are full")

    def stats(self) -> dict[str, int]:
        """Lines since this process began: logged, acknowledged, refused by the daemon, dropped; and those waiting."""
        with self._lock:
            waiting = len(self._queue) + (self._thread.waiting() if self._thread else 0)
            return {**self._counts, "waiting": waiting}

    def flush(self, seconds: float = EXIT_SECONDS) -> bool:
        """Waits until the daemon has acknowledged every line; whether it has."""
        with self._settled:
            return self._settled.wait_for(lambda: self.stats()["waiting"] == 0, seconds)

    def close(self, seconds: float = EXIT_SECONDS) -> bool:
        """Flushes, and ends the thread; what was not acknowledged stays in the spool for the next start."""
        done, thread = self.flush(seconds), self._thread
        if thread:
            thread.finish()
            thread.join(seconds)
            self._thread = None
        return done

    # Hooks.

    def openai(self, client: Any, **fields: Any) -> Any:
        """Books every call of an `OpenAI` or `AsyncOpenAI` client, streams too; `fields` are added to each line.

        A stream has usage only where the program asks for it: `stream_options={"include_usage": True}`.
        """
        return self._watch(client, client._client, fields)  # The SDKs have no public way to their HTTP client.

    def anthropic(self, client: Any, **fields: Any) -> Any:
        """Books every call of an `Anthropic` or `AsyncAnthropic` client, streams too."""
        return self._watch(client, client._client, {"dialect": "anthropic", **fields})

    def huggingface(self, client: Any = None, **fields: Any) -> Any:
        """Books every inference call of huggingface_hub: its clients share one HTTP session, which is watched."""
        from huggingface_hub.utils import get_session

        return self._watch(client, get_session(), fields)

    def _watch(self, client: Any, http: Any, fields: dict) -> Any:
        is_async = hasattr(http, "aclose")
        hooks = http.event_hooks
        hooks["request"] = [*hooks["request"], _later(_begin) if is_async else _begin]
        heard = lambda response: _hear(self, response, fields)  # noqa: E731
        hooks["response"] = [*hooks["response"], _later(heard) if is_async else heard]
        http.event_hooks = hooks
        return client

    def litellm(self, **fields: Any) -> Any:
        """A `CustomLogger`: `litellm.callbacks = [book.litellm()]`."""
        from litellm.integrations.custom_logger import CustomLogger

        def take(kwargs: dict) -> None:
            payload = kwargs.get("standard_logging_object")
            if payload:
                self.log_payload(payload, **fields)

        class Callback(CustomLogger):  # type: ignore[misc]
            def log_success_event(self, kwargs: dict, response_obj: Any, start_time: Any, end_time: Any) -> None:
                take(kwargs)

            log_failure_event = log_success_event

            async def async_log_success_event(
                self, kwargs: dict, response_obj: Any, start_time: Any, end_time: Any) -> None:
                # Synchronous streams are told here too, and there is one line for a call.
                take(kwargs)

            async_log_failure_event = async_log_success_event

        return Callback()

    def log_payload(self, payload: dict, **fields: Any) -> None:
        """Takes LiteLLM's `StandardLoggingPayload` without its messages and its response's content."""
        self._put(lambda: _payload_line(payload, fields))

    def handler(self) -> logging.Handler:
        """For programs that log already: `logger.info("answered", extra={"tollbook": {...}})`; text is not taken."""
        book = self

        class Handler(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                line = record.__dict__.get("tollbook")
                if isinstance(line, dict) and record.name != "tollbook":
                    book.log({"at": record.created, **line})

        return Handler()


def _words(value: Any, names: set) -> dict:
    pairs = value.items() if isinstance(value, dict) else ()
    return {k: v[:256] if isinstance(v, str) else v for k, v in pairs
            if k in names and isinstance(v, (str, int, float))}


def _payload_line(payload: dict, fields: dict) -> dict:
    """LiteLLM's payload as docs/line.md takes it, without content.

    Retries share a call's id, and each may be billed: the id is made of the call, how it ended and when it began. Where
    LiteLLM tells of one call twice, both lines are the same, and the daemon books one.
    """
    line = _words(payload, PAYLOAD_WORDS)
    metadata, response = payload.get("metadata") or {}, payload.get("response")
    line["metadata"] = _words(metadata, PAYLOAD_NAMES)
    line["metadata"]["usage_object"] = _counts(metadata.get("usage_object"))
    if isinstance(response, dict):
        line["response"] = {
            **_words(response, {"id", "model", "service_tier"}), "usage": _counts(response.get("usage"))}
    line["model_parameters"] = _words(payload.get("model_parameters"), {"n", "size", "quality"})
    line["error_information"] = _words(payload.get("error_information"), {"error_code"})
    line["request_tags"] = [tag for tag in payload.get("request_tags") or [] if isinstance(tag, str)][:16]
    headers = (payload.get("hidden_params") or {}).get("additional_headers")
    line["hidden_params"] = {
        "additional_headers": _words(headers, {"llm_provider-x-request-id", "llm_provider-request-id"})}
    made = f"{payload.get('litellm_call_id')}:{payload.get('status')}:{payload.get('startTime')}"
    return {**line, "id": made[:200], **clean(fields)}


# The HTTP hooks: one way for every SDK on httpx or httpx2.


def _later(hook: Callable[[Any], None]) -> Callable[[Any], Any]:
    async def heard(thing: Any) -> None:
        hook(thing)

    return heard


def _begin(request: Any) -> None:
    request.extensions["tollbook"] = (time.time(), time.monotonic())


def _hear(book: Tollbook, response: Any, fields: dict) -> None:
    """Stands between a response and its reader: the reader gets the same bytes at the same time."""
    try:
        answer = _Answer(book, response, fields)
        if answer.is_call:
            answer.watch(response)
    except Exception as fault:
        book._note(fault)


class _Answer:
    """One attempt of a call, from its response's headers to the end of its body."""

    def __init__(self, book: Tollbook, response: Any, fields: dict) -> None:
        self.book, self.body, self.size = book, bytearray(), 0
        self.is_done = self.is_within = self.saw_end = False
        request = response.request
        at, self.began = request.extensions.get("tollbook") or (time.time(), time.monotonic())
        address = request.url
        path = address.path.rstrip("/")
        operation = next((o for tail, o in OPERATIONS.items() if path.endswith("/" + tail)), None)
        sent = {k.lower(): v for k, v in response.headers.items()}
        self.headers = {k: v for k, v in sent.items() if k in HEADERS}
        routed = "x-inference-provider" in self.headers or "x-fal-billable-units" in self.headers
        self.is_call = routed or (request.method == "POST" and operation is not None)
        if not self.is_call:
            return
        kind = sent.get("content-type", "")
        self.is_stream, self.is_json = kind.startswith("text/event-stream"), "json" in kind
        self.line: dict[str, Any] = {"at": round(at, 6), "status": response.status_code, "headers": self.headers}
        if self.is_stream:
            self.line["stream"] = True
        retries = request.headers.get("x-stainless-retry-count", "0")
        self.line["attempt"] = int(retries) + 1 if retries.isdigit() else 1
        provider = HOSTS.get(address.host)
        if provider:
            self.line["provider"] = provider
        elif address.host == "openrouter.ai":
            self.line["route"] = "openrouter"
        if operation or kind.partition("/")[0] in ("image", "video"):
            self.line["operation"] = operation or kind.partition("/")[0]
        if not operation:  # The daemon reads the model from the address; a query may hold secrets.
            self.line.update(url=f"{address.scheme}://{address.host}{path}", method=request.method)
        if "x-hf-bill-to" in request.headers:
            self.line["tags"] = {"bill_to": request.headers["x-hf-bill-to"]}
        self._ask(request, operation)
        self.fields = {k: v for k, v in fields.items() if v is not None}

    def _ask(self, request: Any, operation: Optional[str]) -> None:
        """What was asked for, of it the model, the tier and what prices media."""
        try:
            asked = json.loads(request.content)
        except Exception:  # A form or an upload.
            return
        if isinstance(asked, dict):
            if operation and isinstance(asked.get("model"), str):
                self.line["model"] = asked["model"]
            if isinstance(asked.get("service_tier"), str):
                self.line["requested_tier"] = asked["service_tier"]
            params = _params(asked) if operation in (None, "image", "video") else {}
            if params:
                self.line["params"] = params

    def watch(self, response: Any) -> None:
        """Hears each piece of the decoded body; the line is logged at its end, or when it is closed before."""
        inner, close, aclose = response.iter_bytes, response.close, response.aclose
        ainner = response.aiter_bytes

        def iter_bytes(*arguments: Any, **named: Any) -> Any:
            pieces, is_whole = inner(*arguments, **named), False
            try:
                while True:
                    with self.within():
                        piece = next(pieces, None)
                    if piece is None:
                        is_whole = True
                        return
                    self.hear(piece)
                    yield piece
            finally:
                self.end(is_whole)

        async def aiter_bytes(*arguments: Any, **named: Any) -> Any:
            pieces, is_whole = ainner(*arguments, **named).__aiter__(), False
            try:
                while True:
                    with self.within():
                        try:
                            piece = await pieces.__anext__()
                        except StopAsyncIteration:
                            is_whole = True
                            return
                    self.hear(piece)
                    yield piece
            finally:
                self.end(is_whole)

        # A response closes itself before its last piece is decoded: only a close from outside is an early end.
        def closed() -> None:
            try:
                close()
            finally:
                if not self.is_within:
                    self.end(False)

        async def aclosed() -> None:
            try:
                await aclose()
            finally:
                if not self.is_within:
                    self.end(False)

        response.iter_bytes, response.aiter_bytes, response.close, response.aclose = (
            iter_bytes, aiter_bytes, closed, aclosed)

    @contextlib.contextmanager
    def within(self) -> Any:
        self.is_within = True
        try:
            yield
        finally:
            self.is_within = False

    def hear(self, piece: bytes) -> None:
        """Never raises: the piece goes to its reader whatever we make of it."""
        try:
            self._hear(piece)
        except Exception as fault:
            self.book._note(fault)

    def _hear(self, piece: bytes) -> None:
        if self.is_done:
            return
        if self.size == 0:
            self.line["ttft_ms"] = self._elapsed()
        self.size += len(piece)
        if (self.is_json or self.is_stream) and len(self.body) + len(piece) <= BODY_BYTES:
            self.body += piece
        if self.is_stream:
            self._events()

    def _events(self) -> None:
        """Reads whole lines of a stream of events; only those that speak of usage, a model or a tier are parsed."""
        *whole, rest = bytes(self.body).split(b"\n")
        self.body = bytearray(rest)
        for text in whole:
            if not text.startswith(b"data:"):
                continue
            # Quotes within a text are escaped, so no content can be taken for these.
            self.saw_end = self.saw_end or text[5:].strip() == b"[DONE]" or END.search(text) is not None
            if b'"usage"' in text or "served_model" not in self.line:
                try:
                    event = json.loads(text[5:])
                except ValueError:
                    continue
                if isinstance(event, dict):
                    for each in (event, event.get("message"), event.get("response")):
                        self._take(each)

    def _take(self, answer: Any) -> None:
        if not isinstance(answer, dict):
            return
        if isinstance(answer.get("model"), str):
            self.line["served_model"] = answer["model"]
        if isinstance(answer.get("service_tier"), str):
            self.line["tier"] = answer["service_tier"]
        made = answer.get("id")
        if isinstance(made, str) and ID_BYTES <= len(made) <= 200 and not REQUEST_IDS & self.headers.keys():
            self.line["provider_request_id"] = made  # What a gateway in between knows the call by.
        if "operation" not in self.line:
            self._take_media(answer.get("output"))
        usage = answer.get("usage")
        if isinstance(usage, dict):
            # Anthropic's last event has the output's whole count, its first one the input's and the cache's.
            known = self.line.get("usage", {}) if self.is_stream else {}
            self.line["usage"] = {**known, **{k: v for k, v in usage.items() if v is not None}}
            if isinstance(usage.get("service_tier"), str):
                self.line["tier"] = usage["service_tier"]

    def _take_media(self, made: Any) -> None:
        """Counts the links of a prediction as Replicate gives it; the links stay here."""
        links = [each for each in (made if isinstance(made, list) else [made]) if isinstance(each, str)]
        ends = [MEDIA.get(link.rpartition(".")[2].lower()) for link in links if link.startswith("http")]
        if "video" in ends:
            self.line["operation"] = "video"
        elif "image" in ends:
            self.line["operation"] = "image"
            self.line["params"] = {**self.line.get("params", {}), "n": ends.count("image")}

    def _elapsed(self) -> int:
        return int((time.monotonic() - self.began) * 1000)

    def end(self, is_whole: bool) -> None:
        """Logs the line, once."""
        if self.is_done:
            return
        self.is_done = True
        if not self.is_stream:
            self.line.pop("ttft_ms", None)
            if self.is_json and self.body:
                try:
                    self._take(json.loads(self.body))
                except ValueError:
                    pass
        self.body = bytearray()
        if not is_whole and not self.saw_end and self.line["status"] < 400:
            self.line["status"] = 499  # Closed by us: it may have been billed.
        self.line["latency_ms"] = self._elapsed()
        self.book.log({**self.line, **self.fields})


class _Spool:
    """Lines on disk until they are acknowledged: files of lines, each named for the number of its first.

    The numbers go on where the last process stopped as long as lines are left; else they begin again under a new epoch.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for slot in range(SLOTS):
            self.folder = folder / str(slot)
            self.folder.mkdir(exist_ok=True, mode=0o700)
            self.lock = os.open(self.folder / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                os.close(self.lock)
        else:
            raise OSError(f"{folder} has no free slot: {SLOTS} processes write there")
        self.slot = slot
        self.segments: list[list] = []  # first, last, bytes, path
        for path in sorted(self.folder.glob("*.ndjson")):
            data = path.read_bytes()
            whole = data.rfind(b"\n") + 1  # The end of a file may be torn.
            if whole < len(data):
                os.truncate(path, whole)
            if whole:
                first = int(path.stem)
                self.segments.append([first, first + data.count(b"\n", 0, whole) - 1, whole, path])
            else:
                path.unlink()
        self.n = self.segments[-1][1] if self.segments else 0
        self.acknowledged = self.segments[0][0] - 1 if self.segments else 0
        self.epoch = self._epoch()
        self.file: Optional[int] = None
        self.unsynced = False

    def _epoch(self) -> int:
        path = self.folder / "epoch"
        old = int(path.read_text()) if path.exists() else 0
        if self.segments and old:
            return old
        epoch = max(time.time_ns() // 1000, old + 1)
        fresh = self.folder / "epoch.new"
        with open(fresh, "w") as file:
            file.write(str(epoch))
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
        return epoch

    def size(self) -> int:
        return sum(segment[2] for segment in self.segments)

    def append(self, text: bytes) -> None:
        """Raises OSError where the disk takes no more; then nothing of the line stays."""
        data = b'{"n":%d,%s\n' % (self.n + 1, text[1:])
        if self.file is None or self.segments[-1][2] >= SEGMENT_BYTES:
            self.sync()
            path = self.folder / f"{self.n + 1:020d}.ndjson"
            file = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600)
            self.leave()
            self.file = file
            self.segments.append([self.n + 1, self.n, 0, path])
        segment = self.segments[-1]
        try:
            written = os.pwrite(self.file, data, segment[2])
            if written < len(data):
                raise OSError("the disk took a part of a line")
        except OSError:
            os.ftruncate(self.file, segment[2])
            raise
        self.n += 1
        segment[1], segment[2], self.unsynced = self.n, segment[2] + len(data), True

    def sync(self) -> None:
        if self.file is not None and self.unsynced:
            os.fsync(self.file)
            self.unsynced = False

    def leave(self) -> None:
        if self.file is not None:
            os.close(self.file)
            self.file = None

    def settle(self, n: int) -> int:
        """Drops what `n` covers; how many lines it settled."""
        settled = max(0, min(n, self.n) - self.acknowledged)
        self.acknowledged += settled
        while self.segments and self.segments[0][1] <= self.acknowledged:
            if len(self.segments) == 1:
                self.leave()
            self.segments.pop(0)[3].unlink()
        return settled

    def after(self, n: int) -> bytes:
        """Whole lines that follow line `n`, SENT_BYTES or a little more."""
        for first, last, size, path in self.segments:
            if last > n:
                data = self._read(path, first, n, size)
                return data
        return b""

    def _read(self, path: Path, first: int, n: int, size: int) -> bytes:
        if getattr(self, "place", None) is None or self.place[0] != path or self.place[1] != n:
            with open(path, "rb") as file:
                offset = 0
                for number in range(first, n + 1):
                    offset += len(file.readline())
            self.place = (path, n, offset)
        with open(path, "rb") as file:
            file.seek(self.place[2])
            data = file.read(min(SENT_BYTES, size - self.place[2]))
            if not data.endswith(b"\n"):
                data += file.readline()
        self.place = (path, n + data.count(b"\n"), self.place[2] + len(data))
        return data


class _Sender(threading.Thread):
    """Carries lines from the queue into the spool, and from the spool to the daemon."""

    def __init__(self, book: Tollbook) -> None:
        super().__init__(name="tollbook", daemon=True)
        self.book, self.is_finishing, self.is_awake, self.is_over, self.is_stuck = book, False, False, False, False
        self.ear, self.bell = os.pipe()
        os.set_blocking(self.bell, False)
        os.set_blocking(self.ear, False)
        self.spooled: Optional[_Spool] = None
        self.link: Optional[sockets.socket] = None
        self.is_ready, self.heard, self.rest, self.sent, self.next_try, self.next_sync = False, b"", b"", 0, 0.0, 0.0
        self.start()

    def wake(self) -> None:
        if not self.is_awake and not self.is_over:
            self.is_awake = True
            try:
                os.write(self.bell, b".")
            except OSError:
                pass

    def finish(self) -> None:
        with self.book._lock:
            self.is_finishing, self.is_awake = True, False
            self.wake()

    def waiting(self) -> int:
        return self.spooled.n - self.spooled.acknowledged if self.spooled else 0

    def abandon(self) -> None:
        """In a forked child: closes what the parent goes on using; the lock stays the parent's."""
        for number in (self.ear, self.bell, self.spooled.lock if self.spooled else -1,
                       self.spooled.file if self.spooled and self.spooled.file is not None else -1):
            if number >= 0:
                os.close(number)
        if self.link:
            self.link.close()

    def run(self) -> None:
        while True:
            try:
                if self.spooled is None:
                    self.spooled = _Spool(self.book.spool)
                self._step(self.spooled)
            except OSError as fault:
                self._hang_up()
                if self.spooled is None:
                    log.warning("The spool %s cannot be used: %s.", self.book.spool, fault)
                    self._rest(RETRY_SECONDS)
            except Exception:
                log.exception("Tollbook's thread met a fault, and goes on.")
                self._hang_up()
                self._rest(RETRY_SECONDS)
            if self.is_finishing and (self.spooled is None or not self.book._queue or self.is_stuck):
                break
        if self.spooled:
            try:
                self.spooled.sync()
            except OSError:
                pass
        with self.book._lock:
            self.is_over = True
            self.abandon()

    def _rest(self, seconds: float) -> None:
        select.select([self.ear], [], [], seconds if not self.is_finishing else 0)

    def _spool(self, spool: _Spool) -> None:
        """Empties the queue into the spool, as far as that takes it."""
        self.is_stuck = False
        queue = self.book._queue
        while queue:
            text = queue[0]
            if spool.size() + len(text) > self.book.spool_bytes:
                self.is_stuck = True
                return
            try:
                spool.append(text)
                queue.popleft()  # In this order a line is never in neither.
            except OSError:
                self.is_stuck = True
                return
        now = time.monotonic()
        if now >= self.next_sync and not self.is_ready:
            spool.sync()
            self.next_sync = now + SYNC_SECONDS

    def _step(self, spool: _Spool) -> None:
        self._spool(spool)
        if self.link is None and time.monotonic() >= self.next_try:
            self._dial(spool)
        if self.link and self.is_ready and not self.rest:
            self.rest = spool.after(self.sent)
            self.sent += self.rest.count(b"\n")
        reads = [self.ear] + ([self.link] if self.link else [])
        writes = [self.link] if self.link and self.rest else []
        # A stuck spool is tried again after a while; a lost daemon too.
        seconds: Optional[float] = RETRY_SECONDS if self.is_stuck or not self.is_ready else None
        if self.is_finishing:
            seconds = 0
        if self.is_stuck:
            self._quiet()
        readable, writable, _ = select.select(reads, writes, [], seconds)
        if self.ear in readable:
            self._quiet()
        if self.link and self.link in writable:
            self.rest = self.rest[self.link.send(self.rest):]
        if self.link and self.link in readable:
            self._listen(spool)

    def _quiet(self) -> None:
        self.is_awake = False
        try:
            os.read(self.ear, 4096)
        except BlockingIOError:
            pass

    def _dial(self, spool: _Spool) -> None:
        self.next_try = time.monotonic() + RETRY_SECONDS
        link = sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM)
        link.setblocking(False)
        try:
            link.connect(self.book.socket)
        except OSError:
            link.close()
            return
        self.link, self.heard, self.is_ready = link, b"", False
        hello = {"v": 1, "client": f"{self.book.client}.{spool.slot}"[:128], "epoch": spool.epoch, "ack": True}
        if self.book.defaults:
            hello["defaults"] = self.book.defaults
        self.rest = json.dumps({"hello": hello}).encode() + b"\n"

    def _listen(self, spool: _Spool) -> None:
        data = self.link.recv(1 << 16)  # type: ignore[union-attr]
        if not data:
            raise OSError("the daemon ended the connection")
        *lines, self.heard = (self.heard + data).split(b"\n")
        for line in lines:
            answer = json.loads(line)
            if "ready" in answer:
                self.sent = max(int(answer["ready"]["resume_after"]), spool.acknowledged)
                self.is_ready = True
                self._settle(spool, self.sent)
            elif "nack" in answer:
                self.book._counts["refused"] += 1
                log.warning("The daemon refused a line: %s.", answer.get("code"))
            elif "ack" in answer:
                self._settle(spool, int(answer["ack"]))
            elif "error" in answer:
                log.warning("The daemon ended the connection: %s", answer["error"].get("message"))
                self.next_try = time.monotonic() + 30 * RETRY_SECONDS
                raise OSError("refused")

    def _settle(self, spool: _Spool, n: int) -> None:
        settled = spool.settle(n)
        with self.book._settled:
            self.book._counts["acknowledged"] += settled
            self.book._settled.notify_all()

    def _hang_up(self) -> None:
        if self.link:
            self.link.close()
        self.link, self.is_ready, self.rest = None, False, b""


def _forked() -> None:
    for book in list(_all):
        thread = book._thread
        book._blank()
        if thread:
            thread.abandon()


def _ending() -> None:
    for book in list(_all):
        book.close(EXIT_SECONDS)


os.register_at_fork(after_in_child=_forked)
atexit.register(_ending)
