/** The file in which what a model was asked and answered is kept. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { describeError, ParleyError } from "../../core/errors.ts";
import { ModelRequest } from "./model-request.ts";

/** An answer as a step of a script, which it can be copied to. */
const Answered = z.strictObject({
  text: z.string().exactOptional(),
  calls: z.array(z.strictObject({ tool: z.string(), input: z.record(z.string(), z.unknown()) })).exactOptional(),
  stop: z.string().exactOptional(),
  usage: z.strictObject({
    input: z.number(),
    output: z.number(),
    cacheRead: z.number().default(0),
    cacheWrite: z.number().default(0),
  }),
});
export type Answered = z.infer<typeof Answered>;

const Exchange = z.strictObject({ asked: ModelRequest, answered: Answered });
export type Exchange = z.infer<typeof Exchange>;

const Recording = z.strictObject({ version: z.literal(1), exchanges: z.array(Exchange) });

/** How to record anew, for messages. */
export const RECORD_ANEW = "Record it anew: PARLEY_RECORD=1 and your test command, where the model can be asked";

/** What a file holds; undefined where there is none. Throws `testing/invalid-recording`. */
export function readRecording(file: string): readonly Exchange[] | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return Recording.parse(JSON.parse(readFileSync(file, "utf8"))).exchanges;
  } catch (thrown) {
    const fault = thrown instanceof z.ZodError ? z.prettifyError(thrown) : describeError(thrown);
    throw new ParleyError(
      "testing/invalid-recording",
      `The recording ${file} cannot be read: ${fault}\n${RECORD_ANEW}.`,
    );
  }
}

/** Writes all of it at once: whoever is killed meanwhile leaves the file as it was. */
export function writeRecording(file: string, exchanges: readonly Exchange[]): void {
  mkdirSync(dirname(file), { recursive: true });
  const recording: z.infer<typeof Recording> = { version: 1, exchanges: [...exchanges] };
  writeFileSync(`${file}.new`, `${JSON.stringify(recording, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

const SECRET_NAME = /key|token|secret|password/iu;
const SHORTEST_SECRET = 8;
/** What looks like a key, wherever it comes from. */
const LOOKS_SECRET = /\b(?:sk|pk|ghp|gsk|xox[abp])[-_][\w-]{16,}|\bBearer\s+[\w.~+/-]{16,}/gu;

/** The same value without secrets: what variables of the environment with such names hold, and what looks like a key. */
export function withoutSecrets<Value>(
  schema: z.ZodType<Value>,
  value: Value,
  environment: Readonly<Record<string, string | undefined>>,
): Value {
  const secrets = Object.entries(environment).flatMap(([name, secret = ""]) =>
    SECRET_NAME.test(name) && secret.length >= SHORTEST_SECRET ? [{ name, secret }] : [],
  );
  const hide = (text: string): string =>
    secrets
      .reduce((left, { name, secret }) => left.replaceAll(secret, `[${name}]`), text)
      .replaceAll(LOOKS_SECRET, "[secret]");
  const json = JSON.stringify(value, (_key, one: unknown) => (typeof one === "string" ? hide(one) : one));
  return schema.parse(JSON.parse(json));
}

/** For what is written down. */
export const exchangeWithoutSecrets = (exchange: Exchange, environment: NodeJS.ProcessEnv): Exchange =>
  withoutSecrets(Exchange, exchange, environment);
