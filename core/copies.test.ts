/** A second copy of the package, as an adapter brings one that is linked into a bot: what it makes means the same here. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Secret, type secret, SecretReference } from "./config/secret.ts";
import { ParleyError } from "./errors.ts";
import { PermanentSendError, RateLimitedError } from "./send-errors.ts";

/** Imported once more: another module with classes of its own. */
async function copied<Value>(path: string, name: string): Promise<Value> {
  const copy = z.record(z.string(), z.custom<Value>()).parse({ ...(await import(`${path}?copy`)) });
  return copy[name] ?? expect.fail(`no ${name} in ${path}`);
}

describe("what another copy of the package made", () => {
  it("is an error of the same kind, and of no other", async () => {
    const Foreign = await copied<typeof PermanentSendError>("./send-errors.ts", "PermanentSendError");
    expect(Foreign).not.toBe(PermanentSendError);
    const thrown = new Foreign("pager", "no such chat");
    expect(thrown).toBeInstanceOf(PermanentSendError);
    expect(thrown).toBeInstanceOf(ParleyError);
    expect(thrown).not.toBeInstanceOf(RateLimitedError);
    expect(new Error("of nobody")).not.toBeInstanceOf(ParleyError);
  });

  it("is a secret, or the reference to one", async () => {
    const Foreign = await copied<typeof Secret>("./config/secret.ts", "Secret");
    const schema = await copied<typeof secret>("./config/secret.ts", "secret");
    expect(new Foreign("s3cr3t", "TOKEN")).toBeInstanceOf(Secret);
    expect(new Foreign("s3cr3t", "TOKEN")).not.toBeInstanceOf(SecretReference);
    expect(schema().parse(new Secret("s3cr3t", "TOKEN")).reveal()).toBe("s3cr3t");
    expect(schema().safeParse("s3cr3t").success).toBe(false);
  });
});
