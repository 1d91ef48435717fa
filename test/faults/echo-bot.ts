/** A bot whose crew echoes, after a tool call with an effect. Everything around the crew is the product's own. */
import { directoryFiles } from "../../core/files/directory-files.ts";
import type { Databases } from "../../core/store/databases.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { OpenContext, OpenToolPack } from "../../core/bot.ts";
import { BotPolicies } from "../../core/bot.ts";
import type { Crew, CrewInput, CrewTurn } from "../../core/crew.ts";
import type { Environment } from "../../core/environment.ts";
import { proposalReply } from "../../core/proposal-reply.ts";
import type { ReplyDraft } from "../../core/reply.ts";
import type { Store } from "../../core/store/store.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { RunningBot } from "../../core/turn/running-bot.ts";
import { bank, createToolset } from "../../tools/index.ts";
import { bookingTool, openLedger } from "./ledger.ts";
import { openNotes, tokenIn } from "./notes.ts";
import type { Points } from "./points.ts";
import { BOT, type RoadSpec } from "./road.ts";

/** An operator has repaired what poisoned messages stumbled over. */
export const curedPath = (directory: string): string => join(directory, "cured");

export async function openEchoBot(
  spec: RoadSpec,
  parts: {
    readonly environment: Environment;
    readonly telemetry: Telemetry;
    readonly store: Store;
    readonly databases: Databases;
    readonly points: Points;
  },
): Promise<{ readonly bot: RunningBot; readonly close: () => Promise<void> }> {
  const { environment, telemetry, store, databases, points } = parts;
  const ledger = openLedger(spec.directory);
  const pack = spec.withBank ? await openBank(spec, { environment, telemetry, store, databases }) : undefined;
  const toolset = await createToolset({
    bot: BOT,
    tools: [bookingTool(ledger, points), ...(pack?.tools ?? [])],
    databases,
    files: directoryFiles(spec.directory),
    environment,
    telemetry,
  });
  const crew: Crew = { run: createRun(spec), close: async () => {} };
  const bot: RunningBot = {
    config: {
      id: BOT,
      name: "Echo",
      persona: "",
      locale: "en",
      timeZone: "UTC",
      accounts: [],
      crew: { name: "echo", summary: {}, open: async () => crew },
      tools: [],
      intents: {},
      policies: BotPolicies.parse({
        limits: { rate: { messages: 1_000_000, perSeconds: 60 } },
        cacheSeconds: 0,
        historyTurns: 4,
      }),
    },
    crew,
    toolset,
    packs: [],
  };
  return {
    bot,
    close: async () => {
      await toolset.close();
      await pack?.close();
      ledger.close();
    },
  };
}

async function openBank(
  { directory }: RoadSpec,
  parts: Pick<OpenContext, "environment" | "telemetry" | "store" | "databases">,
): Promise<OpenToolPack> {
  return await bank({ content: join(directory, "content") }).open({
    bot: { id: BOT, name: "Echo", locale: "en", timeZone: "UTC" },
    dataDirectory: directory,
    configDirectory: directory,
    files: directoryFiles(directory),
    ...parts,
  });
}

function createRun(spec: RoadSpec): Crew["run"] {
  const note = openNotes(spec.directory);
  return async (input, turn) => {
    const token = tokenIn(input.text);
    note({ kind: "start", token });
    poison(input.text, spec.directory);
    const [least, most] = spec.turnMs;
    const asked = /works:(\d+)/u.exec(input.text)?.[1];
    await sleep(asked === undefined ? least + Math.random() * (most - least) : Number(asked), undefined, {
      signal: turn.signal,
    });
    const booked = await turn.tools.call("book", { token }, "book");
    if (booked.status !== "done") throw new Error(`The booking ended ${booked.status}: ${JSON.stringify(booked)}`);
    return { reply: await replyTo(input, turn, token), remember: [], cacheable: false };
  };
}

function poison(text: string, directory: string): void {
  if (!text.includes("poison") || existsSync(curedPath(directory))) return;
  if (text.includes("poison:kill")) process.kill(process.pid, "SIGKILL");
  throw new Error("This message cannot be digested.");
}

/** `link CODE` and `transfer AMOUNT` use the bank; anything else is echoed. */
async function replyTo({ text }: CrewInput, { tools }: CrewTurn, token: string): Promise<ReplyDraft> {
  const code = /link (\S+)/u.exec(text)?.[1];
  const amount = /transfer ([\d.]+)/u.exec(text)?.[1];
  if (code !== undefined) {
    const linked = await tools.call("link_customer", { code }, "link");
    return echo(`#${token} link ${linked.status} ${"code" in linked ? linked.code : ""}`);
  }
  if (amount === undefined) return echo(`You said #${token}`);
  const outcome = await tools.call("transfer_money", { amount: `${amount} EUR`, to: "Savings" }, "transfer");
  if (outcome.status === "proposed") return proposalReply(outcome.proposal, { intro: `#${token} please confirm.` });
  return echo(`#${token} transfer ${outcome.status} ${"code" in outcome ? outcome.code : ""}`);
}

function echo(text: string): ReplyDraft {
  return { text, confidence: 1, model: "echo" };
}
