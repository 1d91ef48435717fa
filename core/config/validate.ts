/** The one validator behind load, `doctor`, `plan`, `config check` and CI. */
import type { z } from "zod";
import type { AccountConfig, BotConfig } from "../bot.ts";
import { BotPolicies } from "../bot.ts";
import type { ParleyConfig } from "./config.ts";
import { Config } from "./config.ts";
import type { ConfigIssue } from "./config-error.ts";
import { ConfigError } from "./config-error.ts";
import type { SecretSources } from "./secret.ts";
import { resolveSecrets } from "./secret.ts";

/** Validates what a config file exports. Throws `ConfigError` with every fault at once. */
export function validateConfig(exported: unknown, file: string, sources: SecretSources): ParleyConfig {
  const resolved = resolveSecrets(exported, sources);
  const secretIssues = resolved.issues.map(({ path, message, fix }) => ({ path: path.join("."), message, fix }));
  const parsed = Config.safeParse(resolved.value);
  if (!parsed.success) {
    const known = new Set(secretIssues.map(({ path }) => path));
    const issues = parsed.error.issues.flatMap((issue) => toIssues(issue, resolved.value));
    throw new ConfigError(file, [...secretIssues, ...issues.filter(({ path }) => !known.has(path))], parsed.error);
  }
  const { gateway, issues: addressIssues } = addressFrom(sources.environment, parsed.data.gateway);
  const issues: ConfigIssue[] = [...secretIssues, ...addressIssues, ...exposure(gateway)];
  const bots: Record<string, BotConfig> = {};
  const owners = new Map<string, string>();
  for (const [id, bot] of Object.entries(parsed.data.bots)) {
    const { name, persona, locale, timeZone, crew, tools, accounts, ...policies } = bot;
    issues.push(...accounts.flatMap((account, index) => checkAccount(account, `bots.${id}.accounts.${index}`, owners)));
    bots[id] = { id, name, persona, locale, timeZone, crew, tools, accounts, policies: BotPolicies.parse(policies) };
  }
  if (issues.length > 0) throw new ConfigError(file, issues);
  const dataDirectory = sources.environment["PARLEY_DATA"] ?? parsed.data.dataDirectory;
  return { ...parsed.data, dataDirectory, gateway, bots };
}

function checkAccount(
  { adapter, name, settings }: AccountConfig,
  path: string,
  owners: Map<string, string>,
): ConfigIssue[] {
  const key = `${adapter.manifest.platform}:${name}`;
  const owner = owners.get(key);
  owners.set(key, path);
  const double: ConfigIssue[] =
    owner === undefined
      ? []
      : [
          {
            path,
            message: `account ${key} is configured twice`,
            fix: `Give it another name: ${owner} already has this one.`,
          },
        ];
  const parsed = adapter.configSchema.safeParse(settings);
  if (parsed.success) return double;
  return [...double, ...parsed.error.issues.flatMap((issue) => toIssues(issue, settings, `${path}.settings`))];
}

/** `PORT` and `HOST` of the environment win over the file, as hosting platforms expect. */
function addressFrom(
  environment: SecretSources["environment"],
  gateway: ParleyConfig["gateway"],
): { readonly gateway: ParleyConfig["gateway"]; readonly issues: readonly ConfigIssue[] } {
  const { HOST: host, PORT: port } = environment;
  const withHost = host === undefined || host === "" ? gateway : { ...gateway, host };
  if (port === undefined || port === "") return { gateway: withHost, issues: [] };
  const number = /^\d{1,5}$/u.test(port) ? Number(port) : Number.NaN;
  if (number <= 65_535) return { gateway: { ...withHost, port: number }, issues: [] };
  const issue = {
    path: "PORT",
    message: "the environment variable is no port",
    value: JSON.stringify(port),
    fix: "Use 0 to 65535.",
  };
  return { gateway: withHost, issues: [issue] };
}

/** An address that other machines can reach needs an access token. */
function exposure({ host, accessToken }: ParleyConfig["gateway"]): ConfigIssue[] {
  const isLoopback = host === "localhost" || host === "::1" || host.startsWith("127.");
  if (isLoopback || accessToken !== undefined) return [];
  return [
    {
      path: "gateway.host",
      message: "other machines could reach the gateway, but no access token is configured",
      value: JSON.stringify(host),
      fix: 'Use host "127.0.0.1", or add gateway.accessToken: env("PARLEY_ACCESS_TOKEN").',
    },
  ];
}

function toIssues(issue: z.core.$ZodIssue, root: unknown, prefix = ""): ConfigIssue[] {
  const at = issue.path.map(String);
  const path = [prefix, ...at].filter((part) => part !== "").join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: path === "" ? key : `${path}.${key}`,
      message: "this setting does not exist",
      fix: `Remove it, or look it up in docs/configuration.md.`,
    }));
  }
  const value = printable(at, root);
  return [{ path, message: issue.message, ...(value === undefined ? {} : { value }) }];
}

/** The faulty value for the message: short, primitive, and never one whose name smells of a secret. */
function printable(path: readonly string[], root: unknown): string | undefined {
  if (path.some((part) => /token|secret|password|key/iu.test(part))) return undefined;
  let current: unknown = root;
  for (const part of path) {
    if (typeof current !== "object" || current === null) return undefined;
    current = Object.entries(current).find(([key]) => key === part)?.[1];
  }
  if (current === undefined) return "nothing";
  if (typeof current !== "string" && typeof current !== "number" && typeof current !== "boolean") return undefined;
  const text = JSON.stringify(current);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
