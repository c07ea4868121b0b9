import { expect, test } from "bun:test";
import { type ArchivedSession, renderArchive, renderCalendar } from "../../src/transcript/archive-page.ts";

const SESSION: ArchivedSession = {
  tool: "codex",
  title: "Fix cart",
  startedAt: "2026-11-22T06:15:00.000Z",
  endedAt: "2026-11-22T06:27:00.000Z",
  runsAt: ["2026-11-22T06:15:00.000Z"],
  prompts: 2,
  href: "../.codex/sessions/x/index.html",
  entries: null,
};

test("hostile text is escaped everywhere", () => {
  const hostile = `</li><script>alert(1)</script><img src=x onerror=alert(1)> "'`;
  const page = renderArchive(hostile, [
    {
      ...SESSION,
      title: hostile,
      entries: {
        summaries: [hostile],
        files: [hostile],
        tests: { pass: 0, fail: 0, unknown: 0 },
        commits: [{ hash: hostile, message: hostile }],
        recordedIn: [{ actor: hostile, href: hostile }],
      },
    },
  ]);
  const body = page.replace(/<script>\(\(\) => \{[\s\S]*<\/script>\n<\/body>/, "");
  expect(body).not.toMatch(/<script|<img/);
});

test("lists a session without a transcript and entries", () => {
  const page = renderArchive("shop", [{ ...SESSION, href: null }]);
  expect(page).toContain("<h3>Fix cart</h3>");
  expect(page).toContain("Codex, 12 min, 2 prompts, no transcript");
});

test("the calendar shows the last year, weeks start on Monday, and days with more runs are darker", () => {
  const moments = ["2026-11-23T00:00:00Z", "2026-11-22T23:59:00Z", "2026-11-22T01:00:00Z", "2024-01-01T00:00:00Z", "x"];
  const { source } = renderCalendar(moments);
  expect(source).toContain('viewBox="0 0 636 84"');
  expect(source).toContain(
    '<rect x="624" y="0" width="10" height="10" rx="2" fill-opacity="0.25"><title>2026-11-23: 1 run',
  );
  expect(source).toContain(
    '<rect x="612" y="72" width="10" height="10" rx="2" fill-opacity="0.5"><title>2026-11-22: 2 runs',
  );
  expect(source).toContain("<figcaption>3 runs on 2 days, 2026-11-22 to 2026-11-23; 1 earlier</figcaption>");
  expect(renderCalendar(["x"]).source).toBe("");
});
