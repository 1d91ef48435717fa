import assert from "node:assert/strict";
import { pureCase } from "./case.ts";
import { Recorded } from "./fixtures.ts";
import { redact } from "./redact.ts";
import type { ConformanceCase, ConformanceSubject } from "./subject.ts";

const NONSENSE: readonly unknown[] = [
  null,
  undefined,
  42,
  "text",
  [],
  {},
  { type: "no-such-type" },
  { message: { nested: { deep: [] } } },
];

/** Payloads that the adapter has never seen, as platforms send them one day. */
export function strangeCases({
  adapter,
  settings,
  fixtures,
  identity,
}: ConformanceSubject): readonly ConformanceCase[] {
  const bound = adapter.bind(settings);
  return [
    pureCase("inbound", "ignores what it does not know with a named reason, and never throws", () => {
      for (const raw of NONSENSE) {
        const normalized = bound.normalize(raw, "main");
        assert.ok("ignored" in normalized && normalized.ignored.trim() !== "", `not ignored: ${JSON.stringify(raw)}`);
      }
    }),
    pureCase("inbound", "never throws on an unknown part inside a payload that it knows", () => {
      for (const { raw, type, identity: own = identity } of fixtures) {
        for (const [path, changed] of variants(raw)) {
          try {
            bound.normalize(changed, "main", own);
          } catch (thrown) {
            assert.fail(
              `normalize throws on a ${type} whose ${path} is new to it: ${String(thrown)}. Use safeParse, and ignore`,
            );
          }
        }
      }
    }),
    pureCase("inbound", "still knows its fixtures once they are redacted", () => {
      for (const { raw, type, identity: own = identity } of fixtures) {
        const masked = Recorded.parse(redact({ raw, identity: own }, adapter.safeParts));
        const normalized = bound.normalize(masked.raw, "main", masked.identity);
        const reason = "ignored" in normalized ? normalized.ignored : "";
        assert.ok(
          "event" in normalized && normalized.event.type === type,
          `a masked ${type} is another thing (${reason}), so none can be recorded: name its types in \`safeParts\``,
        );
      }
    }),
  ];
}

const UNKNOWN: readonly unknown[] = ["no-such-thing", 42, null, {}, [], true];

/**
 * The payload with each of its parts replaced by something unknown, one at a time.
 *
 * @yields where it was changed, and the changed payload
 */
function* variants(raw: unknown, path = "payload"): Generator<readonly [path: string, changed: unknown]> {
  if (typeof raw !== "object" || raw === null) return;
  for (const [key, value] of Object.entries(raw)) {
    const replaced = (part: unknown): unknown =>
      Array.isArray(raw) ? raw.toSpliced(Number(key), 1, part) : { ...raw, [key]: part };
    const at = `${path}.${key}`;
    for (const unknown of UNKNOWN) yield [at, replaced(unknown)];
    for (const [inner, changed] of variants(value, at)) yield [inner, replaced(changed)];
  }
}
