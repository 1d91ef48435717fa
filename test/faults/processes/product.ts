/** The whole product with one account: real adapter, real turns, real delivery; only its crew is scripted. */
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { telegram } from "../../../adapters/telegram/index.ts";
import { startRuntime } from "../../../cli/runtime/runtime.ts";
import type { CrewFactory } from "../../../core/bot.ts";
import { Secret } from "../../../core/config/index.ts";
import { validateConfig } from "../../../core/config/validate.ts";
import { tell } from "./control.ts";

const Spec = z.object({
  directory: z.string(),
  redisUrl: z.string().optional(),
  storeUrl: z.string().optional(),
  token: z.string(),
  settings: z.record(z.string(), z.unknown()),
  answerMs: z.number(),
  roles: z.array(z.enum(["adapters", "workers", "gateway"])).default(["adapters", "workers"]),
  /** Where it answers for its health. */
  port: z.number().optional(),
  /** What it warns of goes there. */
  logPath: z.string().optional(),
});
export type ProductSpec = z.input<typeof Spec>;
const spec = Spec.parse(JSON.parse(process.argv[2] ?? "{}"));

/** Says the token again, as an echo, after it has thought for a while. */
const echo: CrewFactory = {
  name: "echo",
  summary: {},
  open: async () => ({
    run: async (input, { signal }) => {
      await sleep(spec.answerMs, undefined, { signal });
      return {
        reply: { text: `You said ${input.text}`, confidence: 1, model: "echo" },
        remember: [],
        cacheable: false,
      };
    },
    close: async () => {},
  }),
};

const { redisUrl, storeUrl, directory, token, settings, port, logPath } = spec;
const account = telegram({ ...settings, token: new Secret(token, "the experiment"), messagesPerSecond: 1_000 });
const exported = {
  bots: {
    echo: {
      name: "Echo",
      accounts: [account],
      crew: echo,
      tools: [],
      cacheSeconds: 0,
      limits: { rate: { messages: 1_000, perSeconds: 60 } },
    },
  },
  dataDirectory: directory,
  log: { level: spec.logPath === undefined ? "silent" : "warn" },
  ...(port === undefined ? {} : { gateway: { port } }),
  ...(storeUrl === undefined ? {} : { store: { kind: "postgres", url: storeUrl } }),
  ...(redisUrl === undefined ? {} : { broker: { kind: "redis", url: redisUrl } }),
};
const config = validateConfig(exported, "bots.config.ts", { environment: {}, readFile: () => "" });
const loaded = { config, file: "bots.config.ts", directory };
process.on("disconnect", () => process.exit(0));
await startRuntime(loaded, {
  roles: new Set(spec.roles),
  waitsForStore: true,
  ...(port === undefined ? {} : { healthPort: port }),
  ...(logPath === undefined ? {} : { logDestination: { write: (line: string) => appendFileSync(logPath, line) } }),
});
tell({ is: "ready" });
