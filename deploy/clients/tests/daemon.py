"""A real `tollbook serve` in a folder of its own, with prices that are easy to work out by hand."""
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

_ACME = [{"model": "m", "cards": [{"from": "2026-01-01", "per": "1M tokens", "rates": {
    "input": "2", "cache_read": "0.5", "cache_write_5m": "2.5", "output": "10"}}]}]
# Acme, and two that LiteLLM knows: 2 dollars a million in, 0.5 cached, 10 out. The router sells acme's
# model for 3 and 12.
CARDS = {
    **{issuer: {"issuer": issuer, "source": "acme.example", "read_on": "2026-03-01", "models": _ACME}
       for issuer in ("acme", "openai", "anthropic")},
    "huggingface": {"issuer": "huggingface", "route": "huggingface", "source": "hf.example", "read_on": "2026-03-01",
                    "models": [{"model": "m", "provider": "acme", "cards": [
                        {"from": "2026-01-01", "per": "1M tokens", "rates": {"input": "3", "output": "12"}}]},
                        *({"model": model, "provider": "acme", "cards": [
                            {"from": "2026-01-01", "per": "1 image", "rates": {"images": "0.04"}}]}
                          for model in ("picture", "a/picture")),
                        {"model": "fal-ai/flux/dev", "provider": "fal-ai", "cards": [
                            {"from": "2026-01-01", "per": "1 megapixel", "rates": {"megapixels": "0.025"}}]}]},
    # A video's result comes by the queue, which is not the router's to name: fal's own card prices it.
    "fal": {"issuer": "fal", "also": ["fal-ai"], "route": "direct", "source": "fal.example", "read_on": "2026-03-01",
            "models": [{"model": "fal-ai/wan-t2v", "cards": [
                {"from": "2026-01-01", "per": "1 second", "rates": {"video_seconds": "0.2"}}]}]},
}


def binary() -> str:
    named = os.environ.get("TOLLBOOK")
    paths = [named] if named else [ROOT / ".build/release/tollbook", ROOT / ".build/debug/tollbook"]
    return str(next(path for path in paths if Path(path).exists()))


class Daemon:
    def __init__(self) -> None:
        # A socket's path takes 107 bytes at most.
        self.folder = Path(tempfile.mkdtemp(prefix="tb-", dir="/tmp"))
        (self.folder / "pricing").mkdir()
        for name, cards in CARDS.items():
            (self.folder / "pricing" / f"{name}.json").write_text(json.dumps(cards))
        self.data, self.log, self.process, self.port = self.folder / "data", self.folder / "log", None, None
        self.data.mkdir()
        self.socket, self.spool = self.data / "tollbook.sock", self.folder / "spool"
        self.environment = {**os.environ, "HOME": str(self.folder), "TOLLBOOK_DATA": str(self.data),
                            "TOLLBOOK_PRICING": str(self.folder / "pricing")}

    def start(self, *more: str) -> None:
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [binary(), "serve", "--flush-ms", "10", *(more or ("--http", "off"))], env=self.environment,
                stdout=log, stderr=log)
        doors = [str(self.socket)]
        if "--forward" in more:
            doors.append(more[more.index("--forward") + 1])
        for _ in range(2000):
            with socket.socket(socket.AF_UNIX) as knock:
                if knock.connect_ex(doors[0]) == 0:
                    del doors[0]
                    if not doors:
                        return
            if self.process.poll() is not None:
                break
            time.sleep(0.005)
        raise RuntimeError("the daemon does not listen: " + self.log.read_text())

    def start_with_port(self) -> str:
        """Starts it with HTTP on a port, the same each time: its address."""
        if not self.port:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]
        self.start("--http", f"127.0.0.1:{self.port}")
        for _ in range(2000):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", self.port)) == 0:
                    return f"http://127.0.0.1:{self.port}"
            time.sleep(0.005)
        raise RuntimeError("the daemon has no port: " + self.log.read_text())

    def kill(self) -> None:
        """Ends it at once, wherever it stands."""
        self.end(signal.SIGKILL)

    def stop(self) -> None:
        """Ends it as systemd would: what it has read is committed."""
        self.end(signal.SIGTERM)

    def end(self, number: int) -> None:
        if self.process:
            self.process.send_signal(number)
            self.process.wait()
            self.process = None

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *arguments: str) -> str:
        return subprocess.run([binary(), *arguments], env=self.environment, check=True, capture_output=True,
                              text=True).stdout

    def total(self) -> dict:
        """What `tollbook spend --json` states of all calls."""
        return json.loads(self.run("spend", "--json"))["total"]

    def rows(self, by: str) -> dict:
        rows = json.loads(self.run("spend", "--json", "--by", by))["rows"]
        return {row[by]: (row["calls"], row["errors"], row["unpriced"], row["cost"]) for row in rows}

    def wait_for_calls(self, count: int) -> dict:
        """For senders that hear no acknowledgement: the total, once so many calls are booked."""
        total: dict = {}
        for _ in range(400):
            try:
                total = self.total()
            except subprocess.CalledProcessError:
                total = {"calls": 0}
            if total["calls"] >= count:
                break
            time.sleep(0.02)
        return total

    def files(self) -> dict:
        """Every byte that it or its sender left on disk, by the file's name."""
        return {str(path.relative_to(self.folder)): path.read_bytes()
                for path in self.folder.rglob("*") if path.is_file()}
