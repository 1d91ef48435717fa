/** The one validator behind load, `doctor`, `plan`, `config check` and CI. */
import { isKeyText } from "../privacy/sealing/keys/local-keys.ts";
import {
  type AccountConfig,
  AccountFields,
  type BotConfig,
  BotPolicies,
  type ConfigPlace,
  defaultCommands,
  type Verified,
} from "../bot.ts";
import { redisAddressFault } from "../broker/redis/diagnosis.ts";
import { postgresAddressFault } from "../store/postgres/place.ts";
import { PlatformName } from "../conversation-id.ts";
import { proxyFault, type ProxyRules, readProxyRules } from "../network/rules.ts";
import { certificateIssues } from "./certificate.ts";
import { checkSettings } from "./check-settings.ts";
import { isSigningSecret, smtpAddressFault } from "./code-senders.ts";
import { Account, Config, CrewMaker, type ParleyConfig, ToolPack } from "./config.ts";
import { ConfigError, type ConfigIssue } from "./config-error.ts";
import { valueAt } from "./expectation.ts";
import { missingPackages } from "./missing-package.ts";
import { isPlainObject, resolveSecrets, Secret, type SecretSources } from "./secret.ts";

/**
 * Validates what a config file exports. Throws `ConfigError` with every fault at once. `directory` is where relative
 * paths in settings start.
 */
export function validateConfig(exported: unknown, file: string, sources: SecretSources, directory = "."): ParleyConfig {
  const resolved = resolveSecrets(exported, sources);
  const checked = checkSettings(Config, resolved.value);
  const inFile = eachOnce([
    ...resolved.issues.map(({ path, message, fix }) => ({ path: asWritten(path.join(".")), message, fix })),
    ...checked.issues,
    ...botIssues(resolved.value, { ...sources, directory }),
    ...redisIssues(resolved.value),
    ...postgresIssues(resolved.value),
    ...s3Issues(resolved.value),
    ...sealingIssues(resolved.value),
    ...codeIssues(resolved.value),
    ...certificateIssues(resolved.value, directory),
  ]);
  const { gateway, issues: addressIssues } = addressFrom(sources.environment, checked);
  const network = readProxyRules("data" in checked ? checked.data.network : {}, sources.environment);
  const issues = [
    ...inFile.map((issue) => ({ file, ...issue })),
    ...(gateway === undefined ? [] : exposure(gateway, sources.environment, file)),
    ...addressIssues,
    ...faultyProxies(network, file),
  ];
  if (issues.length > 0 || !("data" in checked) || gateway === undefined) throw new ConfigError(file, issues);
  const dataDirectory = sources.environment["PARLEY_DATA"] || checked.data.dataDirectory;
  return { ...checked.data, dataDirectory, gateway, network, bots: botsOf(checked.data) };
}

type Checked = ReturnType<typeof checkSettings<typeof Config>>;
type Parsed = Extract<Checked, { readonly data: unknown }>["data"];

function botsOf({ bots }: Parsed): Readonly<Record<string, BotConfig>> {
  return Object.fromEntries(
    Object.entries(bots).map(([id, { name, persona, locale, timeZone, crew, tools, intents, accounts, ...given }]) => {
      const policies = BotPolicies.parse({ ...given, commands: given.commands ?? defaultCommands(tools) });
      return [id, { id, name, persona, locale, timeZone, crew, tools, intents, accounts, policies }];
    }),
  );
}

/** Accounts, crews and tool packs bring settings of their own; they are checked even where something else is wrong. */
function botIssues(root: unknown, place: ConfigPlace): ConfigIssue[] {
  const owners = new Map<string, string>();
  const bots = valueAt(root, ["bots"]);
  const shared = { ...place, isShared: valueAt(root, ["store", "kind"]) === "postgres" };
  return Object.entries(isPlainObject(bots) ? bots : {}).flatMap(([id, bot]) => [
    ...listAt(bot, "accounts").flatMap((given, index) => {
      const account = Account.safeParse(given).data;
      return account === undefined ? [] : accountIssues(account, ["bots", id, "accounts", String(index)], owners);
    }),
    ...missing(CrewMaker.safeParse(valueAt(bot, ["crew"])).data, ["bots", id, "crew"], place),
    ...listAt(bot, "tools").flatMap((given, index) =>
      missing(ToolPack.safeParse(given).data, ["bots", id, "tools", String(index)], shared),
    ),
  ]);
}

/** A secret that several settings need is missing once. */
function eachOnce(issues: readonly ConfigIssue[]): readonly ConfigIssue[] {
  const isSame = (one: ConfigIssue, other: ConfigIssue): boolean =>
    one.value === undefined && one.message === other.message && one.fix === other.fix && one.path !== other.path;
  return issues.flatMap((issue, index) => {
    if (!/^(?:environment variable|secret file) /u.test(issue.message)) return [issue];
    if (issues.slice(0, index).some((earlier) => isSame(earlier, issue))) return [];
    const others = issues.slice(index + 1).filter((later) => isSame(later, issue)).length;
    const also = others === 0 ? "" : `; ${others === 1 ? "one more setting needs" : `${others} more settings need`} it`;
    return [{ ...issue, message: `${issue.message}${also}` }];
  });
}

/** What stands in the braces of `telegram({ … })` is kept one level further in than it is written. */
function asWritten(path: string): string {
  return path.replace(/^(bots\.[^.]+\.accounts\.\d+)\.settings\./u, "$1.");
}

function listAt(root: unknown, key: string): readonly unknown[] {
  const list: unknown = valueAt(root, [key]);
  return Array.isArray(list) ? list : [];
}

function missing(factory: Verified | undefined, at: readonly string[], place: ConfigPlace): ConfigIssue[] {
  return (factory?.missing?.(place) ?? []).map((issue) => ({ ...issue, path: pathOf(at, issue) }));
}

function pathOf(at: readonly string[], { path }: ConfigIssue): string {
  return [...at, path].filter((part) => part !== "").join(".");
}

function accountIssues(account: AccountConfig, at: readonly string[], owners: Map<string, string>): ConfigIssue[] {
  const { adapter, name, settings, messagesPerSecond } = account;
  const path = at.join(".");
  const key = `${adapter.manifest.platform}:${name}`;
  const owner = owners.get(key);
  owners.set(key, path);
  const twice = {
    path,
    message: `account ${key} is configured twice`,
    fix: `Give it another name, such as name: "second": ${owner} already has this one.`,
  };
  const alsoKnown = Object.keys(AccountFields.shape);
  const { platform } = adapter.manifest;
  const misnamed = {
    path,
    message: `the adapter calls its platform ${JSON.stringify(platform)}, which cannot be part of an address`,
    fix: "Its author must name it with lower-case letters, digits and dashes, a letter first, at most 32.",
  };
  return [
    ...(PlatformName.safeParse(platform).success ? [] : [misnamed]),
    ...(owner === undefined ? [] : [twice]),
    ...checkSettings(AccountFields, { name, messagesPerSecond }, { at }).issues,
    ...checkSettings(adapter.configSchema, settings, { at, alsoKnown }).issues,
    ...missingPackages(adapter.manifest.displayName, adapter.packages ?? [], path),
  ];
}

/** Its packages, and its address, which is read wherever it comes from; where that is missing was told before. */
function redisIssues(root: unknown): readonly ConfigIssue[] {
  if (valueAt(root, ["broker", "kind"]) !== "redis") return [];
  const packages = missingPackages("Redis", ["bullmq", "ioredis"], "broker");
  const url = valueAt(root, ["broker", "url"]);
  const text = url instanceof Secret ? url.reveal() : url;
  const fault = typeof text !== "string" || text === "" ? undefined : redisAddressFault(text);
  if (fault === undefined) return packages;
  const whose = url instanceof Secret ? `what stands in ${url.from.replace(/^env /u, "")}` : "the address";
  const fix = "Write it as redis://host:6379, or rediss:// for TLS; a password as redis://:PASSWORD@host:6379.";
  return [...packages, { path: "broker.url", message: `${whose} ${fault}`, fix }];
}

/** Its package, and its addresses, as `redisIssues` reads them. */
function postgresIssues(root: unknown): readonly ConfigIssue[] {
  if (valueAt(root, ["store", "kind"]) !== "postgres") return [];
  return [
    ...missingPackages("PostgreSQL", ["pg"], "store"),
    ...["url", "directUrl"].flatMap((name) => {
      const url = valueAt(root, ["store", name]);
      const text = url instanceof Secret ? url.reveal() : url;
      const fault = typeof text !== "string" || text === "" ? undefined : postgresAddressFault(text);
      if (fault === undefined) return [];
      const whose = url instanceof Secret ? `what stands in ${url.from.replace(/^env /u, "")}` : "the address";
      const fix = "Write it as postgres://user:password@host:5432/database, with ?sslmode=verify-full for TLS.";
      return [{ path: `store.${name}`, message: `${whose} ${fault}`, fix }];
    }),
  ];
}

function s3Issues(root: unknown): readonly ConfigIssue[] {
  return valueAt(root, ["files", "kind"]) === "s3" ? missingPackages("S3", ["@aws-sdk/client-s3"], "files") : [];
}

function sealingIssues(root: unknown): readonly ConfigIssue[] {
  const former = valueAt(root, ["store", "sealing", "former"]);
  const places = Array.isArray(former) ? former.map((_, index) => ["former", String(index)]) : [];
  return [["key"], ...places].flatMap((place) => keyIssues(root, ["store", "sealing", ...place]));
}

function keyIssues(root: unknown, at: readonly string[]): readonly ConfigIssue[] {
  const path = at.join(".");
  if (valueAt(root, [...at, "kind"]) === "kms") return missingPackages("A key in a KMS", ["@aws-sdk/client-kms"], path);
  const key = valueAt(root, [...at, "key"]);
  // One that is missing was told before.
  if (!(key instanceof Secret) || key.reveal() === "" || isKeyText(key.reveal())) return [];
  const message = `what stands in ${key.from.replace(/^env /u, "")} is no key of 32 bytes in base64 or hexadecimal`;
  return [{ path: `${path}.key`, message, fix: "Make one: openssl rand -base64 32" }];
}

/** The package and the address of the mail server, and the keys of webhooks, as `redisIssues` reads them. */
function codeIssues(root: unknown): readonly ConfigIssue[] {
  const packages =
    valueAt(root, ["gateway", "codes", "mail", "kind"]) === "smtp"
      ? missingPackages("Mail by SMTP", ["nodemailer"], "gateway.codes.mail")
      : [];
  const smtp = {
    at: ["gateway", "codes", "mail", "url"],
    faultOf: smtpAddressFault,
    fix: "Write it as smtps://user:password@mail.example.com:465, or smtp://…:587 for STARTTLS; in the password @ as %40.",
  };
  const keys = ["mail", "sms"].map((kind) => ({
    at: ["gateway", "codes", kind, "secret"],
    faultOf: (text: string) => (isSigningSecret(text) ? undefined : "is no key of 24 to 64 bytes in base64"),
    fix: "Make one: openssl rand -base64 32",
  }));
  return [...packages, ...[smtp, ...keys].flatMap((one) => secretIssues(root, one))];
}

/** What is wrong with what a reference stands for; one that is missing was told before. */
function secretIssues(
  root: unknown,
  of: { readonly at: readonly string[]; readonly faultOf: (text: string) => string | undefined; readonly fix: string },
): readonly ConfigIssue[] {
  const given = valueAt(root, of.at);
  if (!(given instanceof Secret) || given.reveal() === "") return [];
  const fault = of.faultOf(given.reveal());
  if (fault === undefined) return [];
  return [
    { path: of.at.join("."), message: `what stands in ${given.from.replace(/^env /u, "")} ${fault}`, fix: of.fix },
  ];
}

function faultyProxies({ http, https }: ProxyRules, file: string): ConfigIssue[] {
  const proxies = [http, https].filter((proxy) => proxy !== undefined).filter((proxy) => proxy.reveal() !== "");
  const faults = new Map(proxies.map((proxy) => [proxy.from, proxyFault(proxy)]));
  return [...faults].flatMap(([from, fault]) => {
    if (fault === undefined) return [];
    const isSetting = !/^env .*_proxy$/iu.test(from);
    return [
      {
        ...(isSetting && { file }),
        path: isSetting ? "network.proxy" : from.replace(/^env /u, ""),
        message: `the proxy ${isSetting && from !== "network.proxy" ? `in ${from.replace(/^env /u, "")} ` : ""}${fault}`,
        fix: "Write it as http://host:port, or take it away.",
      },
    ];
  });
}

/** `PORT` and `HOST` of the environment win over the file, as hosting platforms expect. */
function addressFrom(
  environment: SecretSources["environment"],
  checked: Checked,
): { readonly gateway: Parsed["gateway"] | undefined; readonly issues: readonly ConfigIssue[] } {
  const { HOST: host = "", PORT: port = "" } = environment;
  const number = /^\d{1,5}$/u.test(port) ? Number(port) : Number.NaN;
  const isPort = port === "" || number <= 65_535;
  const gateway =
    "data" in checked
      ? {
          ...checked.data.gateway,
          ...(host !== "" && { host }),
          ...(port !== "" && isPort && { port: number }),
        }
      : undefined;
  const issue = {
    path: "PORT",
    message: "the environment variable is no port",
    value: JSON.stringify(port),
    fix: "Use 0 to 65535, or unset it.",
  };
  return { gateway, issues: isPort ? [] : [issue] };
}

/** An address that other machines can reach needs an access token. */
function exposure(
  { host, accessToken }: Parsed["gateway"],
  { HOST: named = "" }: SecretSources["environment"],
  file: string,
): ConfigIssue[] {
  const isLoopback = host === "localhost" || host === "::1" || host.startsWith("127.");
  if (isLoopback || accessToken !== undefined) return [];
  return [
    {
      ...(named === "" ? { file, path: "gateway.host" } : { path: "HOST" }),
      message: "other machines could reach the gateway, but no access token is configured",
      value: JSON.stringify(host),
      fix: 'Use host "127.0.0.1", or add gateway.accessToken: env("PARLEY_ACCESS_TOKEN").',
    },
  ];
}
