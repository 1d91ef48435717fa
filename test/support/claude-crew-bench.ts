/** A crew on Claude against the local Messages API: script what the models answer, see what the crew makes of it. */
import { afterEach, beforeEach } from "vitest";
import type { z } from "zod";
import type { ClaudeCrewOptions, CrewOptions } from "../../agents/crew-options.ts";
import { Secret } from "../../core/config/secret.ts";
import { bank } from "../../tools/index.ts";
import { crewBench, type Answered, type CrewBenchOptions } from "./crew-bench.ts";
import type { Step } from "./messages-api/faults.ts";
import { startMessagesApi, type MessagesApi } from "./messages-api/server.ts";

type ClaudeSettings = z.input<typeof ClaudeCrewOptions>;

/** Gives each test of a file a fresh API, and crews on it with two articles and the bank. */
export function claudeCrewBench() {
  let api: MessagesApi;
  const opened: { readonly close: () => Promise<void> }[] = [];
  beforeEach(async () => {
    api = await startMessagesApi();
  });
  afterEach(async () => {
    for (const bench of opened.splice(0)) await bench.close();
    await api.close();
  });
  return {
    api: () => api,
    open: async (
      settings: Partial<CrewOptions> = {},
      model: Partial<ClaudeSettings> = {},
      options: CrewBenchOptions = {},
    ) => {
      const bench = await crewBench({
        articles: ["fees-overview.md", "account-types.md"],
        packs: [bank()],
        ...options,
        crew: { ...settings, model: { apiKey: new Secret("test-key", "test"), baseUrl: api.url, ...model } },
      });
      opened.push(bench);
      return bench;
    },
  };
}

/** The reader asks for calls of tools, all at once. */
export function calls(name: string, input: Readonly<Record<string, unknown>>, ...more: readonly Call[]): Step {
  return { toolUse: [{ name, input }, ...more.map(([other, given]) => ({ name: other, input: given }))] };
}
type Call = readonly [name: string, input: Readonly<Record<string, unknown>>];

/** Beside calls: a further one needs their results. */
export const goesOn: Call = ["continue_after_results", {}];

/** The reader asks for no call. */
export const enough: Step = { text: "ENOUGH" };

export const premium = "How much is the Premium Account per month?";
export const search = calls("search_documents", { query: premium });

/** Everything that was streamed; `⟲` where it was taken back. */
export function streamed({ signals }: Answered): string {
  return signals.map((one) => (one.type === "delta" ? one.text : one.type === "reset" ? "⟲" : "")).join("");
}
