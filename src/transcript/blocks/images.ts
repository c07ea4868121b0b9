// Images are saved as attachments. As data URLs they would make the page as large as themselves.
import type { ImageRef } from "../../events/event.ts";
import { formatBytes, plural } from "../html/format.ts";
import { type Html, html, visibleText } from "../html/template.ts";
import type { BlockContext } from "./block.ts";

const MAX_BYTES = 10_000_000;
const MAX_IMAGES = 40;
const LONGEST_URL = 200;

/** Formats that cannot contain scripts. A script in an SVG runs when the file is opened by itself. */
const EXTENSIONS: Record<string, string> = {
  __proto__: null as never,
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/gif": "gif",
  "image/webp": "webp",
};

export function renderImages(images: readonly ImageRef[], context: BlockContext): Html[] {
  const { anchor, attachments } = context;
  const shown = images
    .slice(0, MAX_IMAGES)
    .map(({ url }, index) => renderImage(url, `${anchor}-image-${index + 1}`, context));
  const more = images.slice(MAX_IMAGES);
  if (more.length === 0) return shown;
  const link = attachments.add(`${anchor}-images.txt`, more.map(({ url }) => `${visibleText(url)}\n`).join(""));
  return [...shown, html`<p class="cut">omitted: <a href="${link}">${plural(more.length, "more image")}</a></p>`];
}

function renderImage(url: string, name: string, { attachments }: BlockContext): Html {
  const [, type = "", data] = /^data:([\w/+.-]{1,100});base64,([A-Za-z0-9+/=\s]*)$/.exec(url) ?? [];
  // A path on the machine of the session, or an address that must not be requested.
  if (data === undefined) return html`<p class="image">image: <code>${url.slice(0, LONGEST_URL)}</code></p>`;
  const extension = EXTENSIONS[type];
  const size = Math.floor((data.length * 3) / 4);
  if (extension === undefined || size > MAX_BYTES) {
    return html`<p class="image">image not saved: ${type}, ${formatBytes(size)}</p>`;
  }
  const link = attachments.add(`${name}.${extension}`, Buffer.from(data, "base64"));
  return html`<p class="image"><a href="${link}"><img src="${link}" alt="image" loading="lazy"></a></p>`;
}
