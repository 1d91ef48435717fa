/** What a configuration change would do, before it is applied. */
import type { BotConfig } from "../bot.ts";
import { BotPolicies, defaultCommands } from "../bot.ts";
import { describeCodeSenders } from "./code-senders.ts";
import type { ParleyConfig, SealingKey } from "./config.ts";
import { Config } from "./config.ts";

export interface PlannedChange {
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
  readonly before?: string;
  readonly after?: string;
  /** What it means for the running system. */
  readonly effect: string;
}

/** A configuration as plain data, as it is kept on disk when it is applied. */
export type ConfigDescription = Readonly<Record<string, unknown>>;

/** Compares two configurations; `before` is undefined when none was applied yet. Secrets show only where they come from. */
export function planChanges(before: ConfigDescription | undefined, after: ConfigDescription): readonly PlannedChange[] {
  const old = before === undefined ? new Map<string, string>() : flatten(before);
  const fresh = flatten(after);
  const paths = [...new Set([...old.keys(), ...fresh.keys()])].toSorted();
  return paths.flatMap((path) => {
    const was = old.get(path);
    const is = fresh.get(path);
    if (was === is || isFilledElsewhere(path, was, fresh) || isFilledElsewhere(path, is, old)) return [];
    const kind = was === undefined ? "added" : is === undefined ? "removed" : "changed";
    const values = { ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) };
    return [{ path: asWritten(path), kind, ...values, effect: effectOf(path) }];
  });
}

/** A bot's policies are kept together, and are written beside its name. */
function asWritten(path: string): string {
  return path.replace(/^(bots\.[^.]+)\.policies\./u, "$1.");
}

/** `{}` that got entries, or the other way round: the entries are told. */
function isFilledElsewhere(path: string, value: string | undefined, others: ReadonlyMap<string, string>): boolean {
  return value === "{}" && [...others.keys()].some((other) => other.startsWith(`${path}.`));
}

/** True when the change needs the process to start anew; everything else is applied in place. */
export function needsRestart(changes: readonly PlannedChange[]): boolean {
  return changes.some(({ effect }) => effect === RESTART);
}

const RESTART = "needs a restart of the process";

/** A configuration as plain data: for comparing, printing and hashing. */
export function describeConfig(config: ParleyConfig): ConfigDescription {
  const { bots, broker, store, files, dataDirectory, gateway, network, workers, log, retention } = config;
  return {
    broker: broker.kind === "redis" ? { ...broker, url: "[secret]" } : broker,
    store: describeStore(store),
    files: describeFiles(files),
    dataDirectory,
    gateway: {
      ...gateway,
      accessToken: gateway.accessToken === undefined ? "none" : `from ${gateway.accessToken.from}`,
      trustedToken: gateway.trustedToken === undefined ? "none" : `from ${gateway.trustedToken.from}`,
      codes: describeCodeSenders(gateway.codes),
      ...(gateway.openId !== undefined && {
        openId: { ...gateway.openId, clientSecret: `from ${gateway.openId.clientSecret.from}` },
      }),
    },
    network: { http: network.http?.from, https: network.https?.from, direct: network.direct },
    workers,
    log,
    retention,
    bots: Object.fromEntries(Object.entries(bots).map(([id, bot]) => [id, describeBot(bot)])),
  };
}

/** What holds where nothing is written, for the bots of a configuration: to compare one with that was never applied. */
export function describeDefaults({ bots }: ParleyConfig): ConfigDescription {
  const { broker, store, files, dataDirectory, gateway, workers, log, retention } = Config.shape;
  const bot = { persona: "", locale: "en", timeZone: "UTC", intents: {} };
  const policiesOf = (tools: BotConfig["tools"]) => BotPolicies.parse({ commands: defaultCommands(tools) });
  return {
    broker: broker.parse(undefined),
    store: store.parse(undefined),
    files: files.parse(undefined),
    dataDirectory: dataDirectory.parse(undefined),
    gateway: { ...gateway.parse(undefined), accessToken: "none", trustedToken: "none" },
    network: { direct: [] },
    workers: workers.parse(undefined),
    log: log.parse(undefined),
    retention: retention.parse(undefined),
    bots: Object.fromEntries(
      Object.entries(bots).map(([id, { tools }]) => [id, { ...bot, policies: policiesOf(tools) }]),
    ),
  };
}

function describeStore(store: ParleyConfig["store"]): Record<string, unknown> {
  const sealing = describeSealing(store.sealing);
  if (store.kind === "sqlite") return { ...store, sealing };
  const { directUrl, ...rest } = store;
  return { ...rest, sealing, url: "[secret]", ...(directUrl === undefined ? {} : { directUrl: "[secret]" }) };
}

function describeSealing({ key, former, ...sealing }: ParleyConfig["store"]["sealing"]): Record<string, unknown> {
  return { ...sealing, key: describeKey(key), former: former.map(describeKey) };
}

/** Where it comes from, never the key. */
function describeKey(key: SealingKey): Record<string, unknown> {
  if (key.kind === "file" || key.kind === "database") return { ...key };
  if (key.kind === "given") return { kind: key.kind, key: `from ${key.key.from}` };
  const { credentials, ...rest } = key;
  return { ...rest, credentials: credentials === undefined ? "none" : `from ${credentials.secretAccessKey.from}` };
}

function describeFiles(files: ParleyConfig["files"]): Record<string, unknown> {
  if (files.kind === "directory") return { ...files };
  const { credentials, ...rest } = files;
  return { ...rest, credentials: credentials === undefined ? "none" : `from ${credentials.secretAccessKey.from}` };
}

function describeBot(bot: BotConfig): Record<string, unknown> {
  const { name, persona, locale, timeZone, accounts, crew, tools, intents, policies } = bot;
  return {
    name,
    persona,
    locale,
    timeZone,
    accounts: Object.fromEntries(
      accounts.map(({ adapter, name: account, settings, messagesPerSecond }) => [
        `${adapter.manifest.platform}:${account}`,
        messagesPerSecond === undefined ? (settings ?? {}) : { messagesPerSecond, ...Object(settings) },
      ]),
    ),
    crew: { name: crew.name, ...crew.summary },
    tools: Object.fromEntries(tools.map((pack) => [pack.name, pack.summary])),
    intents,
    policies,
  };
}

function flatten(value: unknown, prefix = ""): Map<string, string> {
  const json: unknown = JSON.parse(JSON.stringify(value ?? null));
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return new Map([[prefix, JSON.stringify(json)]]);
  const entries = Object.entries(json);
  if (entries.length === 0) return new Map([[prefix, "{}"]]);
  return new Map(entries.flatMap(([key, entry]) => [...flatten(entry, prefix === "" ? key : `${prefix}.${key}`)]));
}

const EFFECTS: readonly (readonly [RegExp, string])[] = [
  [/^(broker|store|files|dataDirectory|gateway|network|workers|log|retention)/u, RESTART],
  [/^bots\.[^.]+\.accounts\./u, "the account is connected, disconnected or reconnected"],
  [/^bots\.[^.]+\.policies\.access/u, "changes who is answered, from the next message on"],
  [/^bots\.[^.]+\.policies\.limits/u, "changes limits, from the next message on"],
  [
    /^bots\.[^.]+\.(crew|tools|intents)/u,
    "the bot's crew and tools are opened again; running turns finish with the old ones",
  ],
];

function effectOf(path: string): string {
  return EFFECTS.find(([pattern]) => pattern.test(path))?.[1] ?? "applies from the next message on";
}
