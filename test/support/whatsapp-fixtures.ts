import { readFileSync } from "node:fs";
import { z } from "zod";
import type { ConformanceSubject } from "../../core/testing/index.ts";

const Fixtures = z.array(
  z.object({
    type: z.enum(["message", "edit", "delete", "action", "reaction", "command", "membership"]),
    text: z.string().optional(),
    userId: z.string(),
    raw: z.unknown(),
  }),
);

/** The bot of the fixtures, by number and by LID. */
export const identity = { userIds: ["15550001111@c.us", "84440009999@lid"] };

/** Raw payloads of one transport, with what they mean. */
export function fixturesOf(transport: "web" | "cloud"): ConformanceSubject["fixtures"] {
  const file = new URL(`../../adapters/whatsapp/fixtures/${transport}/messages.json`, import.meta.url);
  return Fixtures.parse(JSON.parse(readFileSync(file, "utf8"))).map(({ text, raw, ...fixture }) => ({
    ...fixture,
    raw,
    ...(text === undefined ? {} : { text }),
  }));
}
