/** The admin's one file: what may stand in it, and what it becomes. */
import { z } from "zod";
import { isKey } from "../files/files.ts";
import type { ProxyRules } from "../network/rules.ts";
import type { AccountConfig, BotConfig, CrewFactory, ToolPackFactory } from "../bot.ts";
import { BotPolicies } from "../bot.ts";
import { Intents } from "../intents.ts";
import {
  isLangChainRetriever,
  isLangChainTool,
  type LangChainPart,
  mistakeInTools,
  packOf,
} from "../langchain/index.ts";
import { isLanguageTag } from "../language/language-tag.ts";
import { RetentionPolicy } from "../retention.ts";
import { CodeSenders } from "./code-senders.ts";
import { secret } from "./secret.ts";
import type { Secret, SecretReference } from "./secret.ts";

const isObjectWith = (value: unknown, ...members: readonly string[]): boolean =>
  typeof value === "object" && value !== null && members.every((member) => member in value);

const isToolEntry = (value: unknown): boolean =>
  isObjectWith(value, "name", "open") || isLangChainTool(value) || isLangChainRetriever(value);

export const Account = z
  .custom<AccountConfig>((value) => isObjectWith(value, "adapter", "name", "settings"))
  .describe('an account made by an adapter, such as web() or telegram({ token: env("TELEGRAM_TOKEN") })');
export const ToolPack = z
  .custom<ToolPackFactory | LangChainPart>(isToolEntry, { error: ({ input }) => mistakeInTools(input) })
  .describe("a tool or a retriever of LangChain, or a tool pack, such as documents({ directory })")
  .transform(packOf);
export const CrewMaker = z
  .custom<CrewFactory>((value) => isObjectWith(value, "name", "open"))
  .describe('a crew, such as crew({ model: "offline" })');

const BotId = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "lower-case letters, digits and dashes, a letter first");
const Language = z.string().refine(isLanguageTag).describe('a language tag such as "en" or "de-CH"');
const TimeZone = z.string().refine(isTimeZone).describe('an IANA time zone such as "Europe/Zurich"');

const BotSettings = BotPolicies.extend({
  // What is left out depends on the bot's packs.
  commands: BotPolicies.shape.commands.unwrap().optional(),
  name: z.string().min(1).max(100),
  /** How the bot speaks and what it is for; part of every prompt. */
  persona: z.string().max(10_000).default(""),
  locale: Language.default("en"),
  timeZone: TimeZone.default("UTC"),
  accounts: z.array(Account).min(1, "a bot needs at least one account, such as web()"),
  crew: CrewMaker,
  tools: z.array(ToolPack).default([]),
  /** Requests of this bot's own, by a name for each. */
  intents: Intents.default({}),
});

/** What stands in it is read by `validateConfig`, whether it is written out or given by reference. */
const RedisUrl = z
  .union([z.string().min(1), secret()])
  .describe('an address such as "redis://127.0.0.1:6379", or env("REDIS_URL")');

const PostgresUrl = z
  .union([z.string().min(1), secret()])
  .describe('an address such as "postgres://127.0.0.1:5432/parley", or env("DATABASE_URL")');

const S3Address = z
  .url({ protocol: /^https?$/u, abort: true })
  .refine((address) => !address.includes("@"), { error: "holds a password: give it as files.credentials" })
  .describe('an address such as "http://127.0.0.1:9000"');
const BucketName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/u)
  .describe("the name of a bucket, such as my-bots");

const RedisPrefix = z
  .string()
  .regex(/^[a-z0-9-]+$/)
  .describe("lower-case letters, digits and dashes");
const HostName = z
  .string()
  .regex(/^[\w.-]+(?::\d{1,5})?$/u)
  .describe('a host name such as "bot.example.com"');

const WebhookHost = z
  .string()
  .regex(/^(?:(?:\*\.)?[\w.-]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?$/u)
  .describe('a host such as "hooks.example.com", "*.example.com" or "10.0.0.5:8443"');

const Origin = z
  .string()
  .regex(/^https?:\/\/[\w.-]+(?::\d{1,5})?$/u)
  .describe('an origin such as "https://app.example.com", without a path');
const Issuer = z
  .url({ protocol: /^https?$/u, abort: true })
  .refine((address) => /^https:|^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])[:/]?/u.test(address))
  .describe('an address such as "https://login.example.com", by https');
const ContentSource = z
  .string()
  .regex(/^(?:https:\/\/[\w.*-]+(?::\d{1,5})?|data:|blob:)$/u)
  .describe('a source such as "https://img.example.com"');
const ContentSources = z.array(ContentSource).default([]);
const ProxyNetwork = z
  .string()
  .regex(/^[\da-f.:]+(?:\/\d{1,3})?$/iu)
  .describe('an address or a network such as "10.0.0.0/8"');

const ProxyAddress = z
  .url({ protocol: /^https?$/u, abort: true })
  .refine((address) => !address.includes("@"), {
    error: 'holds a password: give it by reference, such as env("PROXY")',
  })
  .describe('an address such as "http://proxy.example:3128"');

/** A key that wraps the data keys of an installation. */
const SealingKey = z.discriminatedUnion("kind", [
  /** None of its own: it lies in the database, and protects nothing from who reads that. */
  z.strictObject({ kind: z.literal("database") }),
  z.strictObject({
    kind: z.literal("file"),
    /** Made at the first start, readable by its owner only. Relative paths start at `dataDirectory`. */
    path: z.string().min(1).default("sealing.key"),
  }),
  z.strictObject({
    kind: z.literal("given"),
    /** 32 bytes in base64 or hexadecimal, such as `env("PARLEY_KEY")`. */
    key: secret(),
  }),
  z.strictObject({
    kind: z.literal("kms"),
    keyId: z.string().min(1).max(2_048).describe("the id, ARN or alias of a key in a KMS"),
    /** Left out, the one that the AWS SDK finds. */
    region: z
      .string()
      .regex(/^[a-z0-9-]+$/u)
      .describe('a region such as "eu-central-1"')
      .optional(),
    /** The address of a service that is not Amazon's. */
    endpoint: S3Address.optional(),
    /** Left out, those that the AWS SDK finds: environment, files, the machine's role. */
    credentials: z
      .strictObject({ accessKeyId: secret(), secretAccessKey: secret(), sessionToken: secret().optional() })
      .optional(),
  }),
]);

/** What seals columns and files that must not lie there in the clear. */
const SealingSettings = z.strictObject({
  /** Whoever has it and the data can read all of it: keep them apart. */
  key: SealingKey,
  /** Keys from before, of any kind, which still open: until `parley privacy rotate` has wrapped all anew. */
  former: z.array(SealingKey).max(20).default([]),
  /** Seals what people send and what replies show as well. */
  attachments: z.boolean().default(false),
  /** `open` reads what was written before anything was sealed; `refuse` once `parley doctor` says that all of it is sealed. */
  plain: z.enum(["open", "refuse"]).default("open"),
});

function sealedWith(key: z.infer<typeof SealingKey>) {
  return SealingSettings.extend({ key: SealingKey.default(key) }).prefault({});
}

export const Config = z.strictObject({
  bots: z.record(BotId, BotSettings).refine((bots) => Object.keys(bots).length > 0, { error: "name at least one bot" }),
  /** `embedded` needs nothing; `redis` for more than one process. */
  broker: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("embedded"), synchronous: z.enum(["full", "normal"]).default("full") }),
      z.strictObject({
        kind: z.literal("redis"),
        url: RedisUrl,
        prefix: RedisPrefix.default("parley"),
      }),
    ])
    .default({ kind: "embedded", synchronous: "full" }),
  /** Where conversations and everything else are kept: files in `dataDirectory`, or a PostgreSQL for several machines. */
  store: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("sqlite"), sealing: sealedWith({ kind: "file", path: "sealing.key" }) }),
      z.strictObject({
        kind: z.literal("postgres"),
        url: PostgresUrl,
        /** Connections of one process at most. */
        connections: z.number().int().min(2).max(1_000).default(10),
        /** True where `url` names a pooler in transaction mode, such as PgBouncer. */
        pooler: z.boolean().default(false),
        /** Where the server itself is reached when `url` names a pooler: what changes is heard there. */
        directUrl: PostgresUrl.optional(),
        // A file would be another one on every host.
        sealing: sealedWith({ kind: "database" }),
      }),
    ])
    .prefault({ kind: "sqlite" }),
  /** Where files are kept that people send, models and the like: in `dataDirectory`, or a bucket that several machines see. */
  files: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("directory") }),
      z.strictObject({
        kind: z.literal("s3"),
        bucket: BucketName,
        /** What all keys in the bucket begin with, for installations that share one. */
        prefix: z.string().refine(isKey).describe('a beginning of keys such as "parley/production"').optional(),
        /** Left out, the one that the AWS SDK finds. */
        region: z
          .string()
          .regex(/^[a-z0-9-]+$/u)
          .describe('a region such as "eu-central-1"')
          .optional(),
        /** The address of a storage that is not Amazon's. */
        endpoint: S3Address.optional(),
        /** True where the bucket stands in the path of addresses, as MinIO has it, instead of the host's name. */
        forcePathStyle: z.boolean().default(false),
        /** Left out, those that the AWS SDK finds: environment, files, the machine's role. */
        credentials: z
          .strictObject({ accessKeyId: secret(), secretAccessKey: secret(), sessionToken: secret().optional() })
          .optional(),
      }),
    ])
    .default({ kind: "directory" }),
  /** Where files of this machine live (databases, logs). */
  dataDirectory: z.string().min(1).default(".parley"),
  gateway: z
    .strictObject({
      host: z.string().min(1).default("127.0.0.1"),
      port: z.number().int().min(0).max(65_535).default(8080),
      /** Calls a minute, of each process. */
      limits: z
        .strictObject({
          perAddress: z.number().int().positive().default(600),
          perPerson: z.number().int().positive().default(600),
          perKey: z.number().int().positive().default(1_200),
        })
        .prefault({}),
      /** Largest JSON body in bytes; uploads have limits of their own. */
      bodyLimit: z.number().int().min(1_024).max(67_108_864).default(1_048_576),
      compression: z.boolean().default(true),
      /** Seconds that calls in hand may still take when the process stops. */
      drainSeconds: z.number().min(0).max(300).default(10),
      /** By files in PEM, which are read again when they change. Left out, it speaks HTTP: behind a proxy that ends TLS. */
      tls: z
        .strictObject({
          certificate: z.string().min(1),
          key: z.string().min(1),
          /** The oldest version that is spoken. */
          oldest: z.enum(["1.2", "1.3"]).default("1.3"),
        })
        .optional(),
      /** Origins whose pages may call it, besides its own. */
      cors: z.array(Origin).default([]),
      csp: z
        .strictObject({
          /** Sources that its pages may load from besides the server itself, by directive: `{ "img-src": ["https://img.example"] }`. */
          sources: z
            .strictObject({
              "script-src": ContentSources,
              "style-src": ContentSources,
              "img-src": ContentSources,
              "connect-src": ContentSources,
              "font-src": ContentSources,
              "media-src": ContentSources,
              "frame-src": ContentSources,
            })
            .prefault({}),
          /** Sites that may show its pages in a frame. */
          frameAncestors: z.array(Origin).default([]),
        })
        .prefault({}),
      /** Host names by which it is called besides its address, such as `bot.example.com`; other names are refused. */
      hosts: z.array(HostName).default([]),
      /** Proxies in front of it whose `X-Forwarded-For` is believed, by number or address: limits count who is behind them. */
      trustedProxies: z.union([z.number().int().min(0).max(10), z.array(ProxyNetwork).max(100)]).default(0),
      /** Needed to listen on an address other machines can reach: callers send it as a bearer token. */
      accessToken: secret().optional(),
      /** Like `accessToken`; whoever sends it may also say for which user it speaks (`userId`). For a bank's own servers. */
      trustedToken: secret().optional(),
      /** People log in with their account at another provider (OpenID Connect), besides passwords and passkeys. */
      openId: z
        .strictObject({
          /** Its address, such as `https://login.example.com`; plain HTTP on this machine alone. */
          issuer: Issuer,
          clientId: z.string().min(1).max(500),
          clientSecret: secret(),
          /** Whether people whom nobody made a user before are let in, as customers. */
          newUsers: z.enum(["refuse", "customer"]).default("refuse"),
        })
        .optional(),
      /** What sends one-time codes to users who have no stronger second factor. */
      codes: CodeSenders,
      /** Where webhooks may go, besides public addresses. */
      webhooks: z
        .strictObject({
          /** Where set, the only hosts that get webhooks: `hooks.example.com`, `*.example.com`, `hooks.example.com:8443`. */
          allowedHosts: z.array(WebhookHost).optional(),
          /** Hosts of the own network that get them too, by name or address. */
          internalHosts: z.array(WebhookHost).default([]),
        })
        .prefault({}),
      /** Serves the bots' tools to MCP clients at `/mcp`. Needs `@modelcontextprotocol/server`. */
      mcp: z.boolean().default(false),
    })
    .prefault({}),
  /** How others are reached. Left out, HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment decide. */
  network: z
    .strictObject({
      /** `http://proxy.example:3128`, for http and https; by `env("…")` where it holds a password. False: none. */
      proxy: z.union([ProxyAddress, secret(), z.literal(false)]).optional(),
      /** Hosts that are reached directly: `internal.example`, `10.0.0.0/8`, `host:8443`. */
      noProxy: z.array(z.string().min(1)).optional(),
    })
    .prefault({}),
  /** Days that data about people are kept, by class. */
  retention: RetentionPolicy.prefault({}),
  workers: z.strictObject({ concurrency: z.number().int().min(1).max(1_000).default(50) }).prefault({}),
  log: z.strictObject({ level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info") }).prefault({}),
});

type Parsed = z.output<typeof Config>;

/** Where a key that wraps is. */
export type SealingKey = z.output<typeof SealingKey>;

/** A validated configuration. */
export interface ParleyConfig extends Omit<Parsed, "bots" | "network"> {
  /** From the settings and the environment. */
  readonly network: ProxyRules;
  readonly bots: Readonly<Record<string, BotConfig>>;
}

type DeepReadonly<Value> = Value extends readonly (infer Entry)[]
  ? readonly DeepReadonly<Entry>[]
  : Value extends Secret | SecretReference | AccountConfig | ToolPackFactory | CrewFactory
    ? Value
    : Value extends LangChainPart
      ? Value
      : Value extends object
        ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
        : Value;

/** What an admin writes: defaults may be left out, secrets are references. */
export type ConfigInput = DeepReadonly<z.input<typeof Config>>;

/** Gives `bots.config.ts` its types; validation happens at load, with the file's name in every error. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
