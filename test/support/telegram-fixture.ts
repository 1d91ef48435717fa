/** Updates as the Bot API sends them, wrapped as the adapter hands them to `normalize`. */
import { readFileSync } from "node:fs";
import { Secret } from "../../core/config/index.ts";

/** The bot that the fixtures are for. */
export const identity = { userIds: ["123456789"], name: "harbour_bot" };
const at = Date.parse("2026-11-21T10:00:05Z");

/** Settings of the bot that the fixtures are for. */
export const settings = { token: new Secret("123456789:not-a-real-token", "the fixtures") };

/** One update of `adapters/telegram/fixtures`, with what the session knows when it arrives. */
export function fixture(name: string, more: object = {}): unknown {
  const update: unknown = JSON.parse(
    readFileSync(new URL(`../../adapters/telegram/fixtures/${name}.json`, import.meta.url), "utf8"),
  );
  return { update, at, ...more };
}
