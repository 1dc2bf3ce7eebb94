"""The real clients of the providers, a provider of this machine, and a real daemon."""
import asyncio
import importlib.util
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from daemon import Daemon  # noqa: E402
from provider import ANSWER_ID, CHAT, HEADER, KEY, OUTPUT, PROMPT, Provider  # noqa: E402
from tollbook import Tollbook, _params  # noqa: E402


def needs(name):
    return unittest.skipUnless(importlib.util.find_spec(name), f"{name} is not installed")


ASKED = [{"role": "user", "content": PROMPT}]


class SDKTests(unittest.TestCase):
    def setUp(self):
        self.daemon, self.provider = Daemon(), Provider()
        self.addCleanup(self.daemon.remove)
        self.addCleanup(self.provider.server_close)
        self.addCleanup(self.provider.shutdown)
        self.daemon.start()
        self.book = Tollbook(self.daemon.socket, "test", self.daemon.spool, {"team": "search"})
        self.addCleanup(self.book.close)

    def booked(self, **wanted):
        """What the ledger says of all calls, once every line is acknowledged; nothing of content is anywhere."""
        self.assertTrue(self.book.flush(20), self.book.stats())
        self.assertEqual((self.book.stats()["refused"], self.book.stats()["dropped"]), (0, 0))
        total = self.daemon.total()
        self.assertEqual({name: total[name] for name in wanted}, wanted)
        for name, data in self.daemon.files().items():
            for canary in (PROMPT, OUTPUT, KEY, HEADER):
                self.assertNotIn(canary.encode(), data, name)

    def openai(self, kind="OpenAI"):
        import openai

        client = getattr(openai, kind)(api_key=KEY, base_url=self.provider.address + "/v1", max_retries=2)
        return self.book.openai(client, provider="acme")

    # 600 × 2 + 400 × 0.5 + 100 × 10 = 2,400 millionths of a dollar.

    @needs("openai")
    def test_openai_chat(self):
        answer = self.openai().chat.completions.create(model="m", messages=ASKED)
        self.assertEqual(answer.choices[0].message.content, OUTPUT)
        self.booked(calls=1, errors=0, unpriced=0, cost="0.002400000", input=600, cache_read=400, output=100)

    # A gateway that names no call in a header, as LiteLLM's: what both know of the call is the answer's id.

    @needs("openai")
    def test_openai_chat_that_a_gateway_tells_of_too_is_booked_once(self):
        self.provider.names_calls = False
        self.openai().chat.completions.create(model="m", messages=ASKED)
        self.booked(calls=1, cost="0.002400000")
        gateway = Tollbook(self.daemon.socket, "gateway", self.daemon.spool / "gateway")
        self.addCleanup(gateway.close)
        gateway.log({"provider": "acme", "model": "m", "provider_request_id": ANSWER_ID, "status": 200, "usage": CHAT})
        self.assertTrue(gateway.flush(20), gateway.stats())
        self.booked(calls=1, errors=0, unpriced=0, cost="0.002400000")

    @needs("openai")
    def test_openai_responses_are_booked_when_made_and_not_when_fetched(self):
        client = self.openai()
        client.responses.create(model="m", input=PROMPT)
        client.responses.retrieve("resp_1")
        self.booked(calls=1, unpriced=0, cost="0.002400000")

    @needs("openai")
    def test_openai_embeddings(self):
        self.openai().embeddings.create(model="m", input=PROMPT)
        self.booked(calls=1, unpriced=0, cost="0.001000000", input=500)

    @needs("openai")
    def test_openai_stream_with_usage(self):
        stream = self.openai().chat.completions.create(
            model="m", messages=ASKED, stream=True, stream_options={"include_usage": True})
        self.assertEqual(sum(1 for _ in stream), 6)
        self.booked(calls=1, errors=0, unpriced=0, cost="0.002400000")

    @needs("openai")
    def test_openai_stream_without_usage_is_unpriced(self):
        for _ in self.openai().chat.completions.create(model="m", messages=ASKED, stream=True):
            pass
        self.booked(calls=1, errors=0, unpriced=1, cost="0.000000000")

    @needs("openai")
    def test_openai_stream_closed_early_is_canceled_and_unpriced(self):
        self.provider.gate.clear()
        self.addCleanup(self.provider.gate.set)
        stream = self.openai().chat.completions.create(
            model="m", messages=ASKED, stream=True, stream_options={"include_usage": True})
        next(iter(stream))
        stream.close()
        self.booked(calls=1, unpriced=1, cost="0.000000000")

    @needs("openai")
    def test_openai_retry_is_two_calls_one_of_them_an_error(self):
        self.provider.failures = [429]
        self.openai().chat.completions.create(model="m", messages=ASKED)
        self.booked(calls=2, errors=1, unpriced=0, cost="0.002400000")

    @needs("openai")
    def test_openai_asynchronous(self):
        async def calls():
            client = self.openai("AsyncOpenAI")
            await client.chat.completions.create(model="m", messages=ASKED)
            stream = await client.chat.completions.create(
                model="m", messages=ASKED, stream=True, stream_options={"include_usage": True})
            async for _ in stream:
                pass
            await client.close()

        asyncio.run(calls())
        self.booked(calls=2, errors=0, unpriced=0, cost="0.004800000")

    def anthropic(self, kind="Anthropic"):
        import anthropic

        client = getattr(anthropic, kind)(api_key=KEY, base_url=self.provider.address, max_retries=0)
        return self.book.anthropic(client, provider="acme")

    # 1,000 × 2 + 400 × 0.5 + 200 × 2.5 + 100 × 10 = 3,700 millionths: the cache's tokens are beside the input.

    @needs("anthropic")
    def test_anthropic_message(self):
        self.anthropic().messages.create(model="m", max_tokens=9, messages=ASKED)
        self.booked(calls=1, errors=0, unpriced=0, cost="0.003700000", input=1000, cache_read=400, output=100)

    @needs("anthropic")
    def test_anthropic_stream(self):
        with self.anthropic().messages.stream(model="m", max_tokens=9, messages=ASKED) as stream:
            self.assertEqual(stream.get_final_text(), OUTPUT)
        self.booked(calls=1, errors=0, unpriced=0, cost="0.003700000")

    @needs("anthropic")
    def test_anthropic_asynchronous(self):
        async def calls():
            client = self.anthropic("AsyncAnthropic")
            await client.messages.create(model="m", max_tokens=9, messages=ASKED)
            async with client.messages.stream(model="m", max_tokens=9, messages=ASKED) as stream:
                await stream.get_final_message()
            await client.close()

        asyncio.run(calls())
        self.booked(calls=2, errors=0, unpriced=0, cost="0.007400000")

    def huggingface(self):
        import huggingface_hub

        huggingface_hub.close_session()
        self.addCleanup(huggingface_hub.close_session)
        client = huggingface_hub.InferenceClient(
            base_url=self.provider.address + "/router/v1", api_key="hf_" + KEY, bill_to="my-org")
        return self.book.huggingface(client)

    # 1,000 × 3 + 100 × 12 = 4,200 millionths: the router's card names no rate for the cache.

    @needs("huggingface_hub")
    def test_huggingface_chat(self):
        answer = self.huggingface().chat_completion(ASKED, model="m")
        self.assertEqual(answer.choices[0].message.content, OUTPUT)
        self.booked(calls=1, errors=0, unpriced=0, cost="0.004200000", output=100)
        self.assertEqual(self.daemon.rows("route"), {"huggingface": (1, 0, 0, "0.004200000")})
        self.assertEqual(self.daemon.rows("tag:bill_to"), {"my-org": (1, 0, 0, "0.004200000")})

    @needs("huggingface_hub")
    def test_huggingface_stream(self):
        client = self.huggingface()  # Without a name it would be collected, and its stream closed.
        chunks = list(client.chat_completion(ASKED, model="m", stream=True))
        self.assertEqual(chunks[0].choices[0].delta.content, OUTPUT)
        self.booked(calls=1, errors=0, unpriced=0, cost="0.004200000")

    def media(self, model, task, provider_id, provider="fal-ai"):
        """A client of one of the router's providers, whose addresses lead to this machine."""
        import huggingface_hub
        from huggingface_hub import constants
        from huggingface_hub.hf_api import InferenceProviderMapping
        from huggingface_hub.inference._providers import _common

        known, template = _common.HARDCODED_MODEL_INFERENCE_MAPPING, constants.INFERENCE_PROXY_TEMPLATE
        self.addCleanup(known.pop, provider, None)
        known[provider] = {model: InferenceProviderMapping(
            hf_model_id=model, provider=provider, providerId=provider_id, task=task, status="live")}
        self.addCleanup(setattr, constants, "INFERENCE_PROXY_TEMPLATE", template)
        constants.INFERENCE_PROXY_TEMPLATE = self.provider.address + "/router/{provider}"
        huggingface_hub.close_session()
        self.addCleanup(huggingface_hub.close_session)
        client = huggingface_hub.InferenceClient(provider=provider, api_key="hf_" + KEY, bill_to="my-org")
        return self.book.huggingface(client)

    # Fetching the picture from where it lies is no call. 0.786432 megapixels × 0.025 = 0.0196608.

    @needs("PIL")
    @needs("huggingface_hub")
    def test_huggingface_picture_is_priced_by_the_units_of_its_header(self):
        client = self.media("black-forest-labs/FLUX.1-dev", "text-to-image", "fal-ai/flux/dev")
        picture = client.text_to_image(PROMPT, model="black-forest-labs/FLUX.1-dev", width=1024, height=768)
        self.assertEqual(picture.size, (1, 1))
        self.booked(calls=1, errors=0, unpriced=0, cost="0.019660800")
        for by, name in (("route", "huggingface"), ("provider", "fal-ai"), ("model", "fal-ai/flux/dev")):
            self.assertEqual(self.daemon.rows(by), {name: (1, 0, 0, "0.019660800")})
        self.assertEqual(self.daemon.rows("tag:bill_to"), {"my-org": (1, 0, 0, "0.019660800")})

    # Joining the queue and asking it are no calls; the result is: 5 units × 0.2 = 1.

    @needs("huggingface_hub")
    def test_huggingface_film_is_booked_once_when_its_result_is_fetched(self):
        client = self.media("Wan-AI/Wan2.1-T2V", "text-to-video", "fal-ai/wan-t2v")
        self.assertTrue(client.text_to_video(PROMPT, model="Wan-AI/Wan2.1-T2V"))
        self.booked(calls=1, errors=0, unpriced=0, cost="1.000000000")

    # Without that header what was asked for is counted: a picture, 0.04.

    @needs("PIL")
    @needs("huggingface_hub")
    def test_huggingface_picture_without_units_is_counted_by_what_was_asked_for(self):
        client = self.media("o/picture", "text-to-image", "picture", provider="nscale")
        client.text_to_image(PROMPT, model="o/picture", width=1024, height=768)
        self.booked(calls=1, errors=0, unpriced=0, cost="0.040000000")

    # A prediction's links are counted, two of them, whatever is asked for of another name: 2 × 0.04.

    @needs("PIL")
    @needs("huggingface_hub")
    def test_huggingface_pictures_of_a_prediction_are_counted(self):
        client = self.media("o/picture", "text-to-image", "a/picture", provider="replicate")
        client.text_to_image(PROMPT, model="o/picture", width=1024, height=768)
        self.booked(calls=1, errors=0, unpriced=0, cost="0.080000000")


class WhatWasAskedForTests(unittest.TestCase):
    def test_numbers_and_words_are_taken_and_no_text(self):
        for asked, params in (
            ({"prompt": PROMPT, "width": 1024, "height": 768, "n": 2}, {"size": "1024x768", "n": "2"}),
            ({"inputs": PROMPT, "parameters": {"width": 8, "height": 9, "num_inference_steps": 4}},
             {"size": "8x9", "steps": "4"}),
            ({"input": {"prompt": PROMPT, "num_outputs": 4, "duration": 5.5}}, {"n": "4", "seconds": "5.5"}),
            ({"image_size": {"width": 8, "height": 9}, "resolution": 720}, {"size": "8x9", "resolution": "720"}),
            ({"size": "512*768", "quality": "hd", "seconds": "5s", "n": True}, {"size": "512x768", "quality": "hd"}),
            ({"size": "a text", "n": -1, "seconds": float("nan"), "hardware": [PROMPT], "width": 9}, {}),
        ):
            self.assertEqual(_params(asked), params)


if __name__ == "__main__":
    unittest.main()
