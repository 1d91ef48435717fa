import { describe, it } from "vitest";
import { adapterConformance } from "../../core/testing/index.ts";
import { fixtures } from "./fixtures/index.ts";
import { slackAdapter } from "./index.ts";
import { openSlackLocally } from "./testing/index.ts";

describe("slack adapter", () => {
  const cases = adapterConformance({
    adapter: slackAdapter,
    ...fixtures,
    // The cases say everything at once; the delivery's limiter would not.
    platform: async () => await openSlackLocally({ burst: 100 }),
  });
  it.each(cases.map((one) => [`${one.group}: ${one.name}`, one] as const))("%s", async (_name, { run }) => await run());
});
