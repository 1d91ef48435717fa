import { createServer } from "node:http";
import type { Command } from "commander";
import { z } from "zod";
import { ParleyError } from "../../../core/errors.ts";
import { isMcpPack, LOGIN_PORT, type ServerOffer, type ToolState, type Visit } from "../../../tools/mcp/index.ts";
import { colors } from "../../colors.ts";
import { CommonOptions, optionsOf } from "../../options.ts";
import { print, printJson } from "../../output.ts";
import { withBot } from "../../runtime/open-bot-tools.ts";

const Options = CommonOptions.extend({ bot: z.string().optional() });
type Options = z.output<typeof Options>;

/** `tools`: what the servers have, and what of it is approved. */
export function addTools(group: Command): void {
  group
    .command("tools")
    .description("lists the tools of the servers that a bot uses: approved, new, changed, gone")
    .option("--json", "prints them as JSON")
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, Options);
      await withServers(options, async (servers) => {
        const lists = await Promise.all([...servers.values()].map(async (one) => await listOf(one)));
        if (options.json) printJson(lists);
        else for (const list of lists) printList(list);
        if (lists.some(({ error }) => error !== undefined)) process.exitCode = 1;
      });
    });
}

/** `approve`: the tools of a server as they are now. */
export function addApprove(group: Command): void {
  group
    .command("approve")
    .description("approves a tool of a server as it is now, or all of them; running servers notice within seconds")
    .argument("<server>", "the server's name in mcp({ … })")
    .argument("[tool]", "one tool, by the server's name for it")
    .action(async (server: string, tool: string | undefined, _options, command: Command) => {
      await withServers(optionsOf(command, Options), async (servers) => {
        const approved = await named(servers, server).approve(tool);
        if (approved.length === 0)
          throw new ParleyError(
            "mcp/no-such-tool",
            `${server} has no tool ${JSON.stringify(tool)}. See: parley mcp tools`,
          );
        for (const one of approved) print(`${colors.green("approved")} ${server} ${JSON.stringify(one)}`);
      });
    });
}

/** `login`: OAuth, in the browser of whoever runs it. */
export function addLogin(group: Command): void {
  group
    .command("login")
    .description("logs in to a server that wants it, in your browser; the login is kept for the bot")
    .argument("<server>", "the server's name in mcp({ … })")
    .action(async (server: string, _options, command: Command) => {
      const options = optionsOf(command, Options);
      const work = async (servers: ReadonlyMap<string, ServerOffer>): Promise<void> => {
        const states = await named(servers, server).states();
        const did = isVisited ? "logged in" : "no login needed";
        print(`${colors.green(did)}: ${server}, ${states.length} tools.`);
      };
      let isVisited = false;
      await withServers(options, work, async (address) => {
        isVisited = true;
        return await visitInBrowser(address);
      });
    });
}

interface ServerList {
  readonly server: string;
  readonly tools: readonly ToolState[];
  readonly error?: string;
}

async function listOf(offer: ServerOffer): Promise<ServerList> {
  try {
    return { server: offer.name, tools: await offer.states() };
  } catch (thrown) {
    if (!(thrown instanceof ParleyError)) throw thrown;
    return { server: offer.name, tools: [], error: thrown.message };
  }
}

function printList({ server, tools, error }: ServerList): void {
  print(colors.bold(server));
  if (error !== undefined) print(`  ${colors.red("error")} ${error}`);
  for (const { tool, state, description, approvedDescription } of tools) {
    const mark = state === "approved" ? colors.green(state) : colors.yellow(state);
    print(`  ${mark} ${JSON.stringify(tool)} ${colors.dim(description.replaceAll(/\s+/gu, " "))}`);
    if (approvedDescription !== undefined)
      print(`    ${colors.dim(`approved as: ${approvedDescription.replaceAll(/\s+/gu, " ")}`)}`);
  }
}

function named(servers: ReadonlyMap<string, ServerOffer>, name: string): ServerOffer {
  const found = servers.get(name);
  if (found !== undefined) return found;
  const known = [...servers.keys()].join(", ") || "none";
  throw new ParleyError("mcp/no-such-server", `mcp({ … }) of this bot has no server "${name}". There is: ${known}.`);
}

async function withServers(
  options: Options,
  work: (servers: ReadonlyMap<string, ServerOffer>) => Promise<void>,
  visit?: Visit,
): Promise<void> {
  await withBot(options, async ({ bot, context }) => {
    const packs = bot.tools.filter(isMcpPack);
    if (packs.length === 0)
      throw new ParleyError("mcp/no-servers", `The bot "${bot.id}" has no mcp({ … }) among its tools.`);
    const opened = await Promise.all(packs.map(async (pack) => await pack.openServers(context, visit)));
    try {
      await work(new Map(opened.flatMap(({ servers }) => [...servers])));
    } finally {
      for (const { close } of opened) await close();
    }
  });
}

/** Prints the address, and waits for the browser to come back to this machine. */
const visitInBrowser: Visit = async (address) =>
  await new Promise<URLSearchParams>((resolve, reject) => {
    const state = address.searchParams.get("state");
    const listener = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
      const isOurs = pathname === "/callback" && searchParams.get("state") === state;
      response.writeHead(isOurs ? 200 : 404, { "content-type": "text/plain" });
      response.end(isOurs ? "Logged in. You can close this page." : "Not found");
      if (!isOurs) return;
      listener.close();
      resolve(searchParams);
    });
    listener.on("error", reject);
    listener.listen(LOGIN_PORT, "127.0.0.1", () => print(`Open this address in your browser:\n${address.href}`));
  });
