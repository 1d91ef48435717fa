/** Every public setting, given what it may not be: each error is plain, shows the value and says what to do. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { consoleAdapter } from "../adapters/console/index.ts";
import { discordAdapter } from "../adapters/discord/index.ts";
import { slackAdapter } from "../adapters/slack/index.ts";
import { telegramAdapter } from "../adapters/telegram/index.ts";
import { webAdapter } from "../adapters/web/index.ts";
import { whatsappCloudAdapter, whatsappWebAdapter } from "../adapters/whatsapp/index.ts";
import { crew } from "../agents/index.ts";
import type { ConfigIssue } from "../core/config/index.ts";
import { checkSettings, SettingsError } from "../core/config/check-settings.ts";
import { Config } from "../core/config/config.ts";
import { env } from "../core/config/secret.ts";
import { bank } from "../tools/index.ts";
import { documents } from "../tools/rag/index.ts";
import { recommend } from "../tools/recommend/index.ts";
import { mongodb } from "../tools/recommend/mongodb.ts";

const SCHEMAS = {
  "bots.config.ts": Config,
  web: webAdapter.configSchema,
  consoleChat: consoleAdapter.configSchema,
  discord: discordAdapter.configSchema,
  telegram: telegramAdapter.configSchema,
  slack: slackAdapter.configSchema,
  "whatsapp (web)": whatsappWebAdapter.configSchema,
  "whatsapp (cloud)": whatsappCloudAdapter.configSchema,
};

interface Setting {
  readonly path: readonly string[];
  readonly siblings: readonly string[];
}

/** All settings of a schema, at any depth. */
function settingsOf(schema: z.ZodType): readonly Setting[] {
  const walk = (form: z.core.JSONSchema.BaseSchema, path: readonly string[]): readonly Setting[] => {
    const forms = form.anyOf ?? form.oneOf ?? [form];
    return forms.flatMap((one) => {
      if (typeof one === "boolean") return [];
      const siblings = Object.keys(one.properties ?? {});
      const inside = Object.entries(one.properties ?? {}).flatMap(([key, next]) =>
        typeof next === "boolean" ? [] : [{ path: [...path, key], siblings }, ...walk(next, [...path, key])],
      );
      const named =
        typeof one.additionalProperties === "object" ? walk(one.additionalProperties, [...path, "one"]) : [];
      return [...inside, ...named];
    });
  };
  return walk(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }), []);
}

/** What says by its `kind` which of the settings it has. */
const KINDS: Readonly<Record<string, (setting: string) => string>> = {
  broker: (setting) => (setting.startsWith("synchronous") ? "embedded" : "redis"),
  store: () => "postgres",
  files: () => "s3",
  mail: (setting) => (setting.startsWith("secret") ? "webhook" : setting.startsWith("send") ? "function" : "smtp"),
  sms: (setting) => (setting.startsWith("send") ? "function" : "webhook"),
  key: (setting) => ({ path: "file", pathx: "file", key: "given", keyx: "given" })[setting] ?? "kms",
};

/** `{ a: { b: value } }`, with the kind that has the setting. */
function at(path: readonly string[], value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  const [setting] = rest;
  const kind = setting === undefined || setting === "kind" ? undefined : KINDS[first]?.(setting);
  const inside = at(rest, value);
  return { [first]: kind === undefined ? inside : { kind, ...Object(inside) } };
}

const wrong = [["x", "y"], 7.5, "!", -1, Number.NaN, true, {}];
const RAW =
  /Invalid|received|Too (?:small|big)|Unrecognized|ZodError|expected (?:string|number|int|boolean|array|object|record)\b|undefined|\[object/u;

function isPlain({ message, fix }: ConfigIssue): boolean {
  return !RAW.test(`${message} ${fix}`) && message.length > 8 && (fix ?? "").length > 8;
}

describe.each(Object.entries(SCHEMAS))("web-and-operations D: settings of %s", (_name, schema) => {
  const settings = settingsOf(schema);

  it.each(settings.map((one) => ({ ...one, name: one.path.join(".") })))(
    "$name: wrong types and ranges",
    ({ path }) => {
      const issues = wrong.flatMap((value) => {
        const all = checkSettings(schema, at(path, value)).issues;
        return all.filter((issue) => issue.path.startsWith(path.join(".")));
      });
      expect(issues.length).toBeGreaterThan(0);
      expect(issues.filter((issue) => !isPlain(issue))).toEqual([]);
    },
  );

  it("a letter too much in any name is told with the right name", () => {
    for (const { path, siblings } of settings) {
      const key = path.at(-1) ?? "";
      const typed = `${key}x`;
      if (siblings.includes(typed)) continue;
      const { issues } = checkSettings(schema, at([...path.slice(0, -1), typed], 1));
      const issue = issues.find((one) => one.path === [...path.slice(0, -1), typed].join("."));
      expect(issue).toMatchObject({ message: "this setting does not exist", fix: `Did you mean ${key}?` });
    }
  });
});

describe("web-and-operations D: settings of crews and tool packs", () => {
  const faultsOf = (call: () => unknown): readonly ConfigIssue[] => {
    try {
      call();
    } catch (thrown) {
      if (thrown instanceof SettingsError) return thrown.issues;
      throw thrown;
    }
    return [];
  };
  // What an editor for TypeScript would mark reaches the validator all the same.
  const loose = (options: object) => Object.assign({}, options);

  it.each([
    ["modell", () => crew(loose({ modell: "auto" })), "Did you mean model?"],
    ["model", () => crew(loose({ model: "gpt-9" })), 'Write model: "openai:gpt-5.5". Left out, it is "auto".'],
    ["model.answerModel", () => crew({ model: loose({ answerModel: "x" }) }), "Did you mean answersModel?"],
    ["model.maxTokens", () => crew({ model: { maxTokens: 0 } }), "Write at least 1."],
    ["currency", () => crew({ currency: "euro" }), 'Write currency: "EUR". Left out, it is "EUR".'],
    ["maxToolRounds", () => crew({ maxToolRounds: 99 }), "Write at most 20. Left out, it is 4."],
    [
      "folder",
      () => documents(Object.assign({ directory: "." }, loose({ folder: "x" }))),
      /There is: directory, title/u,
    ],
    [
      "linkTo",
      () => documents(Object.assign({ directory: "." }, loose({ linkTo: "orginal" }))),
      /Did you mean "original"\?/u,
    ],
    ["linkCodes", () => bank(loose({ linkCodes: "twice" })), 'Write "once" or "reusable".'],
    ["limits.perDay", () => bank({ limits: loose({ perDay: 1 }) }), "Did you mean perDayMinor?"],
    ["conect", () => bank(loose({ conect: () => undefined })), "Did you mean connect?"],
    ["capture", () => recommend(loose({ capture: true })), /Write "off", "on" or "consented"/u],
    [
      "store.kind",
      () => recommend({ store: Object.assign(mongodb({ url: env("MONGODB_URI") }), { kind: "mongo" }) }),
      'Did you mean "mongodb"?',
    ],
    ["refresh.everyHours", () => recommend({ refresh: { everyHours: 0 } }), /Left out, it is 24/u],
  ])("%s", (path, call, fix) => {
    const issues = faultsOf(call);
    expect(issues).toMatchObject([{ path, fix: typeof fix === "string" ? fix : expect.stringMatching(fix) }]);
    expect(issues.every(isPlain)).toBe(true);
  });
});
