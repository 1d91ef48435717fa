/** What tools a server has: one that is written wrongly takes no other with it. */
import type { Client } from "@modelcontextprotocol/client";
import { z } from "zod";
import { JsonObject } from "../../core/json.ts";
import { ServerTool } from "./pins.ts";

/** More tools than anybody needs of one server. */
const MOST_TOOLS = 200;
const MOST_PAGES = 20;

/** All that a list must be, so that it can be read at all. */
const Page = z.object({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });
const Named = z.object({ name: z.string(), inputSchema: z.unknown().optional(), description: z.unknown().optional() });

/** Asks for them. Throws where there is no answer, or none that is a list. */
export async function listTools(
  client: Client,
  options: { readonly timeout: number },
  isWrongResult: (thrown: unknown) => boolean,
): Promise<readonly ServerTool[]> {
  try {
    const { tools } = await client.listTools(undefined, { ...options, cacheMode: "refresh" });
    return readTools(tools);
  } catch (thrown) {
    // The library refuses a list with one tool that breaks the protocol as a whole.
    if (!isWrongResult(thrown)) throw thrown;
    return readTools(await pagesOf(client, options));
  }
}

async function pagesOf(client: Client, options: { readonly timeout: number }): Promise<readonly unknown[]> {
  const tools: unknown[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const read = await client.request({ method: "tools/list", params }, Page, options);
    tools.push(...read.tools);
    cursor = read.nextCursor;
    if (cursor === undefined || tools.length >= MOST_TOOLS) break;
  }
  return tools;
}

/** Each name once; what has no name cannot be called, nor told of. */
function readTools(listed: readonly unknown[]): readonly ServerTool[] {
  const tools = new Map<string, ServerTool>();
  for (const one of listed.slice(0, MOST_TOOLS)) {
    const tool = readTool(one);
    if (tool === undefined) continue;
    const isTwice = tools.has(tool.name);
    tools.set(tool.name, isTwice ? { ...tool, fault: "the server has two tools of this name" } : tool);
  }
  return [...tools.values()];
}

function readTool(listed: unknown): ServerTool | undefined {
  const read = ServerTool.omit({ fault: true }).safeParse(listed);
  if (read.success) return read.data;
  const named = Named.safeParse(listed);
  if (!named.success) return undefined;
  const { name, inputSchema, description } = named.data;
  const schema = JsonObject.safeParse(inputSchema);
  const fault =
    inputSchema === undefined
      ? "it has no inputSchema"
      : schema.success
        ? "its description is no text"
        : "its inputSchema is no object";
  const words = typeof description === "string" ? description : "";
  return { name, description: words, inputSchema: schema.data ?? {}, fault };
}
