import { colors } from "./colors.ts";

export interface ProgressBar {
  readonly show: (label: string, done: number, total: number) => void;
  /** Takes the bar off the screen. */
  readonly clear: () => void;
}

const WIDTH = 24;
const CLEAR_LINE = "\r\u001B[K";

/** A bar on standard error where that is a terminal; nothing anywhere else, so that pipes and logs stay clean. */
export function progressBar(screen: Pick<NodeJS.WriteStream, "isTTY" | "write"> = process.stderr): ProgressBar {
  let shown = "";
  const draw = (line: string): void => {
    if (!screen.isTTY || line === shown) return;
    shown = line;
    screen.write(`${CLEAR_LINE}${line}`);
  };
  return {
    show: (label, done, total) => {
      const share = total > 0 ? Math.min(1, done / total) : 0;
      const filled = Math.round(share * WIDTH);
      const bar = `${colors.green("█".repeat(filled))}${colors.dim("░".repeat(WIDTH - filled))}`;
      draw(`${bar} ${String(Math.round(share * 100)).padStart(3)}%  ${label}`);
    },
    clear: () => draw(""),
  };
}
