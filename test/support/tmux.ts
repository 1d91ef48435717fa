/** A real terminal for tests: a window of a tmux server of its own. */
import { spawnSync } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";

/** Whether this machine has tmux. Without it there is no real terminal to test in. */
export const hasTmux = spawnSync("tmux", ["-V"]).status === 0;

export interface Window {
  /** Presses keys by tmux' names (`Enter`, `Left`, `C-d`); other words are typed as they are. */
  readonly press: (...keys: readonly string[]) => void;
  /** Pastes as a terminal does it: marked as a paste where the program asked for that. */
  readonly paste: (text: string) => void;
  readonly resize: (columns: number, rows: number) => void;
  /** What a person sees, without blank rows. */
  readonly screen: () => string;
  /** Waits until the last rows match; gives the screen. `again` is done between two looks. */
  readonly until: (pattern: RegExp, again?: () => void) => Promise<string>;
}

export interface Terminal {
  readonly open: (name: string, command: string, size?: { columns: number; rows: number }) => Window;
  readonly close: () => void;
}

/** Starts a tmux server; its windows show what runs in them after it ended. */
export function openTerminal(): Terminal {
  const server = `parley-${crypto.randomUUID()}`;
  const tmux = (...words: readonly string[]): string =>
    spawnSync("tmux", ["-L", server, "-f", "/dev/null", "-u", ...words], { encoding: "utf8" }).stdout;
  return {
    open: (name, command, { columns, rows } = { columns: 100, rows: 50 }) => {
      tmux("new-session", "-d", "-s", name, "-x", String(columns), "-y", String(rows), `${command}; echo EXIT $?; cat`);
      const screen = (): string => tmux("capture-pane", "-p", "-t", name).replaceAll(/^ *\n/gmu, "");
      return {
        press: (...keys) => void tmux("send-keys", "-t", name, ...keys),
        paste: (text) => {
          tmux("set-buffer", text);
          tmux("paste-buffer", "-p", "-t", name);
        },
        resize: (width, height) => void tmux("resize-window", "-t", name, "-x", String(width), "-y", String(height)),
        screen,
        until: async (pattern, again = () => undefined) => await until(screen, pattern, again),
      };
    },
    close: () => void tmux("kill-server"),
  };
}

const LAST_ROWS = 6;
const LOOK_MS = 100;
const GIVE_UP_LOOKS = 900;

async function until(screen: () => string, pattern: RegExp, again: () => void): Promise<string> {
  for (let look = 0; look < GIVE_UP_LOOKS; look += 1) {
    const shown = screen();
    if (pattern.test(shown.trimEnd().split("\n").slice(-LAST_ROWS).join("\n"))) return shown;
    again();
    await pause(LOOK_MS);
  }
  throw new Error(`The terminal never showed ${String(pattern)}. It shows:\n${screen()}`);
}
