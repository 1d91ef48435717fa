import { describe } from "vitest";
import { webhooksContract } from "../../test/contracts/webhooks.ts";
import { testEngines } from "../../test/support/engines.ts";
import { temporaryFolder } from "../../test/support/tool-pack.ts";

describe("webhooks at rest", () => {
  for (const { name, place } of testEngines())
    webhooksContract({ name, place: async () => await place(await temporaryFolder()) });
});
