// Keys of model providers.
import { END, prefixed, type SecretRule, token } from "./rule.ts";

export const MODEL_RULES: readonly SecretRule[] = [
  token("anthropic-key", "sk-ant-", "sk-ant-[A-Za-z0-9_-]{16,255}"),
  // Requires a digit or a capital letter: `sk-fading-circle-with-a-long-name` is a class name.
  token("openai-key", "sk-", "sk-(?=[a-z_-]{0,60}[A-Z0-9])[A-Za-z0-9_-]{20,255}"),
  token("huggingface-token", "hf_ api_org_", "(?:hf|api_org)_[A-Za-z0-9]{30,100}"),
  prefixed("groq-key", `[A-Za-z0-9]{40,60}${END}`, "gsk_"),
  prefixed("xai-key", `[A-Za-z0-9]{60,100}${END}`, "xai-"),
  prefixed("replicate-token", `[A-Za-z0-9]{37}${END}`, "r8_"),
  prefixed("perplexity-key", `[A-Za-z0-9]{40,60}${END}`, "pplx-"),
  token("fireworks-key", "fw_", `fw_(?=[A-Za-z]{0,23}\\d)[A-Za-z0-9]{22,24}${END}`),
  token("langsmith-key", "lsv2_", "lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}"),
  prefixed("pinecone-key", "[A-Za-z0-9]{4,8}_[A-Za-z0-9]{40,80}", "pcsk_"),
  prefixed("tavily-key", "(?:[a-z]{2,5}-)?[A-Za-z0-9]{24,60}", "tvly-"),
  prefixed("cerebras-key", `[a-z0-9]{40,60}${END}`, "csk-"),
  prefixed("nvidia-key", "[A-Za-z0-9_-]{50,100}", "nvapi-"),
  token("elevenlabs-key", "sk_", `sk_[a-f0-9]{48}${END}`),
];
