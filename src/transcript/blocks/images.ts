// Images as files beside the page: a data URL inside it would make it as large as them.
import type { ImageRef } from "../../events/event.ts";
import { formatBytes, plural } from "../html/format.ts";
import { type Html, html, visibleText } from "../html/template.ts";
import type { BlockContext } from "./block.ts";

const MAX_BYTES = 10_000_000;
const MAX_IMAGES = 40;
const LONGEST_URL = 200;

/** What a browser shows and cannot run. An SVG may hold script, which would run when it is opened by itself. */
const EXTENSIONS: Record<string, string> = {
  __proto__: null as never,
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/gif": "gif",
  "image/webp": "webp",
};

export function renderImages(images: readonly ImageRef[], context: BlockContext): Html[] {
  const shown = images
    .slice(0, MAX_IMAGES)
    .map(({ url }, index) => renderImage(url, `${context.anchor}-image-${index + 1}`, context));
  const more = images.slice(MAX_IMAGES);
  return more.length === 0 ? shown : [...shown, renderMore(more, context)];
}

function renderMore(images: readonly ImageRef[], { anchor, attachments: beside }: BlockContext): Html {
  const link = beside.add(`${anchor}-images.txt`, images.map(({ url }) => `${visibleText(url)}\n`).join(""));
  return html`<p class="cut">not all of them are shown here: <a href="${link}">${plural(images.length, "more image")}</a></p>`;
}

function renderImage(url: string, name: string, { attachments: beside }: BlockContext): Html {
  const [, type = "", data] = /^data:([\w/+.-]{1,100});base64,([A-Za-z0-9+/=\s]*)$/.exec(url) ?? [];
  // A path on the machine it was given on, or an address nobody should be sent to.
  if (data === undefined) return html`<p class="image">image: <code>${url.slice(0, LONGEST_URL)}</code></p>`;
  const extension = EXTENSIONS[type];
  const size = Math.floor((data.length * 3) / 4);
  if (extension === undefined || size > MAX_BYTES) {
    return html`<p class="image">image, ${type}, ${formatBytes(size)}: not kept</p>`;
  }
  const link = beside.add(`${name}.${extension}`, Buffer.from(data, "base64"));
  return html`<p class="image"><a href="${link}"><img src="${link}" alt="image" loading="lazy"></a></p>`;
}
