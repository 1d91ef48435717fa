import { describe, expect, it } from "vitest";
import { createIdentities } from "./identity.ts";

function identities() {
  const unlinked: string[] = [];
  const kept = new Map<string, unknown>();
  const open = () =>
    createIdentities({
      unlink: async (userId) => {
        unlinked.push(userId);
        return true;
      },
      values: {
        get: async (key) => JSON.parse(JSON.stringify(kept.get(key) ?? null)),
        set: async (key, value) => {
          kept.set(key, value);
        },
      },
    });
  return { ...open(), unlinked, restarted: open };
}

const phone = "15551234567";
const userId = "US.134";

describe("platforms A: who somebody is", () => {
  it.each([
    ["the user id alone", { userId }, userId],
    ["the number alone", { phone }, phone],
    ["both", { phone, userId }, phone],
    ["neither", {}, undefined],
  ])("a person named by %s", async (_name, addresses, id) => {
    expect(await identities().idOf(addresses)).toBe(id);
  });

  it.each([
    ["both, then the user id", [{ phone, userId }, { userId }, { phone }]],
    ["the number from before user ids, then both, then each", [{ phone }, { phone, userId }, { userId }, { phone }]],
    ["the user id first, then both, then each", [{ userId }, { phone, userId }, { phone }, { userId }]],
  ])("%s: one person", async (_name, messages) => {
    const { idOf } = identities();
    const ids: (string | undefined)[] = [];
    for (const addresses of messages) ids.push(await idOf(addresses));
    expect(new Set(ids).size).toBe(1);
  });

  it("both and the user id alone at the same moment are one person", async () => {
    const { idOf } = identities();
    const ids = await Promise.all([
      idOf({ phone, userId }),
      idOf({ userId }),
      idOf({ phone, userId }),
      idOf({ phone }),
    ]);
    expect(new Set(ids).size).toBe(1);
  });

  it("is known after a restart", async () => {
    const { idOf, restarted } = identities();
    await idOf({ phone, userId });
    expect(await restarted().idOf({ userId })).toBe(phone);
  });

  it("a changed number loses its link, and its next owner is nobody that is known", async () => {
    const { idOf, depart, unlinked } = identities();
    await idOf({ phone, userId });
    await depart({ phone }, "wamid.1");
    expect(unlinked).toEqual([phone]);
    const next = await idOf({ phone });
    expect(next).not.toBe(phone);
    expect(await idOf({ phone, userId: "US.999" })).toBe(next);
    expect(await idOf({ userId: "US.999" })).toBe(next);
  });

  it("a user id that ended takes the number with it that it was known with", async () => {
    const { idOf, depart, unlinked } = identities();
    await idOf({ phone, userId });
    await depart({ userId }, "wamid.1");
    expect(new Set(unlinked)).toEqual(new Set([phone]));
    expect(await idOf({ phone })).not.toBe(phone);
    expect(await idOf({ userId })).not.toBe(await idOf({ phone }));
  });

  it("the same news again does not make the next owner somebody else", async () => {
    const { idOf, depart, unlinked } = identities();
    await depart({ phone }, "wamid.1");
    const next = await idOf({ phone });
    await idOf({ phone, userId: "US.999" });
    await depart({ phone }, "wamid.1");
    expect(await idOf({ phone })).toBe(next);
    expect(unlinked).toEqual([phone]);
  });

  it("a number that comes with another user id changed hands, without news from Meta", async () => {
    const { idOf, unlinked } = identities();
    await idOf({ phone, userId });
    expect(await idOf({ phone, userId: "US.999" })).toBe("US.999");
    expect(unlinked).toEqual([phone]);
    expect(await idOf({ phone })).toBe("US.999");
    expect(await idOf({ userId: "US.999" })).toBe("US.999");
  });

  it("a changed identity leaves number and user id together, as somebody new", async () => {
    const { idOf, depart } = identities();
    await idOf({ phone, userId });
    await depart({ phone, userId }, "wamid.1");
    const ids = [await idOf({ phone }), await idOf({ userId }), await idOf({ phone, userId })];
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).not.toBe(phone);
  });
});
