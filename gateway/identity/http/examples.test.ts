/** What the reference shows of these calls is what they take and give. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { testIdentity } from "../../../test/support/test-identity.ts";
import { placeAt } from "../../../test/support/test-place.ts";
import { identityRoutes } from "./index.ts";

it("each call has an example that fits what it takes and what it gives", async () => {
  const folder = mkdtempSync(join(tmpdir(), "parley-examples-"));
  const { identity, clock, close } = await testIdentity(placeAt(folder), folder);
  const routes = identityRoutes({ identity, clock: () => clock.now, bots: () => [], origin: undefined });
  await close();
  const listed = routes.filter(({ hidden }) => hidden !== true);
  expect(listed.length).toBeGreaterThan(30);
  for (const { method, path, examples = [], parameters, query, body, responses = {} } of listed) {
    const call = `${method} ${path}`;
    expect([call, examples.length > 0]).toEqual([call, true]);
    for (const example of examples) {
      const sent = [
        [parameters, example.parameters],
        [query, example.query],
        [body, example.body],
      ] as const;
      for (const [schema, value] of sent)
        expect([call, schema?.safeParse(value ?? {}).success ?? true]).toEqual([call, true]);
      const answer = responses[example.status];
      if (example.answer !== undefined)
        expect([call, answer?.safeParse(example.answer).error]).toEqual([call, undefined]);
      expect([call, Object.keys(responses).length === 0 || answer !== undefined]).toEqual([call, true]);
    }
  }
});
