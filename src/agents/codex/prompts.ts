// Finds what the person typed among the messages that Codex sends to the model in the role of the user.
import type { ImageRef } from "../../events/event.ts";
import { asFields, asTexts, type Fields, fieldsField, listField, textField } from "../fields.ts";

export interface Prompt {
  text: string;
  images: ImageRef[];
}

/** The beginnings of injected context, from Codex's `contextual_user_message.rs` and the files that preceded it. */
const INJECTED =
  /^\s*(?:<(?:environment_context|user_instructions|instructions|skills?(?:_\w+)?|turn_aborted|subagent_notification|permissions[ _]instructions|collaboration_mode|user_shell_command|hook_prompt|hook_\w+|goal_context|codex_\w+|apps_instructions|plugins?_\w+|multi_agent_\w+|model_switch|personality_spec|token_budget\w*|context_window\w*|rollout_budget|realtime_\w+|recommended_\w+|extension_\w+|external_\w+|additional_context|user_action|legacy_\w+|system-reminder|memory_\w+)[ >]|# AGENTS\.md instructions|Warning: (?:The maximum number of unified exec processes|apply_patch was requested via)|The following is the Codex agent history)/i;

/** A text wrapped in one tag with an underscore in its name: people do not type that. */
const WRAPPED = /^\s*<([a-z]+(?:_[a-z]+)+)(?:\s[^>]*)?>[\s\S]*<\/\1>\s*$/;

/** The editor extension adds open files and the selection before the request, which follows this heading. */
const REQUEST_HEADING = "## My request for Codex:";

/** Whether Codex added a text that is sent in the role of the user. */
export function isInjected(text: string): boolean {
  return INJECTED.test(text) || WRAPPED.test(text);
}

/** The prompt of an `event_msg` `user_message`. */
export function promptOfEvent(payload: Fields): Prompt | null {
  const kind = textField(payload, "kind");
  if (kind !== null && kind !== "plain") return null;
  const urls = [...listField(payload, "images"), ...listField(payload, "local_images")];
  return promptOf([textField(payload, "message") ?? ""], asTexts(urls) ?? []);
}

/** The prompt of a `UserMessage` item. */
export function promptOfItem(item: Fields): Prompt | null {
  return promptOfParts(listField(item, "content"));
}

/** The prompt of a `response_item` message of role `user`, without the parts that Codex added. */
export function promptOfMessage(payload: Fields): Prompt | null {
  const parts = listField(payload, "content");
  const metadata =
    fieldsField(payload, "internal_chat_message_metadata_passthrough") ?? fieldsField(payload, "metadata");
  const kinds = metadata === null ? null : asTexts(metadata.content_item_kinds);
  if (kinds === null || kinds.length !== parts.length) return promptOfParts(parts);
  return promptOfParts(parts.filter((_, index) => kinds[index]?.startsWith("user.")));
}

function promptOfParts(parts: readonly unknown[]): Prompt | null {
  const texts: string[] = [];
  const urls: string[] = [];
  for (const part of parts) {
    const fields = asFields(part);
    if (fields === null) continue;
    const text = textField(fields, "text");
    const url = textField(fields, "image_url") ?? textField(fields, "url") ?? textField(fields, "path");
    if (text !== null) texts.push(text);
    else if (url !== null) urls.push(url);
  }
  // Codex adds an `<image>` tag for each image.
  return promptOf(urls.length === 0 ? texts : texts.filter((text) => !/^<\/?image\b[^>]*>$/.test(text.trim())), urls);
}

function promptOf(texts: readonly string[], urls: readonly string[]): Prompt | null {
  const whole = texts.filter((text) => !isInjected(text)).join("");
  const heading = whole.startsWith("# Context from my IDE setup:") ? whole.lastIndexOf(REQUEST_HEADING) : -1;
  const text = (heading === -1 ? whole : whole.slice(heading + REQUEST_HEADING.length)).trim();
  return text === "" && urls.length === 0 ? null : { text, images: urls.map((url) => ({ url })) };
}
