/** `parley chat` and `parley start` in a real terminal, and in pipes. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { buildOnce, removeData } from "../support/parley-process.ts";
import { hasTmux, openTerminal, type Terminal, type Window } from "../support/tmux.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const main = join(root, "dist/cli/main.js");
const PATIENCE_MS = 300_000;

const directories: string[] = [];
function newData(): string {
  const data = mkdtempSync(join(tmpdir(), "parley-terminal-"));
  directories.push(data);
  return data;
}

beforeAll(() => {
  buildOnce();
}, PATIENCE_MS);
afterAll(() => {
  for (const data of directories) removeData(data);
});

describe("web-and-operations C: a pipe", () => {
  const piped = (data: string, input: string, ...options: readonly string[]) =>
    spawnSync(process.execPath, [main, ...options, "chat"], {
      cwd: root,
      env: { ...process.env, PARLEY_DATA: data },
      input,
      encoding: "utf8",
    });

  it(
    "is answered, confirms nothing, and ends with exit code 0",
    () => {
      const lines = ["What does a replacement card cost?", "link ANNA-7K42", "Send 25 euros to Jana", "1", "yes", ""];
      const { status, stdout } = piped(newData(), lines.join("\n"));
      expect(status).toBe(0);
      expect(stdout).toContain("Replacement card after loss or damage");
      expect(stdout).toContain("Please check this");
      expect(stdout).not.toContain("Done");
      expect(stdout).not.toContain("\u001B[");
    },
    PATIENCE_MS,
  );

  it(
    "of lines that are answered together ends as well",
    () => {
      const config = join(root, `burst-${process.pid}.config.ts`);
      const sample = readFileSync(join(root, "bots.config.ts"), "utf8");
      writeFileSync(config, sample.replace("limits:", "burstMs: 700, limits:"));
      onTestFinished(() => rmSync(config));
      const { status } = piped(newData(), "hello\nWhat is the fee\nfor a card?\n", "--config", config);
      expect(status).toBe(0);
    },
    PATIENCE_MS,
  );

  it(
    "ends when its terminal is closed",
    async () => {
      const chat = spawn(process.execPath, [main, "chat"], {
        cwd: root,
        env: { ...process.env, PARLEY_DATA: newData() },
      });
      onTestFinished(() => void chat.kill("SIGKILL"));
      const ended = once(chat, "exit");
      chat.stdin.write("hello\n");
      await new Promise<void>((resolve) =>
        chat.stdout.on("data", (printed) => String(printed).includes("What do you need?") && resolve()),
      );
      chat.kill("SIGHUP");
      expect(await ended).toEqual([0, null]);
    },
    PATIENCE_MS,
  );

  it.each([
    ["nothing", ""],
    ["blank lines", "\n\n  \n"],
  ])(
    "of %s ends with exit code 0",
    (_name, input) => {
      expect(piped(newData(), input).status).toBe(0);
    },
    PATIENCE_MS,
  );
});

describe.skipIf(!hasTmux)("web-and-operations C: a terminal (tmux is needed, and skipped without)", () => {
  let terminal: Terminal;
  let data: string;
  const command = (words: string, environment = ""): string =>
    `cd ${root}; PARLEY_DATA=${data} ${environment} ${process.execPath} ${main} ${words}`;
  const say = async (window: Window, text: string, then: RegExp): Promise<string> => {
    window.press(text);
    await window.until(new RegExp(`[›>] ${text.replaceAll(/[?.]/gu, "\\$&")}`, "u"));
    window.press("Enter");
    return await window.until(then);
  };
  const PROMPT = /^›\s*$/mu;
  const LIST = /or type$/mu;

  beforeAll(() => {
    terminal = openTerminal();
    data = newData();
  });
  afterAll(() => terminal.close());

  it(
    "takes only a deliberate Enter, words stay words, and arrows leave nothing behind",
    async () => {
      const chat = terminal.open("chat", command("chat"));
      await chat.until(PROMPT);
      await say(chat, "link ANNA-7K42", PROMPT);

      chat.press("Left", "Up", "Down", "Right");
      chat.press("Send 25 euros to Jana", "Enter", "Enter", "Enter");
      expect(await chat.until(LIST)).toMatch(/❯ Cancel\n {2}Confirm/u);
      chat.press("Left", "Right", "PageUp", "F5");
      // Words typed before the list correct what waits; they confirm nothing, and a new list comes.
      const corrected = await say(chat, "Could you send 30 instead?", LIST);
      expect(corrected).toMatch(/takes the place of: Transfer €25\.00/u);
      expect(corrected).toMatch(/Amount: €30\.00\n[^❯]*❯ Cancel\n {2}Confirm/u);
      expect(corrected).not.toContain("Done");

      expect(await chat.until(/Cancelled/u, () => chat.press("Enter"))).not.toContain("Done");
      await chat.until(PROMPT);

      await say(chat, "Send 27 euros to Jana", LIST);
      chat.press("Down");
      expect(await chat.until(/❯ Confirm/u)).not.toContain("Done");
      expect(await chat.until(/€1,835\.81 → €1,808\.81/u, () => chat.press("Enter"))).toContain("› Confirm");
      await chat.until(PROMPT);

      chat.press("abc", "Left", "Left");
      expect(await chat.until(/› abc/u)).not.toMatch(/\^\[|\[D/u);
      chat.press("End", "C-u");
      chat.paste("What does\na replacement card cost?");
      await chat.until(/What does↵a replacement card cost\?/u);
      chat.press("Enter");
      expect(await chat.until(PROMPT)).toMatch(/Replacement card[^\n]*€9\.00/u);

      chat.resize(40, 20);
      await say(chat, "hello", LIST);
      chat.press("C-d");
      expect(await chat.until(/EXIT 0/u)).toContain("Until next time");
    },
    PATIENCE_MS,
  );

  it(
    "shows each person their own conversation, in words without marks, and one terminal at a time",
    async () => {
      const anna = terminal.open("anna", command("chat --user anna"));
      await anna.until(PROMPT);
      await say(anna, "What does a replacement card cost?", PROMPT);
      const again = terminal.open("again", command("chat --user anna"));
      expect(await again.until(/EXIT 1/u)).toContain('already talks as "anna"');
      const server = terminal.open("server", command("start", "PORT=0"));
      await server.until(PROMPT);
      const shown = await say(server, "hello", LIST);
      expect(shown).toContain("Another process works on the same data");
      expect(shown).not.toMatch(/replacement card cost\?\n.*€9\.00/u);
      expect(shown).toContain("start.log");
      expect(shown).not.toContain('{"level"');
      await expect.poll(() => readFileSync(join(data, "start.log"), "utf8")).toContain("A reply was delivered");

      anna.press("C-c");
      await anna.until(/EXIT 0/u);
      const later = terminal.open("later", command("chat --user anna"));
      const history = await later.until(PROMPT);
      expect(history).toMatch(/you: What does a replacement card cost\?\n.*€9\.00/u);
      expect(history).not.toContain("\\");
      later.press("C-d");
      await later.until(/EXIT 0/u);

      server.press("Escape", "x", "C-u", "C-d");
      await server.until(/the bots run on/u);
      server.press("C-c");
      await server.until(/EXIT 0/u);
    },
    PATIENCE_MS,
  );

  it(
    "speaks ASCII marks without colours where the window has neither, and numbers where keys cannot be read",
    async () => {
      const plain = terminal.open("plain", command("chat --user plain", "LC_ALL=C NO_COLOR=1"));
      await plain.until(/^>\s*$/mu);
      await say(plain, "hello", /^> What/mu);
      plain.press("C-c");
      await plain.until(/EXIT 0/u);

      const dumb = terminal.open("dumb", command("chat --user dumb", "TERM=dumb"));
      await dumb.until(PROMPT);
      await say(dumb, "hello", /^ {2}1\. What/mu);
      expect(await say(dumb, "1", PROMPT)).toContain("€9.00");
      dumb.press("C-d");
      await dumb.until(/EXIT 0/u);
    },
    PATIENCE_MS,
  );
});
