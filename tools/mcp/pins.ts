/** Which tools of which servers were approved, as they were then. */
import { z } from "zod";
import type { Clock } from "../../core/environment.ts";
import type { Databases, KeptTables } from "../../core/store/databases.ts";
import { jsonText } from "../../core/store/rows.ts";
import type { Module } from "../../core/store/sql/module.ts";
import { defineQueries } from "../../core/store/sql/queries.ts";
import { JsonObject } from "../../core/json.ts";
import { canonicalJson, sha256 } from "../canonical-json.ts";

/** A tool as its server describes it; nothing else that a server says of it counts. */
export const ServerTool = z.object({
  name: z.string(),
  description: z.string().default(""),
  inputSchema: JsonObject,
  /** Why it cannot be offered, where that shows in the list already. */
  fault: z.string().exactOptional(),
});
export type ServerTool = z.infer<typeof ServerTool>;

/** What was approved: changes when any of it changes. */
export function hashOf({ name, description, inputSchema, fault }: ServerTool): string {
  return sha256(canonicalJson([name, description, inputSchema, ...(fault === undefined ? [] : [fault])]));
}

const PINS = "mcp_pins";

const mcpModule: Module = {
  name: "mcp",
  version: 1,
  tables: ({ tables }) =>
    tables(`
      CREATE TABLE ${PINS} (
        "bot" TEXT NOT NULL, "server" TEXT NOT NULL, "target" TEXT NOT NULL, "tool" TEXT NOT NULL,
        "definition" TEXT NOT NULL, "approvedAt" INTEGER NOT NULL, PRIMARY KEY ("bot", "server", "tool")) STRICT;`),
};

/** For `parley store copy`. */
export const mcpTables: KeptTables = { file: "mcp.sqlite", modules: [mcpModule] };

interface Pin {
  bot: string;
  server: string;
  target: string;
  tool: string;
  definition: string;
  approvedAt: number;
}
const query = defineQueries<{ mcp_pins: Pin }>();

const PinRow = z.object({ tool: z.string(), definition: jsonText(ServerTool), approvedAt: z.number() });
const pinsOf = query<{ bot: string; server: string; target: string }>()(PINS, PinRow, ({ db, value }) =>
  db
    .selectFrom(PINS)
    .select(["tool", "definition", "approvedAt"])
    .where("bot", "=", value("bot"))
    .where("server", "=", value("server"))
    .where("target", "=", value("target"))
    .orderBy("tool"),
);
const putPin = query<Pin & Record<string, string | number>>()(PINS, z.unknown(), ({ db, value }) =>
  db
    .insertInto(PINS)
    .values({
      bot: value("bot"),
      server: value("server"),
      target: value("target"),
      tool: value("tool"),
      definition: value("definition"),
      approvedAt: value("approvedAt"),
    })
    .onConflict((conflict) =>
      conflict.columns(["bot", "server", "tool"]).doUpdateSet((row) => ({
        target: row.ref("excluded.target"),
        definition: row.ref("excluded.definition"),
        approvedAt: row.ref("excluded.approvedAt"),
      })),
    ),
);
export interface ApprovedTool {
  readonly definition: ServerTool;
  readonly approvedAt: number;
}

/** A server of a bot, at a target: pins of another target are none. */
export interface PinnedServer {
  readonly server: string;
  readonly target: string;
}

export type Pins = Awaited<ReturnType<typeof openPins>>;

/** Opens what is kept for a bot's servers. */
export async function openPins(databases: Databases, bot: string, clock: Clock) {
  const database = databases.open(mcpTables.file);
  await database.migrate(mcpModule);
  return {
    approved: async (pinned: PinnedServer): Promise<ReadonlyMap<string, ApprovedTool>> => {
      const rows = await database.all(pinsOf, { bot, ...pinned });
      return new Map(rows.map(({ tool, definition, approvedAt }) => [tool, { definition, approvedAt }]));
    },
    approve: async (pinned: PinnedServer, tools: readonly ServerTool[]): Promise<void> => {
      for (const tool of tools) {
        const pin = { bot, ...pinned, tool: tool.name, definition: canonicalJson(tool), approvedAt: clock() };
        await database.change(putPin, pin, { isRepeatable: true });
      }
    },
    close: database.close,
  };
}
