// A terminal: a shell in its own tmux server.
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunResult, run } from "../../src/system/spawn.ts";

export interface TerminalOptions {
  cwd: string;
  env: Record<string, string>;
  columns?: number;
  rows?: number;
}

/** The limit of a wait for something on the screen. */
const TIMEOUT_MS = 30_000;
const POLL_MS = 50;
/** After how long `repeat` acts again. */
const REPEAT_MS = 5_000;

type Wanted = string | RegExp | ((screen: string) => boolean | Promise<boolean>);

export class Terminal implements AsyncDisposable {
  readonly #folder: string;
  readonly #env: Record<string, string>;

  private constructor(folder: string, env: Record<string, string>) {
    this.#folder = folder;
    this.#env = { ...env, TMUX_TMPDIR: folder, TERM: "xterm-256color" };
  }

  /** Opens a terminal with a shell whose prompt is `$ `. */
  static async open({ cwd, env, columns = 120, rows = 40 }: TerminalOptions): Promise<Terminal> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "ctx-terminal-")));
    const terminal = new Terminal(folder, env);
    const size = ["-x", String(columns), "-y", String(rows)];
    const shell = ["env", "PS1=$ ", "bash", "--noprofile", "--norc"];
    await terminal.#tmux("new-session", "-d", ...size, "-c", cwd, ...shell);
    await terminal.waitFor("$");
    return terminal;
  }

  /** Types text literally. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", "--", text);
  }

  /** Presses keys by their names in tmux: `Enter`, `Escape`, `C-c`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  /** Types a line and sends it. */
  async enter(text: string): Promise<void> {
    await this.type(text);
    await this.press("Enter");
  }

  /** Pastes text, marked as a paste where the program asked for that. */
  async paste(text: string): Promise<void> {
    await this.#tmux("set-buffer", "--", text);
    await this.#tmux("paste-buffer", "-p");
  }

  /** The visible text. */
  async screen(): Promise<string> {
    return (await this.#tmux("capture-pane", "-p")).stdout.trimEnd();
  }

  /** The visible text and the scrollback. */
  async history(): Promise<string> {
    return (await this.#tmux("capture-pane", "-p", "-S", "-")).stdout.trimEnd();
  }

  /** The value of a tmux variable of the terminal, such as `alternate_on`, `cursor_flag` or `mouse_any_flag`. */
  async ask(variable: string): Promise<string> {
    return (await this.#tmux("display-message", "-p", `#{${variable}}`)).stdout.trim();
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  /** Waits until the screen shows a text or a condition holds, and returns it; the error after the timeout contains it. */
  async waitFor(wanted: Wanted): Promise<string> {
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      const screen = await this.screen();
      if (await isShown(wanted, screen)) return screen;
      if (Date.now() > deadline) throw new Error(`waited for ${wanted}, and the screen shows:\n${screen}`);
      await Bun.sleep(POLL_MS);
    }
  }

  /** Repeats an action until the screen shows the result: programs drop input that comes before they read it. */
  async repeat(act: () => Promise<void>, wanted: Wanted): Promise<string> {
    let acted = Number.NEGATIVE_INFINITY;
    return await this.waitFor(async (screen) => {
      if (acted > 0 && (await isShown(wanted, screen))) return true;
      if (Date.now() - acted < REPEAT_MS) return false;
      await act();
      acted = Date.now();
      return false;
    });
  }

  /** Closes the window: the programs in it get SIGHUP. */
  async close(): Promise<void> {
    await run(this.#command("kill-server"), { env: this.#env });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #tmux(...words: readonly string[]): Promise<RunResult> {
    const result = await run(this.#command(...words), { env: this.#env });
    if (result.notFound) throw new Error("tmux is not installed: run `scripts/clients`");
    if (result.code !== 0) throw new Error(`tmux ${words.join(" ")}: ${result.stderr}`);
    return result;
  }

  #command(...words: readonly string[]): [string, ...string[]] {
    return ["tmux", "-f", "/dev/null", ...words];
  }
}

async function isShown(wanted: Wanted, screen: string): Promise<boolean> {
  if (typeof wanted === "function") return await wanted(screen);
  return typeof wanted === "string" ? screen.includes(wanted) : wanted.test(screen);
}
