"""Records of the real fluent-logger, and what Fluent Bit sends where it is installed, booked by a real daemon."""
import importlib.util
import shutil
import socket
import struct
import unittest

from daemon import Daemon
from provider import PROMPT
from test_lines import LINE, block


@unittest.skipUnless(importlib.util.find_spec("fluent"), "fluent-logger is not installed")
class FluentTests(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(self.daemon.remove)
        self.path = self.daemon.data / "forward.sock"
        self.daemon.start("--http", "off", "--forward", str(self.path))

    def sender(self, **more):
        from fluent.sender import FluentSender

        return FluentSender("llm", host=f"unix://{self.path}", **more)

    def booked(self, calls, cost, unpriced=0):
        total = self.daemon.wait_for_calls(calls)
        self.assertEqual((total["calls"], total["unpriced"], total["cost"]), (calls, unpriced, cost))
        for name, data in self.daemon.files().items():
            self.assertNotIn(PROMPT.encode(), data, name)

    def test_the_block_of_readme(self):
        code = block("fluent-logger").replace("/run/tollbook/forward.sock", str(self.path))
        exec(compile(code, "README.md", "exec"), {})
        self.booked(1, "0.002000000")
        self.assertEqual(list(self.daemon.rows("team")), ["search"])

    def test_records_are_lines_of_any_shape(self):
        for nanoseconds in (False, True):
            fluent = self.sender(nanosecond_precision=nanoseconds)
            usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
            self.assertTrue(fluent.emit("usage", {
                "id": f"chatcmpl-{nanoseconds}", "object": "chat.completion", "model": "m", "provider": "acme",
                "created": 1795218432, "usage": usage, "choices": [{"message": {"content": PROMPT}}]}))
            # As a container's line comes; its cost is a float.
            line = LINE.replace("{", f'{{"id":"log-{nanoseconds}",', 1)
            self.assertTrue(fluent.emit("container", {"container_name": "/app", "source": "stdout", "log": line}))
            self.assertTrue(fluent.emit("usage", {"id": f"cost-{nanoseconds}", "provider": "acme", "model": "m",
                                                  "units": {"input": 1}, "cost": 1.35e-05}))
            fluent.close()
        # Twice 3,000 + 2,000 + 2 millionths of a dollar.
        self.booked(6, "0.010004000")

    def test_many_records_of_one_connection(self):
        fluent = self.sender()
        for number in range(2000):
            fluent.emit("usage", {"id": f"c-{number}", "provider": "acme", "model": "m", "units": {"input": 1}})
        fluent.close()
        self.booked(2000, "0.004000000")

    def test_chunks_packed_by_the_real_msgpack_are_acknowledged_and_booked_once(self):
        import base64
        import gzip

        import msgpack

        at = msgpack.ExtType(0, struct.pack(">II", 1795218432, 5))
        record = {"provider": "acme", "model": "m", "units": {"input": 1000}}
        entries = [[at, record], [1795218433, record]]
        packed = b"".join(msgpack.packb(entry) for entry in entries)
        names = [base64.b64encode(bytes([number] * 16)).decode() for number in range(4)]
        twice = gzip.compress(packed) + gzip.compress(packed)
        messages = dict(zip(names, (
            ["llm", entries, {"chunk": names[0]}],
            ["llm", packed, {"chunk": names[1], "size": 2}],
            ["llm", twice, {"chunk": names[2], "compressed": "gzip"}],
            ["llm", at, record, {"chunk": names[3]}])))
        for _ in range(2):
            with socket.socket(socket.AF_UNIX) as sender:
                sender.connect(str(self.path))
                sender.settimeout(20)
                for chunk, message in messages.items():
                    sender.sendall(msgpack.packb(message))
                    self.assertEqual(msgpack.unpackb(sender.recv(1000)), {"ack": chunk})
            self.daemon.kill()
            self.daemon.start("--http", "off", "--forward", str(self.path))
        # 2 + 2 + 4 + 1 calls of 2,000 millionths.
        self.booked(9, "0.018000000")

    @unittest.skipUnless(shutil.which("fluent-bit"), "fluent-bit is not installed")
    def test_fluent_bit(self):
        import subprocess

        calls, configuration = self.daemon.folder / "calls.ndjson", self.daemon.folder / "fluent-bit.conf"
        calls.write_text(LINE * 3)
        configuration.write_text(
            block("Fluent Bit").replace("/run/tollbook/forward.sock", str(self.path))
            .replace("/var/log/app/calls.ndjson", str(calls)).replace("/var/lib/fluent-bit", str(self.daemon.folder))
            .replace("Tag          calls", "Tag          calls\n    Read_from_Head true"))
        process = subprocess.Popen(["fluent-bit", "-q", "-f", "1", "-c", str(configuration)])
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.booked(3, "0.006000000")


if __name__ == "__main__":
    unittest.main()
