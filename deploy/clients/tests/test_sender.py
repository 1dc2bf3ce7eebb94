"""The sender itself: a daemon that is killed, one that is away, a spool that is full, processes that fork."""
import json
import logging
import os
import resource
import signal
import socket
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from daemon import ROOT, Daemon  # noqa: E402
from provider import KEY, OUTPUT, PROMPT  # noqa: E402
from tollbook import Tollbook, clean  # noqa: E402

# 1,000 × 2 = 2,000 millionths of a dollar.
LINE = {"provider": "acme", "model": "m", "status": 200, "units": {"input": 1000}}
PROCESS = """
import resource, signal, sys
sys.path.insert(0, sys.argv[1])
from tollbook import Tollbook
book = Tollbook(sys.argv[2], "test", sys.argv[3])
line = {"provider": "acme", "model": "m", "status": 200, "units": {"input": 1000}}
"""


class SenderTests(unittest.TestCase):
    def setUp(self):
        logging.getLogger("tollbook").setLevel(logging.CRITICAL)
        self.daemon = Daemon()
        self.addCleanup(self.daemon.remove)

    def sender(self, **more):
        book = Tollbook(self.daemon.socket, "test", self.daemon.spool, {"team": "search"}, **more)
        self.addCleanup(book.close)
        return book

    def process(self, program, *arguments):
        return subprocess.run(
            [sys.executable, "-c", PROCESS + program, ROOT / "deploy/clients", self.daemon.socket, self.daemon.spool,
             *arguments], capture_output=True, text=True, timeout=120)

    def booked(self, calls, cost):
        total = self.daemon.total()
        self.assertEqual((total["calls"], total["cost"]), (calls, cost))
        self.assertIn("whole", self.daemon.run("verify"))

    def segments(self):
        return sorted(self.daemon.spool.rglob("*.ndjson"))

    def test_lines_are_acknowledged_and_leave_the_spool(self):
        self.daemon.start()
        book = self.sender()
        for _ in range(3000):
            book.log(LINE)
        self.assertTrue(book.flush(30))
        self.assertEqual(book.stats(), {"logged": 3000, "acknowledged": 3000, "refused": 0, "dropped": 0, "waiting": 0})
        self.assertEqual(self.segments(), [])
        self.booked(3000, "6.000000000")

    def test_a_daemon_killed_time_and_again_books_every_line_once(self):
        self.daemon.start()
        book = self.sender(queue_lines=100_000)
        for time in range(6):
            for _ in range(2000):
                book.log(LINE)
            self.daemon.kill()
            for _ in range(500):
                book.log(LINE)
            self.daemon.start()
        self.assertTrue(book.flush(60))
        self.assertEqual(book.stats()["dropped"], 0)
        self.booked(15_000, "30.000000000")

    def test_lines_of_a_process_that_is_gone_are_delivered_by_the_next(self):
        run = self.process("""
for _ in range(1200): book.log(line)
assert not book.close(1)
""")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(len(self.segments()), 1)
        self.daemon.start()
        book = self.sender()
        book.log(LINE)
        self.assertTrue(book.flush(30))
        self.booked(1201, "2.402000000")

    def test_a_process_killed_in_the_middle_leaves_a_spool_that_the_next_one_reads(self):
        run = self.process("""
import os
for _ in range(1000): book.log(line)
while len(book._queue): pass
os.kill(os.getpid(), signal.SIGKILL)
""")
        self.assertEqual(run.returncode, -signal.SIGKILL)
        [segment] = self.segments()
        with open(segment, "ab") as file:
            file.write(b'{"n":1001,"model":"torn')
        self.daemon.start()
        book = self.sender()
        book.log(LINE)
        self.assertTrue(book.flush(30))
        self.booked(1001, "2.002000000")

    def test_a_caller_waits_for_nobody_while_the_daemon_does_not_read(self):
        with socket.socket(socket.AF_UNIX) as deaf:
            deaf.bind(str(self.daemon.socket))
            deaf.listen()
            book = self.sender()
            for _ in range(12_000):
                book.log(LINE)
            stats = book.stats()
            self.assertEqual((stats["acknowledged"], stats["logged"] + stats["dropped"]), (0, 12_000))
        os.unlink(self.daemon.socket)
        self.daemon.start()
        self.assertTrue(book.flush(60))
        self.booked(stats["logged"], f"{stats['logged'] * 2_000 / 1_000_000:.9f}")

    def test_a_full_spool_and_a_full_queue_drop_the_newest_and_count_them(self):
        # A line is 121 bytes in the queue: the spool takes 8 of them, and the queue 100.
        book = self.sender(spool_bytes=8 * 130, queue_lines=100)
        for place in range(1000):
            book.log({**LINE, "id": f"{place:032d}", "at": 1795218432.5})
        stats = book.stats()
        self.assertEqual(stats["logged"] + stats["dropped"], 1000)
        self.assertLessEqual(stats["waiting"], 110)
        self.assertGreaterEqual(stats["dropped"], 890)
        self.daemon.start()
        self.assertTrue(book.flush(30))
        self.booked(stats["logged"], f"{stats['logged'] * 2_000 / 1_000_000:.9f}")

    def test_a_disk_that_takes_no_more_is_counted_and_not_raised(self):
        run = self.process("""
import json
book.queue_lines = 100
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
for _ in range(1000): book.log(line)
book.flush(1)
print(json.dumps(book.stats()))
""")
        self.assertEqual(run.returncode, 0, run.stderr)
        stats = json.loads(run.stdout)
        self.assertGreater(stats["dropped"], 0)
        self.assertEqual(stats["logged"] + stats["dropped"], 1000)
        [segment] = self.segments()
        self.assertTrue(segment.read_bytes().endswith(b"\n"), "what the disk took a part of is gone")
        lines = segment.read_bytes().count(b"\n")
        self.daemon.start()
        book = self.sender()
        book.log(LINE)
        self.assertTrue(book.flush(30))
        self.booked(lines + 1, f"{(lines + 1) * 2_000 / 1_000_000:.9f}")

    def test_forked_children_send_for_themselves(self):
        self.daemon.start()
        book = self.sender()
        for _ in range(100):
            book.log(LINE)
        children = []
        for _ in range(3):
            child = os.fork()
            if child == 0:
                for _ in range(200):
                    book.log(LINE)
                os._exit(0 if book.close(30) else 1)
            children.append(child)
        self.assertEqual([os.waitpid(child, 0)[1] for child in children], [0, 0, 0])
        self.assertTrue(book.flush(30))
        self.booked(700, "1.400000000")

    def test_the_end_of_a_process_waits_for_its_lines(self):
        self.daemon.start()
        run = self.process("for _ in range(500): book.log(line)")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.booked(500, "1.000000000")

    def test_a_refused_line_is_counted_and_stops_nothing(self):
        self.daemon.start()
        book = self.sender()
        book.log({**LINE, "units": {"input": -1}})
        book.log(LINE)
        self.assertTrue(book.flush(30))
        self.assertEqual(book.stats()["refused"], 1)
        self.booked(1, "0.002000000")

    def test_logging_takes_the_line_and_not_the_text(self):
        self.daemon.start()
        book = self.sender()
        logger = logging.Logger("app")
        logger.addHandler(book.handler())
        logger.info("the answer was %s", OUTPUT, extra={"tollbook": {**LINE, "prompt": PROMPT}})
        logger.info(PROMPT)
        self.assertTrue(book.flush(30))
        self.booked(1, "0.002000000")
        for name, data in self.daemon.files().items():
            self.assertFalse(OUTPUT.encode() in data or PROMPT.encode() in data, name)

    def test_content_does_not_reach_the_spool_of_a_daemon_that_is_away(self):
        book = self.sender()
        book.log({
            "model": "m", "messages": [{"content": PROMPT}], "choices": [{"message": {"content": OUTPUT}}],
            "usage": {"prompt_tokens": 9, "note": PROMPT, "details": {"text": OUTPUT, "cached_tokens": 4}},
            "headers": {"Authorization": KEY, "X-Request-Id": "req-1"}, "params": {"n": 1, "prompt": PROMPT}})
        self.assertFalse(book.flush(1))
        [segment] = self.segments()
        line = json.loads(segment.read_bytes())
        self.assertEqual(set(line), {"n", "id", "at", "model", "usage", "headers", "params"})
        self.assertEqual(line["usage"], {"prompt_tokens": 9, "details": {"cached_tokens": 4}})
        self.assertEqual((line["headers"], line["params"]), ({"x-request-id": "req-1"}, {"n": 1}))

    def test_what_is_no_line_raises_nothing(self):
        book = self.sender()
        for thing in (None, 5, [], {"cost": float("nan")}, {"tags": {"a": object()}}, {1: 2}):
            book.log(thing)
        self.assertEqual(clean({"usage": {"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}}, "model": 5}),
                         {"usage": {"a": {"b": {"c": {"d": {"e": {}}}}}}, "model": 5})


if __name__ == "__main__":
    unittest.main()
