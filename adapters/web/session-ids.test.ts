import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openSessionIds } from "./session-ids.ts";

const anyUser = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });

describe("session ids", () => {
  it("open as what they were issued for, in whatever user's name", async () => {
    const ids = await openSessionIds(undefined);
    await fc.assert(
      fc.asyncProperty(anyUser, fc.boolean(), async (user, isOfLogin) => {
        const session = await ids.issue(isOfLogin ? { loggedIn: user } : { named: user });
        expect(session).toMatchObject({ userId: user, isOfLogin });
        expect(await ids.open(session.id)).toEqual(session);
      }),
    );
  });

  it("do not show the user: they stand in addresses, which proxies log", async () => {
    const ids = await openSessionIds(undefined);
    const bytes = Buffer.from((await ids.issue({ named: "anna@example.org" })).id, "base64url").toString("latin1");
    expect(bytes).not.toContain("anna");
  });

  it("open no more with any bit changed, cut off or added, nor with another account's key", async () => {
    const [ids, others] = [await openSessionIds(undefined), await openSessionIds(undefined)];
    const bytes = Buffer.from((await ids.issue({ named: "anna" })).id, "base64url");
    const refused = { code: "web/unknown-session" };
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
        const changed = Buffer.from(bytes);
        const at = Math.floor(bit / 8);
        changed[at] = (changed[at] ?? 0) ^ (1 << (bit % 8));
        await expect(ids.open(changed.toString("base64url"))).rejects.toMatchObject(refused);
      }),
    );
    for (const length of [0, 16, 31, 32, bytes.length - 1])
      await expect(ids.open(bytes.subarray(0, length).toString("base64url"))).rejects.toMatchObject(refused);
    await expect(ids.open(`${bytes.toString("base64url")}A`)).rejects.toMatchObject(refused);
    await expect(others.open(bytes.toString("base64url"))).rejects.toMatchObject(refused);
  });

  it("are the same for the same call, and of none after they were revoked", async () => {
    const ids = await openSessionIds(undefined);
    const session = await ids.issue(undefined, "call-1");
    expect(await ids.issue(undefined, "call-1")).toEqual(session);
    expect((await ids.issue(undefined, "call-2")).id).not.toBe(session.id);
    await ids.revoke(session);
    await expect(ids.issue(undefined, "call-1")).rejects.toMatchObject({ code: "web/unknown-session" });
  });
});
