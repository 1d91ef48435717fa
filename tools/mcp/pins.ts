/** Which tools of which servers were approved, as they were then; and which calls with effects were sent. */
import { z } from "zod";
import type { Clock } from "../../core/environment.ts";
import type { Databases, KeptTables } from "../../core/store/databases.ts";
import { jsonText } from "../../core/store/rows.ts";
import type { Module } from "../../core/store/sql/module.ts";
import { defineQueries } from "../../core/store/sql/queries.ts";
import { Json, JsonObject } from "../../core/json.ts";
import { canonicalJson, sha256 } from "../canonical-json.ts";

/** A tool as its server describes it; nothing else that a server says of it counts. */
export const ServerTool = z.object({
  name: z.string(),
  description: z.string().default(""),
  inputSchema: JsonObject,
});
export type ServerTool = z.infer<typeof ServerTool>;

/** What was approved: changes when any of it changes. */
export function hashOf({ name, description, inputSchema }: ServerTool): string {
  return sha256(canonicalJson([name, description, inputSchema]));
}

const PINS = "mcp_pins";
const CALLS = "mcp_calls";
/** After so long nobody asks again what became of a call. */
const CALLS_KEPT_MS = 8 * 24 * 60 * 60_000;

const mcpModule: Module = {
  name: "mcp",
  version: 1,
  tables: ({ tables }) =>
    tables(`
      CREATE TABLE ${PINS} (
        "bot" TEXT NOT NULL, "server" TEXT NOT NULL, "target" TEXT NOT NULL, "tool" TEXT NOT NULL,
        "definition" TEXT NOT NULL, "approvedAt" INTEGER NOT NULL, PRIMARY KEY ("bot", "server", "tool")) STRICT;
      CREATE TABLE ${CALLS} (
        "key" TEXT PRIMARY KEY, "bot" TEXT NOT NULL, "person" TEXT NOT NULL, "sentAt" INTEGER NOT NULL,
        "result" TEXT) STRICT;
      CREATE INDEX mcp_calls_by_person ON ${CALLS} ("person");`),
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
interface Call {
  key: string;
  bot: string;
  person: string;
  sentAt: number;
  result: string | null;
}
const query = defineQueries<{ mcp_pins: Pin; mcp_calls: Call }>();

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
const CallRow = z.object({ result: jsonText(Json).optional() });
const findCall = query<{ key: string }>()(CALLS, CallRow, ({ db, value }) =>
  db.selectFrom(CALLS).select("result").where("key", "=", value("key")),
);
const noteCall = query<{ key: string; bot: string; person: string; sentAt: number }>()(
  CALLS,
  z.unknown(),
  ({ db, value }) =>
    db
      .insertInto(CALLS)
      .values({
        key: value("key"),
        bot: value("bot"),
        person: value("person"),
        sentAt: value("sentAt"),
        result: null,
      })
      .onConflict((conflict) => conflict.column("key").doNothing()),
);
const noteResult = query<{ key: string; result: string }>()(CALLS, z.unknown(), ({ db, value }) =>
  db
    .updateTable(CALLS)
    .set({ result: value("result") })
    .where("key", "=", value("key")),
);
const dropCall = query<{ key: string }>()(CALLS, z.unknown(), ({ db, value }) =>
  db.deleteFrom(CALLS).where("key", "=", value("key")),
);
const dropOld = query<{ before: number }>()(CALLS, z.unknown(), ({ db, value }) =>
  db.deleteFrom(CALLS).where("sentAt", "<", value("before")),
);
const dropOf = query<{ person: string; bot: string }>()(CALLS, z.unknown(), ({ db, value }) =>
  db.deleteFrom(CALLS).where("person", "=", value("person")).where("bot", "=", value("bot")),
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
  await database.change(dropOld, { before: clock() - CALLS_KEPT_MS }, { isRepeatable: true });
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
    /** Notes a call before it is sent: `new`, or what is known of the same one that was sent before. */
    begin: async (key: string, person: string): Promise<"new" | { readonly result?: Json | undefined }> => {
      const isNew = (await database.change(noteCall, { key, bot, person, sentAt: clock() })) === 1;
      return isNew ? "new" : ((await database.first(findCall, { key })) ?? {});
    },
    finish: async (key: string, result: Json): Promise<void> => {
      await database.change(noteResult, { key, result: JSON.stringify(result) }, { isRepeatable: true });
    },
    /** It was not sent, or its server said that it failed. */
    forgetCall: async (key: string): Promise<void> => {
      await database.change(dropCall, { key }, { isRepeatable: true });
    },
    forget: async (person: string): Promise<void> => {
      await database.change(dropOf, { person, bot }, { isRepeatable: true });
    },
    close: database.close,
  };
}
