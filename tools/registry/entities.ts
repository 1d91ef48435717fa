import type { OpenToolPack } from "../../core/bot.ts";
import { describeError } from "../../core/errors.ts";
import type { NamedEntity } from "../../core/teaching.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { ToolContext } from "../../core/tool.ts";

/** What the tool packs know by name for this person. A pack that cannot tell is left out: words are read all the same. */
export async function entitiesOf(
  context: ToolContext,
  {
    entities = [],
    telemetry,
  }: { readonly entities?: readonly NonNullable<OpenToolPack["entities"]>[]; readonly telemetry: Telemetry },
): Promise<readonly NamedEntity[]> {
  const found = await Promise.all(
    entities.map(async (find) => {
      try {
        return await find(context);
      } catch (thrown) {
        context.signal.throwIfAborted();
        telemetry.log.warn({ bot: context.bot, error: describeError(thrown) }, "a tool pack could not tell its names");
        return [];
      }
    }),
  );
  return found.flat();
}
