import { LOCAL } from "../../../gateway/mcp/index.ts";
import { openBots } from "../../runtime/bots.ts";
import { withBot } from "../../runtime/open-bot-tools.ts";
import { serversOf } from "../../runtime/open-mcp.ts";

/** Serves until the client closes standard input, or a signal. Standard output is the protocol's. */
export async function serve(options: { readonly config: string; readonly bot?: string | undefined }): Promise<void> {
  await withBot(options, async ({ loaded, bot, context }) => {
    const { environment, telemetry, store, databases, files, network } = context;
    const only = { ...loaded, config: { ...loaded.config, bots: { [bot.id]: bot } } };
    const bots = await openBots(only, { environment, telemetry, store, databases, files, ...(network && { network }) });
    try {
      const create = await serversOf({ bots, environment, store, files }, bot.id);
      const { serveStdio } = await import("@modelcontextprotocol/server/stdio");
      const serving = serveStdio(() => create(LOCAL));
      await new Promise<void>((resolve) => {
        process.stdin.once("end", resolve).once("close", resolve);
        for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => resolve());
      });
      await serving.close();
    } finally {
      await bots.close();
    }
  });
}
