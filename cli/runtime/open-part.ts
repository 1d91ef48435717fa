/** Opens what authors write, a tool pack or a crew: a failure names whose it is. */
import type { Telemetry } from "../../core/telemetry.ts";
import { describeError, ParleyError } from "../../core/errors.ts";

/** After this long a start that hangs says on whom it waits. */
const SLOW_MS = 10_000;

export interface NamedPart {
  readonly bot: string;
  readonly kind: "tool pack" | "crew";
  readonly name: string;
}

/** Throws `bot/part-failed` where `open` throws something of its own, or gives something else than `needs` says. */
export async function openPart<Part extends object>(
  { bot, kind, name }: NamedPart,
  {
    open,
    needs,
    log,
  }: { readonly open: () => Promise<Part>; readonly needs: (part: Part) => boolean; readonly log: Telemetry["log"] },
): Promise<Part> {
  const whose = `The ${kind} "${name}" of the bot "${bot}"`;
  const slow = setInterval(() => log.warn({ bot, [kind]: name }, "the start waits for this to open"), SLOW_MS);
  try {
    const part = await open();
    if (typeof part === "object" && part !== null && needs(part)) return part;
  } catch (thrown) {
    if (thrown instanceof ParleyError) throw thrown;
    const at = thrown instanceof Error ? (thrown.stack?.split("\n").find((line) => /^\s+at /u.test(line)) ?? "") : "";
    throw new ParleyError(
      "bot/part-failed",
      `${whose} could not be opened: ${describeError(thrown)}${at && ` (${at.trim()})`}`,
      {
        cause: thrown,
      },
    );
  } finally {
    clearInterval(slow);
  }
  throw new ParleyError("bot/part-failed", `${whose} gave nothing usable from "open". See docs/developers.md.`);
}
