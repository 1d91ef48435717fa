import type { AnyAdapter } from "../../../adapter.ts";
import { Secret } from "../../../adapter.ts";
import type { ConformanceSubject } from "../../../testing.ts";
import { openToyLocally } from "./platform.ts";

const facts = {
  chat: { id: "d-1001", isGroup: false, title: "Ann" },
  from: { id: "1001", name: "Ann", isBot: false },
  at: "2026-01-05T09:00:00.000Z",
};

/** The toy adapter, or a mutant of it, as the kit looks at it. */
export function toySubject(adapter: AnyAdapter): ConformanceSubject {
  const of = (type: ConformanceSubject["fixtures"][number]["type"], raw: object, text?: string) => ({
    raw: { ...facts, ...raw },
    type,
    userId: "1001",
    ...(text === undefined ? {} : { text }),
  });
  return {
    adapter,
    settings: { server: "http://127.0.0.1:1", token: new Secret("a-test-token", "test") },
    fixtures: [
      of("message", { kind: "message", id: "m1", text: "Hello there" }, "Hello there"),
      of("edit", { kind: "edit", id: "m1", text: "Hello again" }, "Hello again"),
      of("delete", { kind: "removed", id: "m1" }),
      of("reaction", { kind: "reaction", id: "m1", emoji: "👍" }),
      of("action", { kind: "press", id: "m2", choice: "savings", press: "m3" }),
      of("membership", { kind: "joined", id: "g-1", chat: { id: "g-1", isGroup: true, title: "Friends" } }),
    ],
    platform: async (options) => {
      const platform = await openToyLocally(options);
      return { ...platform, account: { ...platform.account, adapter } };
    },
  };
}
