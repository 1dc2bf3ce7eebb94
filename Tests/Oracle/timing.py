"""Prices a second that genai-prices and LiteLLM reckon of current models, by the processor's clock.

Printed as one JSON object: {"genai-prices": 17000, "litellm": 6800}. tollbench runs it beside its own figures.
"""

import json
import os
import statistics
import time
from datetime import datetime, timezone

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

SECONDS, RUNS, CALLS = 2.0, 3, 64
# Those of Sources/tollbench/PricingLoad.swift, under each library's names.
MODELS = [
    ("openai", "openai", "gpt-5-mini"), ("openai", "openai", "gpt-5.4"),
    ("anthropic", "anthropic", "claude-sonnet-5"), ("groq", "groq", "openai/gpt-oss-120b"),
    ("google", "gemini", "gemini-2.5-pro"), ("deepseek", "deepseek", "deepseek-v4-flash"),
]
AT = datetime(2026, 11, 1, 12, tzinfo=timezone.utc)


def counts(index):
    return 200 + index * 7, index * 3, 20 + index


def rate(call, arguments):
    """Calls a second of processor time: the median of three runs."""
    rates = []
    for _ in range(RUNS):
        done, start = 0, time.process_time()
        while time.process_time() - start < SECONDS:
            for argument in arguments:
                call(*argument)
            done += len(arguments)
        rates.append(done / (time.process_time() - start))
    return statistics.median(rates)


def genai():
    import genai_prices

    def call(usage, provider, model):
        genai_prices.calc_price(usage, model, provider_id=provider, genai_request_timestamp=AT)

    arguments = []
    for index in range(CALLS):
        fresh, cached, written = counts(index)
        usage = genai_prices.Usage(input_tokens=fresh + cached, cache_read_tokens=cached, output_tokens=written)
        provider, _, model = MODELS[index % len(MODELS)]
        arguments.append((usage, provider, model))
    return rate(call, arguments)


def lite():
    import litellm
    from litellm.types.utils import ModelResponse, PromptTokensDetailsWrapper, Usage

    def call(response, provider, model):
        litellm.completion_cost(completion_response=response, model=model, custom_llm_provider=provider)

    arguments = []
    for index in range(CALLS):
        fresh, cached, written = counts(index)
        _, provider, model = MODELS[index % len(MODELS)]
        usage = Usage(prompt_tokens=fresh + cached, completion_tokens=written, total_tokens=fresh + cached + written,
                      prompt_tokens_details=PromptTokensDetailsWrapper(cached_tokens=cached))
        arguments.append((ModelResponse(model=model, usage=usage), provider, model))
    return rate(call, arguments)


if __name__ == "__main__":
    print(json.dumps({"genai-prices": round(genai()), "litellm": round(lite())}))
