/** What an admin configures: a bot with its accounts, crew, tools and policies. `core/config` validates it. */
import type { Json } from "./json.ts";
import { z } from "zod";
import { BudgetPolicy } from "./budget/policy.ts";
import type { AnyAdapter } from "./adapter-binding.ts";
import type { Check } from "./check.ts";
import type { Crew } from "./crew.ts";
import type { Environment } from "./environment.ts";
import type { EvidenceBook } from "./evidence.ts";
import type { HttpRoute } from "./http.ts";
import type { Running } from "./broker/broker.ts";
import type { Network } from "./network/network.ts";
import type { Choice, Reply, ReplyDraft } from "./reply.ts";
import type { Files, KeptFiles } from "./files/files.ts";
import { HandOverPolicy } from "./hand-over/policy.ts";
import type { Intents } from "./intents.ts";
import type { Databases, KeptTables } from "./store/databases.ts";
import type { Store } from "./store/store.ts";
import type { Telemetry } from "./telemetry.ts";
import type { NamedEntity, TaughtRequest } from "./teaching.ts";
import type { DescribedTool, Tool, ToolContext } from "./tool.ts";
import type { Topics } from "./topics/topics.ts";
import type { ConfigIssue } from "./config/config-error.ts";
import { isPlainObject, type SecretSources } from "./config/secret.ts";

/** One connected identity of a bot on a platform. Made by an adapter's factory: `telegram({ token: env("…") })`. */
export interface AccountConfig {
  readonly adapter: AnyAdapter;
  /** Unique among the platform's accounts. @default "main" */
  readonly name: string;
  /** Settings with secrets by reference; resolved and validated at load. */
  readonly settings: unknown;
  /** How many messages and edits the account sends per second at most. @default the platform's own limit */
  readonly messagesPerSecond?: number;
  /** The npm package that brought the adapter; `parley dev` opens its local platform. */
  readonly package?: string;
}

/** What every account can be given besides its platform's settings, as it is validated. */
export const AccountFields = z.strictObject({
  name: z.string().min(1).max(100),
  messagesPerSecond: z
    .number()
    .positive()
    .max(100_000)
    .describe("a number above 0 such as 30; leave it out for the platform's own limit")
    .optional(),
});

/** What every account can be given besides its platform's settings. */
export interface AccountOptions {
  /** Unique among the platform's accounts. @default "main" */
  readonly name?: string;
  /** How many messages and edits the account sends per second at most. @default the platform's own limit */
  readonly messagesPerSecond?: number;
}

/** An account of an adapter from what its factory was given: its own options, and settings of the platform. */
export function accountWith(adapter: AnyAdapter, options: AccountOptions): AccountConfig {
  // A token instead of settings in braces: the validator says so, and it must not be taken apart before.
  if (!isPlainObject(options)) return { adapter, name: "main", settings: options };
  const { name = "main", messagesPerSecond, ...settings }: AccountOptions = options;
  return { adapter, name, settings, ...(messagesPerSecond === undefined ? {} : { messagesPerSecond }) };
}

/** What a pack did that others want to know of. `source` is the same where the same is told again. */
export type PackNews = { readonly source: string } & (
  | {
      readonly type: "document.changed";
      readonly data: { readonly document: string; readonly change: "added" | "updated" | "removed" };
    }
  | {
      readonly type: "training.finished";
      readonly data: {
        readonly outcome: "replaced" | "kept" | "failed";
        readonly model?: string;
        readonly version?: string;
      };
    }
);

/** What a tool pack or crew gets when it is opened, once per bot at start. */
export interface OpenContext {
  readonly bot: {
    readonly id: string;
    readonly name: string;
    readonly locale: string;
    readonly timeZone: string;
    /** Hosts that links of its answers may lead to. @default none */
    readonly linkHosts?: readonly string[];
    /** True where its models see personal data as it is. @default false */
    readonly showsPersonalData?: boolean;
  };
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  /** Writable directory for files of this installation (databases, indexes). */
  readonly dataDirectory: string;
  /** The directory of `bots.config.ts`; relative paths in settings start there. */
  readonly configDirectory: string;
  readonly store: Store;
  /** Where tables of its own are kept: on every engine by the same queries. */
  readonly databases: Databases;
  /** Where files of its own are kept, by keys that begin with its name: on this machine, or where all machines see them. */
  readonly files: Files;
  /** How others are reached; left out: directly. `fetch` is routed by itself. */
  readonly network?: Network;
  /** Durable topics; absent where nothing is published or consumed (`doctor`, commands that only look). */
  readonly topics?: Topics;
  /** Tells whoever follows the bot from outside (webhooks). Never throws; absent where nobody is told. */
  readonly announce?: (news: PackNews) => Promise<void>;
  /** True in a process without workers: those do what nobody asks for, such as bringing in what changed in a folder. */
  readonly leavesWork?: boolean;
}

/** What a person did besides speaking, on a reply of the bot. */
export interface Reaction {
  readonly emoji: string;
  /** False when it was taken back. */
  readonly added: boolean;
  /** The replies of the turn that is reacted to. */
  readonly replies: readonly Reply[];
}

/** Tools with what they need, opened. */
export interface OpenToolPack {
  readonly tools: readonly Tool[];
  /** Tools that come and go while it is open, such as those of servers elsewhere. Asked for with each turn and call: cheap. */
  readonly changing?: () => readonly Tool[];
  readonly routes?: readonly HttpRoute[];
  /** True where it recommends products or moves money: the law wants notices said then (`compliance`). */
  readonly isRegulated?: boolean;
  /** Starts the pack's work in the background; called once, in processes that have the workers' role. */
  readonly work?: () => Running;
  /**
   * Hears a chosen choice (a pressed button, its number or its words typed) before any model does. Answers its own ones, and gives
   * undefined for all others. Idempotent by the context's `idempotencyKey`.
   */
  readonly chosen?: (
    choice: Pick<Choice, "id" | "value">,
    context: ToolContext & { readonly idempotencyKey: string },
  ) => Promise<ReplyDraft | undefined>;
  /**
   * Hears what a person writes before any model does, for what must not depend on one, such as a refusal to be learned
   * from. Undefined for everything else. Idempotent like `chosen`.
   */
  readonly said?: (
    text: string,
    context: ToolContext & { readonly idempotencyKey: string },
  ) => Promise<ReplyDraft | undefined>;
  /** What it knows by name for this person, such as their payees: values for slots of its own kinds. */
  readonly entities?: (context: ToolContext) => Promise<readonly NamedEntity[]>;
  /** Requests that belong to no single tool, such as questions that documents answer. Asked for once, when a crew learns. */
  readonly requests?: () => Promise<readonly TaughtRequest[]>;
  /** Hears reactions to replies. */
  readonly reacted?: (reaction: Reaction, context: ToolContext & { readonly idempotencyKey: string }) => Promise<void>;
  /** Erases what the pack keeps about a person who asked to be forgotten. Repeating it does no harm. */
  readonly forget?: (person: string) => Promise<void>;
  /** True where other packs ask this one who a person is: it forgets after them. */
  readonly forgetsLast?: boolean;
  /** What the pack keeps about a person, for them to read: all that `forget` erases. */
  readonly kept?: (person: string) => Promise<Json>;
  /**
   * Names the state of what its answers to everybody are made of: a cached answer is given while it stays the same, and on every
   * host that has the same. Undefined while it is not known. Asked with each message, so it is cheap, and never throws.
   */
  readonly edition?: () => string | undefined;
  /** For `doctor` and readiness. */
  readonly check?: () => Promise<readonly Check[]>;
  readonly close: () => Promise<void>;
}

/** Where a configuration stands, and what its references are looked up in. */
export interface ConfigPlace extends SecretSources {
  /** Relative paths in settings start here. */
  readonly directory: string;
  /** True where several machines share what is kept: a file may be on another one. */
  readonly isShared?: boolean;
}

/** A factory whose settings name what must be there: folders, files, secrets. */
export interface Verified {
  /** What is missing, before anything is opened; paths begin inside the factory's settings. */
  readonly missing?: (place: ConfigPlace) => readonly ConfigIssue[];
}

/** Made by a tool folder's factory: `bank({ … })`, `documents({ … })`. */
export interface ToolPackFactory extends Verified {
  readonly name: string;
  /** What `parley plan` compares and prints; no secrets. */
  readonly summary: Readonly<Record<string, unknown>>;
  /** What people can call by name where the bot's configuration names no commands. */
  readonly commands?: readonly Command[];
  /** The durable topics that the pack keeps for a bot: their dead letters are listed, counted and resubmitted by name. */
  readonly topics?: (bot: string) => readonly string[];
  /** The tables that the pack keeps: `parley store copy` takes them along. */
  readonly tables?: () => Promise<readonly KeptTables[]>;
  /** The files that the pack keeps: it takes them along as well. */
  readonly files?: readonly KeptFiles[];
  /** Tables of the pack in which each row belongs to an audited call (`ToolResult.evidence`): `parley audit verify` compares them. */
  readonly evidence?: (databases: Databases) => EvidenceBook;
  readonly open: (context: OpenContext) => Promise<OpenToolPack>;
}

/** What a crew gets when it is opened, after the bot's tools. */
export interface CrewContext extends OpenContext {
  readonly tools: readonly DescribedTool[];
  readonly intents: Intents;
  /** Those of the tool packs. */
  readonly requests: () => Promise<readonly TaughtRequest[]>;
}

/** Made by `crew({ model: … })`. */
export interface CrewFactory extends Verified {
  readonly name: string;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly open: (context: CrewContext) => Promise<Crew>;
  readonly check?: (context: OpenContext) => Promise<readonly Check[]>;
}

const RateLimit = z.strictObject({
  messages: z.number().int().positive().default(10),
  perSeconds: z.number().int().positive().default(60),
});

/** Who is answered. */
export const AccessPolicy = z.strictObject({
  /** Platform user ids, as `platform:user` or `user`; empty: everybody. */
  allowUsers: z.array(z.string()).default([]),
  /** Chats, as `platform:chat` or `chat`; empty: all. */
  allowChats: z.array(z.string()).default([]),
  /** In groups: `mention` answers only when mentioned or replied to; `always` every message; `never` none. */
  groups: z.enum(["mention", "always", "never"]).default("mention"),
  /** Other bots' messages: answered never, or at most this many in a row per minute. */
  otherBots: z.union([z.literal("never"), z.strictObject({ perMinute: z.number().int().positive() })]).default("never"),
});
export type AccessPolicy = z.infer<typeof AccessPolicy>;

export const LimitPolicy = z.strictObject({
  /** Per person. */
  rate: RateLimit.prefault({}),
  /** What may be spent on language models. */
  budget: BudgetPolicy.prefault({}),
  /** Longest text of one message, in UTF-16 units. */
  maxTextLength: z.number().int().min(1).max(100_000).default(20_000),
  maxAttachments: z.number().int().nonnegative().default(10),
  maxAttachmentBytes: z
    .number()
    .int()
    .positive()
    .default(20 * 1024 * 1024),
  /** Whole turn, in ms. */
  turnTimeoutMs: z.number().int().positive().default(60_000),
});
export type LimitPolicy = z.infer<typeof LimitPolicy>;

/** Texts that the law wants said. An empty text says nothing. By language tag; `default` where the tag has none. */
const Texts = z.record(z.string(), z.string());
export const CompliancePolicy = z.strictObject({
  /** Once at the start of a conversation. Left out: a text of the framework's, where a tool pack recommends or moves money. */
  informationNotice: Texts.optional(),
  /** With every recommendation. Left out: a text of the framework's. */
  riskDisclosure: Texts.optional(),
  /** With answers about regulated products. Left out: a text of the framework's, where a pack recommends or moves money. */
  regulatoryNotice: Texts.optional(),
});
export type CompliancePolicy = z.infer<typeof CompliancePolicy>;

/** What people can call by name; registered with the platforms that keep a list. */
const Command = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,31}$/)
    .describe("lower-case letters, digits, _ and -, at most 32 and without the slash"),
  description: z.string().min(1).max(100),
  /** The words it stands for; an argument is put behind them. Left out: the framework or the crew knows the name. */
  says: z.string().min(1).max(1_000).optional(),
  argument: z
    .strictObject({
      name: z
        .string()
        .regex(/^[a-z][a-z0-9_-]{0,31}$/)
        .describe("lower-case letters, digits, _ and -, at most 32"),
      description: z.string().min(1).max(100),
      required: z.boolean().default(false),
    })
    .optional(),
});
export type Command = z.infer<typeof Command>;

/** The commands of a bot whose configuration names none: the framework's, and those of its packs. */
export function defaultCommands(packs: readonly Pick<ToolPackFactory, "commands">[] = []): Command[] {
  return [
    { name: "start", description: "Say hello", says: "hello" },
    { name: "help", description: "What I can do", says: "help" },
    ...packs.flatMap(({ commands = [] }) => commands),
    { name: "reset", description: "Start the conversation anew" },
  ];
}

/** Where the links of a model may lead. */
const LinkPolicy = z.strictObject({
  /** Host names, each with its subdomains; all others are shown as plain text. Documents that are cited are known. */
  hosts: z
    .array(
      z
        .string()
        .regex(/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/)
        .describe('a host name such as "example.com"'),
    )
    .max(1_000)
    .default([]),
});

/** Where personal data is masked. */
const PrivacyPolicy = z.strictObject({
  /** `masked`: a language model sees tokens in its place, which are random for each turn. `plain`: it sees all of it. */
  prompts: z.enum(["masked", "plain"]).default("masked"),
  /** `masked`: in groups, replies show the last four characters of numbers that nobody wrote there. `plain`: all of them. */
  groups: z.enum(["masked", "plain"]).default("masked"),
});

/** How the road treats a bot's conversations. */
export const BotPolicies = z.strictObject({
  access: AccessPolicy.prefault({}),
  limits: LimitPolicy.prefault({}),
  compliance: CompliancePolicy.prefault({}),
  /** Left out: conversations are not handed over to people, unless an admin takes one. */
  handOver: HandOverPolicy.optional(),
  links: LinkPolicy.prefault({}),
  privacy: PrivacyPolicy.prefault({}),
  /** A new message during a running turn: `wait` for its own turn, `steer` the running one, or `cancel` it. */
  whileBusy: z.enum(["wait", "steer", "cancel"]).default("wait"),
  /** Short messages in a row become one turn when they arrive within this time, in ms. 0: never. */
  burstMs: z.number().int().min(0).max(10_000).default(0),
  /** Turns of history that the model sees. */
  historyTurns: z.number().int().min(0).max(200).default(12),
  /** Left out: those of the framework and of the bot's tool packs. */
  commands: z
    .array(Command)
    .max(50)
    .default(() => defaultCommands()),
  /** Answers that depend on no user are reused this long, in seconds. 0: never. */
  cacheSeconds: z.number().int().min(0).default(300),
  /** Conversations without an event for this long are ended, in minutes. */
  idleMinutes: z
    .number()
    .int()
    .positive()
    .default(24 * 60),
});
export type BotPolicies = z.infer<typeof BotPolicies>;

/** One bot, validated. */
export interface BotConfig {
  readonly id: string;
  readonly name: string;
  readonly persona: string;
  readonly locale: string;
  readonly timeZone: string;
  readonly accounts: readonly AccountConfig[];
  readonly crew: CrewFactory;
  readonly tools: readonly ToolPackFactory[];
  readonly intents: Intents;
  readonly policies: BotPolicies;
}
