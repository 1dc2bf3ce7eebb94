"""Every way in which a library's figure may differ from ours, and who is right.

A class is found by how either side came by a rate. Both figures were foretold exactly by then: the library's by its
own rules (genai.py, lite.py), ours by pricing/README.md (cards.py). What is foretold and has no class, or is not
foretold, is unexplained, and fails the test.
"""

from collections import namedtuple

Class = namedtuple("Class", "name why")

AUDIO = Class(
    "audio tokens without a price are billed as text",
    "Where providers state a price for audio it is several times that of text (OpenAI, Google). Partial here, until "
    "a card names it.")
IMAGE = Class(
    "image tokens without a price are billed as text",
    "Right at Google, which bills pictures in the prompt as text; wrong for pictures that are made. Partial here, "
    "until a card says \"input_image\": \"=input\".")
VIDEO = Class(
    "video tokens without a price are billed as text",
    "Right at Google, which bills films in the prompt as text; wrong for films that are made. Partial here, until a "
    "card says \"input_video\": \"=input\".")
HOUR = Class(
    "hour-long writes at a shorter one's rate",
    "Absent 1-hour rates are the 5-minute ones there, or the input's; Anthropic asks 2 times the input, "
    "not 1.25. Partial here.")
FREE = Class(
    "what has no price costs nothing there",
    "A count without a price adds 0 there and says nothing; here it is named as missing.")
TIER = Class(
    "a tier without a price is billed as standard there",
    "Flex is half, priority twice the standard price at OpenAI: unpriced here until a card names the tier.")
LEAK = Class(
    "today's hours reach back before their price began",
    "A time of day has no first day there, so a peak price of September holds in June. DeepSeek's peak prices began "
    "with the price they stand behind: here hours hold within their card's days.")
TEN = Class(
    "ten seconds at least",
    "Groq bills 10 s of Whisper at least (its price page): in their code, not in their list. A card says it by "
    "'minimum'; an imported list cannot.")
OTHER = Class(
    "another model takes the name first",
    "Names match by their beginnings there, and an earlier model's clause wins; here names are compared letter by "
    "letter.")
LIMITED = Class(
    "over 100,000 dollars for one call", "Named as a mistake of the line or the card here; a figure there.")
NOISE = Class(
    "digits that floating point left",
    "0.18000000000000002 in the list is 0.18 at the provider: an import keeps 15 digits, and 15 decimals.")
SHORT = Class(
    "a price by the second, cut short",
    "0.000283333333333 a second is 1.02 an hour at the provider: the import writes the hour.")
LOST = Class(
    "a model that cannot be found under its own id",
    "No clause of the list there matches the id it is listed under; here an id is a name.")

SILENT = Class(
    "a rate that the list no longer states",
    "A price that leaves the list is nought or the input's there from that day; an import takes silence for no "
    "change, and keeps the card's.")
HALF = Class(
    "a batch without a price costs half there",
    "Half of the standard price stands for what the list does not say of batches. OpenAI, Anthropic and Google do "
    "halve; others have no batches at all: unpriced, or partial, here until a card names the tier.")
FAST = Class(
    "fast is billed as priority there",
    "One price stands for two tiers by code. OpenAI's names differ, so here a card must say `fast`.")
MIXED = Class(
    "a tier's missing prices are the standard ones there",
    "Here a tier's card stands alone: an absent cache rate is the tier's own input rate, and other absent ones are "
    "missing. Providers' tables state cached input for each tier on its own (OpenAI's flex: half of it).")
NOUGHT = Class(
    "nought in the map",
    "0 fills places there whose price is nothing, unknown or does not apply, and is billed as free; an import takes "
    "no 0, so the input rate stands in, or the call is partial. Only a page that says free makes a card of \"0\".")
BAND = Class(
    "a tier's long prompts at the standard price there",
    "A standard threshold price replaces the tier's there, so that a long priority call is cheaper than a short one; "
    "here a call of a length that the list does not price for its tier is unpriced. Providers have long prices of the "
    "tier's own (Google's flex): the list lacks it, and a card must say it.")
LENGTH = Class(
    "a tier's long prompts at its short price there",
    "The list steps the standard price up over a threshold and names none for the tier: its short price goes on for "
    "ever there. Here the call is unpriced, until a card says what long prompts of the tier cost.")
REGION = Class(
    "a region's surcharge",
    "A factor of the map for OpenAI's data residency, Vertex AI's regional endpoints and Anthropic's `us`. An imported "
    "card lacks it; `uplifts` in the price file say it.")
UNTOLD = Class(
    "calculators that are not told of the tier",
    "xAI, Fireworks, DeepSeek and Perplexity have calculators of their own there, which ignore the tier that was "
    "served though the map prices it.")
EMPTY = Class(
    "a prompt of nought falls into no range there",
    "Ranges begin above 0 there, so a call without a prompt is billed by prices that the entry has not. Here the "
    "first range begins at 0.")
DEFAULT = Class(
    "half for cached tokens by default",
    "Fireworks halves the input price of cached tokens unless it says otherwise (its page on prompt caching): in "
    "their code, not in the list. Theirs is right; an imported card without `cache_read` takes the input rate.")
DETAIL = Class(
    "parts of the answer that a calculator drops",
    "xAI's calculator there forgets what of the answer was reasoning or sound. Here a rate for it is used.")
PLAIN = Class(
    "a calculator that reads two prices of an entry",
    "Perplexity's there bills cached and long prompts at the plain input price, though the map has others.")
FEE = Class(
    "a fee for the request is left out",
    "`input_cost_per_request` is in the map, and no calculator there reads it; Perplexity's page asks it.")
ONE = Class(
    "a search where none was made", "`number_of_queries or 1`: nought is taken for not stated there.")
FIXED = Class(
    "a calculator that knows its price itself",
    "Parallel AI's there asks 0.005 for all searches of a call unless its own answer is at hand, whatever the map says "
    "and however many there were.")
FIRST = Class(
    "a picture's price behind a nought",
    "Of three names for a picture's price the first that is there is taken, a 0 too, so that Amazon Titan's pictures "
    "cost nothing there; here the price behind it in the same entry is taken.")
ALIAS = Class(
    "an entry that is looked up under another key",
    "Provider and name are joined, cut and tried in turn there, and an entry of the same name elsewhere wins.")

GENAI = "genai-prices"
LITE = "litellm"
CLASSES = {
    (GENAI, "the 5-minute rate", "none"): HOUR,
    (GENAI, "nothing is asked", "none"): FREE,
    (GENAI, "standard for the tier", "no card"): TIER,
    (GENAI, "hours of a later price", "own"): LEAK,
    (GENAI, "hours of a later price", "stands in"): LEAK,
    (GENAI, "hours of a later price", "none"): LEAK,
    (GENAI, "ten seconds at least", "own"): TEN,
}
CLASSES[GENAI, "stands in", "own"] = SILENT
CLASSES.update({
    (LITE, "the 5-minute rate", "none"): HOUR,
    (LITE, "standard for the tier", "no card"): TIER,
    (LITE, "fast as priority", "no card"): FAST,
    (LITE, "half for the batch", "no card"): HALF,
    (LITE, "half for the batch", "none"): HALF,
    (LITE, "half for the batch", "stands in"): HALF,
    (LITE, "the standard tier", "stands in"): MIXED,
    (LITE, "the standard tier", "none"): MIXED,
    (LITE, "the standard tier", "own"): BAND,
    (LITE, "half by default", "stands in"): DEFAULT,
    (LITE, "as written text", "own"): DETAIL,
    (LITE, "in plain tokens", "own"): PLAIN,
    (LITE, "in plain tokens", "stands in"): PLAIN,
    (LITE, "nothing is asked", "own"): FEE,
    (LITE, "one at least", "own"): ONE,
    (LITE, "a fixed price", "own"): FIXED,
    (LITE, "nought", "own"): FIRST,
    (LITE, "nought", "stands in"): NOUGHT,
    (LITE, "nought", "none"): NOUGHT,
})
for how in ("own", "stands in", "none", "no card"):
    CLASSES[LITE, "another model", how] = ALIAS
    CLASSES[LITE, "not told of the tier", how] = UNTOLD
    CLASSES[LITE, "no range", how] = EMPTY
    CLASSES[LITE, "a region's surcharge", how] = REGION
for how in ("own", "stands in", "none"):
    CLASSES[GENAI, "another model", how] = OTHER
CLASSES[GENAI, "another model", "no card"] = OTHER
ALIKE = {"over the limit": LIMITED, "not found": LOST, "noise": NOISE, "short": SHORT, "free": FREE}


def class_of(library, meter, theirs, ours):
    """The class of one meter's difference; nothing where there is none.

    `theirs` is their rate, `ours` how we came by ours.
    """
    theirs, dollars = theirs.how, theirs.dollars
    if ours == "unsaid":
        why = BAND if theirs == "the standard tier" else LENGTH
        return CLASSES.get((library, theirs, "no card"), why)
    if ours == "none" and dollars == 0 and theirs != "nought":
        return FREE
    if ours == "none" and theirs in ("as fresh text", "as written text"):
        return AUDIO if "audio" in meter else IMAGE if "image" in meter else VIDEO if "video" in meter else HOUR
    return CLASSES.get((library, theirs, ours))
