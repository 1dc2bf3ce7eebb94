// pricing/: the price files that stand in when none are given, by name. A test compares the list
// with the folder.
#include "data.h"

static const unsigned char anthropic[] = {
#embed "../../pricing/anthropic.json"
};
static const unsigned char baseten[] = {
#embed "../../pricing/baseten.json"
};
static const unsigned char cerebras[] = {
#embed "../../pricing/cerebras.json"
};
static const unsigned char cohere[] = {
#embed "../../pricing/cohere.json"
};
static const unsigned char deepinfra[] = {
#embed "../../pricing/deepinfra.json"
};
static const unsigned char deepseek[] = {
#embed "../../pricing/deepseek.json"
};
static const unsigned char elevenlabs[] = {
#embed "../../pricing/elevenlabs.json"
};
static const unsigned char fal[] = {
#embed "../../pricing/fal.json"
};
static const unsigned char featherless[] = {
#embed "../../pricing/featherless.json"
};
static const unsigned char fireworks[] = {
#embed "../../pricing/fireworks.json"
};
static const unsigned char google[] = {
#embed "../../pricing/google.json"
};
static const unsigned char groq[] = {
#embed "../../pricing/groq.json"
};
static const unsigned char huggingface_endpoints[] = {
#embed "../../pricing/huggingface-endpoints.json"
};
static const unsigned char huggingface[] = {
#embed "../../pricing/huggingface.json"
};
static const unsigned char hyperbolic[] = {
#embed "../../pricing/hyperbolic.json"
};
static const unsigned char kling[] = {
#embed "../../pricing/kling.json"
};
static const unsigned char mistral[] = {
#embed "../../pricing/mistral.json"
};
static const unsigned char nebius[] = {
#embed "../../pricing/nebius.json"
};
static const unsigned char novita[] = {
#embed "../../pricing/novita.json"
};
static const unsigned char nscale[] = {
#embed "../../pricing/nscale.json"
};
static const unsigned char openai[] = {
#embed "../../pricing/openai.json"
};
static const unsigned char openrouter[] = {
#embed "../../pricing/openrouter.json"
};
static const unsigned char ovhcloud[] = {
#embed "../../pricing/ovhcloud.json"
};
static const unsigned char replicate[] = {
#embed "../../pricing/replicate.json"
};
static const unsigned char runway[] = {
#embed "../../pricing/runway.json"
};
static const unsigned char sambanova[] = {
#embed "../../pricing/sambanova.json"
};
static const unsigned char scaleway[] = {
#embed "../../pricing/scaleway.json"
};
static const unsigned char suno[] = {
#embed "../../pricing/suno.json"
};
static const unsigned char together[] = {
#embed "../../pricing/together.json"
};
static const unsigned char tripo[] = {
#embed "../../pricing/tripo.json"
};
static const unsigned char wavespeed[] = {
#embed "../../pricing/wavespeed.json"
};
static const unsigned char xai[] = {
#embed "../../pricing/xai.json"
};
static const unsigned char zai[] = {
#embed "../../pricing/zai.json"
};

static const tb_data_file files[] = {
    {"anthropic.json", anthropic, sizeof anthropic},
    {"baseten.json", baseten, sizeof baseten},
    {"cerebras.json", cerebras, sizeof cerebras},
    {"cohere.json", cohere, sizeof cohere},
    {"deepinfra.json", deepinfra, sizeof deepinfra},
    {"deepseek.json", deepseek, sizeof deepseek},
    {"elevenlabs.json", elevenlabs, sizeof elevenlabs},
    {"fal.json", fal, sizeof fal},
    {"featherless.json", featherless, sizeof featherless},
    {"fireworks.json", fireworks, sizeof fireworks},
    {"google.json", google, sizeof google},
    {"groq.json", groq, sizeof groq},
    {"huggingface-endpoints.json", huggingface_endpoints, sizeof huggingface_endpoints},
    {"huggingface.json", huggingface, sizeof huggingface},
    {"hyperbolic.json", hyperbolic, sizeof hyperbolic},
    {"kling.json", kling, sizeof kling},
    {"mistral.json", mistral, sizeof mistral},
    {"nebius.json", nebius, sizeof nebius},
    {"novita.json", novita, sizeof novita},
    {"nscale.json", nscale, sizeof nscale},
    {"openai.json", openai, sizeof openai},
    {"openrouter.json", openrouter, sizeof openrouter},
    {"ovhcloud.json", ovhcloud, sizeof ovhcloud},
    {"replicate.json", replicate, sizeof replicate},
    {"runway.json", runway, sizeof runway},
    {"sambanova.json", sambanova, sizeof sambanova},
    {"scaleway.json", scaleway, sizeof scaleway},
    {"suno.json", suno, sizeof suno},
    {"together.json", together, sizeof together},
    {"tripo.json", tripo, sizeof tripo},
    {"wavespeed.json", wavespeed, sizeof wavespeed},
    {"xai.json", xai, sizeof xai},
    {"zai.json", zai, sizeof zai},
};

tb_data_file tb_pricing_file(size_t index) {
  tb_data_file none = {0};
  return index < sizeof files / sizeof *files ? files[index] : none;
}
