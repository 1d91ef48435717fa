/** A crew on Claude against the local Messages API: script what the models answer, see what the crew makes of it. */
import { afterEach, beforeEach } from "vitest";
import type { CrewOptions } from "../../agents/crew-options.ts";
import { Secret } from "../../core/config/secret.ts";
import { bank } from "../../tools/index.ts";
import { crewBench, type Answered, type CrewBenchOptions } from "./crew-bench.ts";
import type { Step } from "./messages-api/faults.ts";
import { startMessagesApi, type MessagesApi } from "./messages-api/server.ts";

type ClaudeSettings = Exclude<CrewOptions["model"], string | undefined>;

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

interface ReadingFields {
  readonly intent?: string;
  readonly route?: string;
  readonly needsTools?: boolean;
  readonly remember?: readonly { readonly key: string; readonly value: string }[];
}

/** The structured answer of the intent analyzer. */
export function reads(request: string, fields: ReadingFields = {}): Step {
  const reading = {
    intent: "feesQuestion",
    route: "information",
    confidence: "high",
    request,
    usesEarlier: false,
    needsTools: true,
    language: "en",
    remember: [],
    ...fields,
  };
  return { text: JSON.stringify(reading) };
}

/** The selector asks for one call. */
export function calls(name: string, input: Readonly<Record<string, unknown>>): Step {
  return { toolUse: [{ name, input }] };
}

/** The selector asks for no further call. */
export const enough: Step = { text: "ENOUGH" };

export const premium = "How much is the Premium Account per month?";
export const search = calls("search_documents", { query: premium });

/** Everything that was streamed; `⟲` where it was taken back. */
export function streamed({ signals }: Answered): string {
  return signals.map((one) => (one.type === "delta" ? one.text : one.type === "reset" ? "⟲" : "")).join("");
}
