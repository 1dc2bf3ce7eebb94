"""LiteLLM's own callbacks, a provider of this machine, and a real daemon."""
import asyncio
import importlib.util
import os
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from daemon import Daemon  # noqa: E402
from provider import HEADER, KEY, OUTPUT, PROMPT, Provider  # noqa: E402
from tollbook import Tollbook  # noqa: E402

ASKED = [{"role": "user", "content": PROMPT}]


@unittest.skipUnless(importlib.util.find_spec("litellm"), "litellm is not installed")
class LiteLLMTests(unittest.TestCase):
    def setUp(self):
        os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # Else it is fetched.
        import litellm

        self.litellm = litellm
        litellm.suppress_debug_info = True
        self.daemon, self.provider = Daemon(), Provider()
        self.addCleanup(self.daemon.remove)
        self.addCleanup(self.provider.server_close)
        self.addCleanup(self.provider.shutdown)
        self.daemon.start()
        self.book = Tollbook(self.daemon.socket, "test", self.daemon.spool, {"team": "search"})
        self.addCleanup(self.book.close)
        litellm.logging_callback_manager._reset_all_callbacks()  # Those of the test before.
        litellm.callbacks = [self.book.litellm(tags={"app": "shop"})]

    def asked(self, kind="openai/m", path="/v1"):
        return {"model": kind, "api_base": self.provider.address + path, "api_key": KEY, "messages": ASKED,
                "max_tokens": 9, "num_retries": 0}

    def booked(self, **wanted):
        """LiteLLM calls back from a thread of its own, so the call is waited for."""
        total = self.daemon.wait_for_calls(wanted["calls"])
        self.assertTrue(self.book.flush(20), self.book.stats())
        self.assertEqual(self.book.stats()["refused"], 0)
        self.assertEqual({name: total[name] for name in wanted}, wanted)
        self.assertEqual(self.daemon.rows("tag:app").keys(), {"shop"})
        for name, data in self.daemon.files().items():
            for canary in (PROMPT, OUTPUT, KEY, HEADER):
                self.assertNotIn(canary.encode(), data, name)

    # 600 × 2 + 400 × 0.5 + 100 × 10 = 2,400 millionths; openai's m is sold by acme's card in this test.

    def test_completion(self):
        answer = self.litellm.completion(**self.asked())
        self.assertEqual(answer.choices[0].message.content, OUTPUT)
        self.booked(calls=1, errors=0, unpriced=0, cost="0.002400000", input=600, cache_read=400)

    def test_stream(self):
        for _ in self.litellm.completion(**self.asked(), stream=True, stream_options={"include_usage": True}):
            pass
        self.booked(calls=1, errors=0, unpriced=0, cost="0.002400000")

    def test_asynchronous(self):
        async def calls():
            await self.litellm.acompletion(**self.asked())
            stream = await self.litellm.acompletion(
                **self.asked(), stream=True, stream_options={"include_usage": True})
            async for _ in stream:
                pass
            for _ in range(1000):
                if self.book.stats()["logged"] >= 2:
                    return
                await asyncio.sleep(0.01)

        asyncio.run(calls())
        self.booked(calls=2, errors=0, unpriced=0, cost="0.004800000")

    # Anthropic's 1,000 + 400 read + 200 written: 1,000 × 2 + 400 × 0.5 + 200 × 2.5 + 100 × 10 = 3,700 millionths.

    def test_anthropic_whose_cache_litellm_counts_inside(self):
        self.litellm.completion(**self.asked("anthropic/m", ""))
        self.booked(calls=1, errors=0, unpriced=0, cost="0.003700000", input=1000, cache_read=400)

    def test_a_failed_call_is_an_error(self):
        self.provider.failures = [400]
        with self.assertRaises(Exception):
            self.litellm.completion(**self.asked())
        self.booked(calls=1, errors=1, cost="0.000000000")


if __name__ == "__main__":
    unittest.main()
