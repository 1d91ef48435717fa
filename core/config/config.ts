/** The admin's one file: what may stand in it, and what it becomes. */
import { z } from "zod";
import type { AccountConfig, BotConfig, CrewFactory, ToolPackFactory } from "../bot.ts";
import { BotPolicies } from "../bot.ts";
import { Secret } from "./secret.ts";
import type { SecretReference } from "./secret.ts";

const isObjectWith = (value: unknown, ...members: readonly string[]): boolean =>
  typeof value === "object" && value !== null && members.every((member) => member in value);

const Account = z.custom<AccountConfig>((value) => isObjectWith(value, "adapter", "name", "settings"), {
  error: 'expected an account made by an adapter, such as web() or telegram({ token: env("TELEGRAM_TOKEN") })',
});
const Tools = z.custom<ToolPackFactory>((value) => isObjectWith(value, "name", "open"), {
  error: "expected a tool pack, such as documents({ directory }) or bank()",
});
const CrewOf = z.custom<CrewFactory>((value) => isObjectWith(value, "name", "open"), {
  error: 'expected a crew, such as crew({ model: "offline" })',
});

const BotId = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "lower-case letters, digits and dashes");
const Language = z.string().refine(isLocale, {
  error: 'expected a language tag such as "en" or "de-CH"',
});
const TimeZone = z.string().refine(isTimeZone, { error: 'expected an IANA time zone such as "Europe/Zurich"' });

const BotSettings = BotPolicies.extend({
  name: z.string().min(1).max(100),
  /** How the bot speaks and what it is for; part of every prompt. */
  persona: z.string().max(10_000).default(""),
  locale: Language.default("en"),
  timeZone: TimeZone.default("UTC"),
  accounts: z.array(Account).min(1, "a bot needs at least one account, such as web()"),
  crew: CrewOf,
  tools: z.array(Tools).default([]),
});

const RedisUrl = z.union([
  z.string().regex(/^rediss?:\/\//, 'expected a URL such as "redis://127.0.0.1:6379"'),
  z.instanceof(Secret),
]);

export const Config = z.strictObject({
  bots: z.record(BotId, BotSettings).refine((bots) => Object.keys(bots).length > 0, { error: "name at least one bot" }),
  /** `embedded` needs nothing; `redis` for more than one process. */
  broker: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("embedded"), synchronous: z.enum(["full", "normal"]).default("full") }),
      z.strictObject({
        kind: z.literal("redis"),
        url: RedisUrl,
        prefix: z
          .string()
          .regex(/^[a-z0-9-]+$/)
          .default("parley"),
      }),
    ])
    .default({ kind: "embedded", synchronous: "full" }),
  /** Where files of this installation live (databases, spool). */
  dataDirectory: z.string().min(1).default(".parley"),
  gateway: z
    .strictObject({
      host: z.string().min(1).default("127.0.0.1"),
      port: z.number().int().min(0).max(65_535).default(8080),
      /** Requests per minute and address. */
      requestsPerMinute: z.number().int().positive().default(600),
      /** Needed to listen on an address other machines can reach: callers send it as a bearer token. */
      accessToken: z.instanceof(Secret).optional(),
    })
    .prefault({}),
  workers: z.strictObject({ concurrency: z.number().int().min(1).max(1_000).default(50) }).prefault({}),
  log: z.strictObject({ level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info") }).prefault({}),
});

type Parsed = z.output<typeof Config>;

/** A validated configuration. */
export interface ParleyConfig extends Omit<Parsed, "bots"> {
  readonly bots: Readonly<Record<string, BotConfig>>;
}

type WithReferences<Value> = Value extends Secret
  ? SecretReference
  : Value extends readonly (infer Entry)[]
    ? readonly WithReferences<Entry>[]
    : Value extends AccountConfig | ToolPackFactory | CrewFactory
      ? Value
      : Value extends object
        ? { readonly [Key in keyof Value]: WithReferences<Value[Key]> }
        : Value;

/** What an admin writes: defaults may be left out, secrets are references. */
export type ConfigInput = WithReferences<z.input<typeof Config>>;

/** Gives `bots.config.ts` its types; validation happens at load, with the file's name in every error. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
