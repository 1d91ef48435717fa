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

/** Raw payloads of one transport, with what they mean. */
export function fixturesOf(transport: "web" | "cloud"): ConformanceSubject["fixtures"] {
  const file = new URL(`../../adapters/whatsapp/fixtures/${transport}/messages.json`, import.meta.url);
  return Fixtures.parse(JSON.parse(readFileSync(file, "utf8"))).map(({ text, raw, ...fixture }) => ({
    ...fixture,
    raw,
    ...(text === undefined ? {} : { text }),
  }));
}
