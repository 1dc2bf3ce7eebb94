"""LiteLLM: its map of prices as it ships, and its figure for a call."""

import json
import logging
import os
import re
from datetime import timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

# Set before the import: it would fetch another map than the one that is imported into cards.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm  # noqa: E402
from litellm.cost_calculator import (  # noqa: E402
    default_video_cost_calculator, ocr_batch_cost, ocr_cost, rerank_cost,
)
from litellm.exceptions import ModelNotMappedError  # noqa: E402
from litellm.litellm_core_utils.llm_cost_calc import utils as reckoner  # noqa: E402
from litellm.litellm_core_utils.llm_cost_calc.tool_call_cost_tracking import (  # noqa: E402
    StandardBuiltInToolCostTracking,
)
from litellm.llms.base_llm.ocr.transformation import OCRResponse, OCRUsageInfo  # noqa: E402
from litellm.types.utils import (  # noqa: E402
    CacheCreationTokenDetails, CompletionTokensDetailsWrapper, PromptTokensDetailsWrapper, Usage,
)

from cards import PROMPT, prompt_of  # noqa: E402
from literule import NOTHING, Rule  # noqa: E402

logging.getLogger("LiteLLM").setLevel(logging.CRITICAL)

NAME = "litellm"
SOURCE = "litellm"
# It reckons in floating point: 15 digits at best, and sums of them.
TOLERANCE = Fraction(1, 10**12)
litellm.suppress_debug_info = True
# Asking for a price logs in there, over the network.
WITH_LOGIN = ("github_copilot", "chatgpt")
SQUARE = "1024-x-1024"
QUALITIES = ("hd", "standard", "low", "medium", "high")
TEXT = ("chat", "completion", "responses", "embedding", "realtime")
ASKED = ["cache_read", "cache_write_5m", "cache_write_30m", "cache_write_1h", "cache_write_12h", "reasoning",
         "input_audio", "output_audio", "input_image", "output_image"]
# Modes with one meter, each by a calculator of its own.
MODES = {"audio_transcription": "audio_seconds", "audio_speech": "characters", "video_generation": "video_seconds",
         "image_generation": "images", "image_edit": "images", "ocr": "pages", "rerank": "searches",
         "search": "searches"}


def lists():
    folder = Path(litellm.__file__).parent
    yield (folder / "model_prices_and_context_window_backup.json").read_text()


def models(text):
    """Every model of the map by its line: provider, and the entry with its key as `id`."""
    members = json.loads(text, parse_float=Decimal)
    found = {}
    for number, line in enumerate(text.split("\n"), start=1):
        named = re.match(r'^    ("(?:[^"\\]|\\.)+"): \{', line)
        if named:
            key = json.loads(named[1])
            entry = members[key]
            if "litellm_provider" in entry:
                found[number] = (provider_of(entry), {**entry, "id": key})
    return found


def provider_of(entry):
    """The provider that a caller names: the map splits some by kind of model."""
    provider = entry["litellm_provider"]
    if provider.startswith("vertex_ai-"):
        return "vertex_ai"
    return "bedrock" if provider == "bedrock_converse" else provider


def meters(model, cards):
    """What its calculators of tokens, searches, pictures, pages, seconds and characters can be told of."""
    entry = model[1]
    mode = entry.get("mode")
    own = {meter for card in cards for _, rates in card.tables for meter in rates}
    if mode in MODES:
        return ([MODES[mode]] if own == {MODES[mode]} else []), []
    if model[0] in WITH_LOGIN or mode not in TEXT or not own & {"input", "output"}:
        return [], []
    known = ["input", "output", *ASKED, "searches"]
    long = "cache_write_12h" in own or "cache_write_30m" in own
    foreign = ("cache_write_5m", "cache_write_1h") if long else ("cache_write_30m", "cache_write_12h")
    others = [meter for meter in ASKED if meter not in own and meter not in foreign]
    return [meter for meter in known if meter in own], others


def asks_tier(model):
    return model[1].get("mode") in TEXT


def regions(model):
    """Where a provider asks more than elsewhere, and where it does not."""
    if model[1].get("mode") not in TEXT:
        return []
    asked = {"openai": ["eu", "us"], "vertex_ai": ["europe-west1", "global"], "anthropic": ["us", "eu"]}
    return asked.get(model[0], [])


def figure(case):
    provider, entry = case.model
    reckoner.current_billing_time = lambda: case.at.astimezone(timezone.utc)
    name = entry["id"]
    seconds = next((count for meter, count in case.units.items() if meter.endswith("_seconds")), 0)
    try:
        if entry["mode"] == "video_generation":
            cost = (default_video_cost_calculator(name, seconds, provider), 0.0)
        elif entry["mode"] == "audio_transcription":
            cost = litellm.cost_per_token(model=name, custom_llm_provider=provider, call_type="atranscription",
                                          audio_transcription_file_duration=seconds)
        elif entry["mode"] in ("image_generation", "image_edit"):
            cost = (litellm.cost_calculator.default_image_cost_calculator(
                image_name(name), provider, quality=case.variant.get("quality"), n=case.units.get("images", 0),
                size=case.variant.get("size", SQUARE)), 0.0)
        elif entry["mode"] == "ocr":
            pages = OCRUsageInfo(pages_processed=case.units.get("pages", 0))
            cost = ocr_batch_cost(name, provider, pages) if case.tier == "batch" else \
                ocr_cost(name, provider, OCRResponse(pages=[], model=name, usage_info=pages))
        elif entry["mode"] == "rerank":
            cost = rerank_cost(name, provider, {"search_units": case.units.get("searches", 0)})
        elif entry["mode"] == "search":
            cost = litellm.cost_per_token(model=name, custom_llm_provider=provider, call_type="search",
                                          number_of_queries=case.units.get("searches", 0))
        elif entry["mode"] == "audio_speech":
            cost = litellm.cost_per_token(model=name, custom_llm_provider=provider, call_type="aspeech",
                                          prompt_characters=case.units.get("characters", 0))
        else:
            cost = litellm.cost_per_token(
                model=name, custom_llm_provider=provider, usage_object=usage(case.units, case.region),
                data_residency=case.region if provider == "openai" else None,
                vertex_location=case.region if provider == "vertex_ai" else None,
                service_tier=None if case.tier == "batch" else case.tier,
                call_type="aretrieve_batch" if case.tier == "batch" else "completion")
            if case.units.get("searches"):
                one = StandardBuiltInToolCostTracking.get_cost_for_web_search(
                    model_info=litellm.get_model_info(model=name, custom_llm_provider=provider))
                cost = (*cost, one * case.units["searches"])
    except ModelNotMappedError:
        return None, None
    except Exception as fault:  # Its own faults have no type in common.
        return None, f"{type(fault).__name__}: {str(fault)[:200]}"
    return sum((Fraction(Decimal(str(part))) for part in cost), Fraction(0)), name


def image_name(key):
    """The model of a key such as `hd/1024-x-1792/dall-e-3`."""
    parts = key.split("/")
    while len(parts) > 1 and (parts[0] in QUALITIES or re.fullmatch(r"\d+-x-\d+", parts[0])):
        parts.pop(0)
    return "/".join(parts)


def image_key(name, provider, variant):
    """The key that its calculator of pictures finds first."""
    size = variant.get("size", SQUARE).replace("x", "-x-").replace("--x--", "-x-")
    quality, bare = variant.get("quality"), name.removeprefix(f"{provider}/")
    own = f"{provider}/{size}/{bare}" if bare != name else f"{size}/{name}"
    tail = f"{size}/{name.split('/')[-1]}"
    keys = [f"{quality}/{own}" if quality else own, f"{provider}/{quality}/{size}/{bare}" if quality else None, own,
            f"high/{own}", f"{quality}/{tail}" if quality else tail, tail, name, bare]
    return next(key for key in keys if key in litellm.model_cost)


def usage(units, region=None):
    def count(meter):
        return units.get(meter, 0)

    writes = sum(count(meter) for meter in PROMPT if meter.startswith("cache_write"))
    outputs = [count(meter) for meter in ("output", "reasoning", "output_audio", "output_image")]
    lifetimes = CacheCreationTokenDetails(
        ephemeral_5m_input_tokens=count("cache_write_5m"), ephemeral_30m_input_tokens=count("cache_write_30m"),
        ephemeral_1h_input_tokens=count("cache_write_1h"), ephemeral_12h_input_tokens=count("cache_write_12h"))
    geo = {"inference_geo": region} if region else {}
    return Usage(
        **geo, prompt_tokens=prompt_of(units), completion_tokens=sum(outputs),
        total_tokens=prompt_of(units) + sum(outputs),
        prompt_tokens_details=PromptTokensDetailsWrapper(
            text_tokens=count("input"), cached_tokens=count("cache_read"), audio_tokens=count("input_audio"),
            image_tokens=count("input_image"), cache_write_tokens=writes, cache_creation_tokens=writes,
            cache_creation_token_details=lifetimes if writes else None),
        completion_tokens_details=CompletionTokensDetailsWrapper(
            text_tokens=count("output"), reasoning_tokens=count("reasoning"), audio_tokens=count("output_audio"),
            image_tokens=count("output_image")))


def reckon(case, answered, catalogue):
    provider, entry = case.model
    name = entry["id"]
    if entry["mode"] in ("image_generation", "image_edit"):
        key = image_key(image_name(name), provider, case.variant)
        return Rule({**litellm.model_cost[key], "key": key}, provider, entry, case).reckoning()
    while name.startswith(f"{provider}/{provider}/"):
        name = name[len(provider) + 1:]
    if case.tier == "batch":
        provider = litellm.get_llm_provider(model=name, custom_llm_provider=provider)[1]
    try:
        info = litellm.get_model_info(model=name, custom_llm_provider=provider)
    except ModelNotMappedError:
        info = NOTHING
    return Rule(info, provider, entry, case).reckoning()
