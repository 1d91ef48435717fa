import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqliteStore } from "../../test/support/sqlite-store.ts";
import { accountId } from "../conversation-id.ts";
import type { Store } from "../store/store.ts";
import { secureRandomBelow } from "../environment.ts";
import { newLinkCode, parseLinkCode } from "./link-code.ts";
import { createLinking, type LinkIdentity, type Linking } from "./linking.ts";

describe("linking", () => {
  let folder = "";
  let store: Store;
  let linking: Linking;
  let now = 0;
  let events = 0;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "parley-linking-"));
    store = await openSqliteStore(folder);
    now = Date.UTC(2026, 0, 1);
    linking = createLinking({ store, environment: { clock: () => now } });
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  function by(platform: string, userId: string, chatType: "direct" | "group" = "direct"): LinkIdentity {
    events += 1;
    return { account: accountId(platform, "main"), userId, chatType, eventId: `event-${events}` };
  }
  async function codeOf(identity: LinkIdentity): Promise<string> {
    const started = await linking.startLink(identity);
    if (started.status !== "code") throw new Error(started.status);
    return started.code;
  }
  async function redeem(text: string, identity: LinkIdentity): Promise<string | undefined> {
    return (await linking.tryRedeem(text, identity))?.status;
  }

  it("links two platforms by a code typed on the second, and separates them again", async () => {
    const code = await codeOf(by("web", "ada"));
    expect(await redeem(` ${code.toLowerCase()}\n`, by("telegram", "4711"))).toBe("linked");
    const person = await store.people.personOf(accountId("telegram", "main"), "4711");
    expect(person).toBe(await store.people.personOf(accountId("web", "main"), "ada"));
    expect((await linking.unlink(by("telegram", "4711"))).status).toBe("unlinked");
    expect((await linking.unlink(by("telegram", "4711"))).status).toBe("not-linked");
    expect(await redeem(code, by("telegram", "4711"))).toBe("unknown");
  });

  it("is for direct chats only, and a code shown in a group is dead", async () => {
    expect((await linking.startLink(by("web", "ada", "group"))).status).toBe("not-direct");
    expect((await linking.unlink(by("web", "ada", "group"))).status).toBe("not-direct");
    const code = await codeOf(by("web", "ada"));
    expect(await redeem(code, by("telegram", "4711", "group"))).toBe("not-direct");
    expect(await redeem(code, by("telegram", "thief"))).toBe("unknown");
  });

  it("refuses a code after ten minutes, and one's own", async () => {
    const code = await codeOf(by("web", "ada"));
    expect(await redeem(code, by("web", "ada"))).toBe("own");
    now += 10 * 60_000;
    expect(await redeem(code, by("telegram", "4711"))).toBe("expired");
  });

  it("limits attempts and requests of one user, counting a replayed event once", async () => {
    const replayed = by("telegram", "4711");
    for (let attempt = 0; attempt < 9; attempt += 1) expect(await redeem("LINK-AAAA-AAAA", replayed)).toBe("unknown");
    for (let attempt = 0; attempt < 4; attempt += 1) {
      expect(await redeem("LINK-AAAA-AAAA", by("telegram", "4711"))).toBe("unknown");
    }
    const code = await codeOf(by("web", "ada"));
    expect(await redeem(code, by("telegram", "4711"))).toBe("too-many");
    for (let request = 0; request < 4; request += 1) await codeOf(by("web", "ada"));
    expect((await linking.startLink(by("web", "ada"))).status).toBe("too-many");
    now += 10 * 60_000;
    expect(await redeem(await codeOf(by("web", "ada")), by("telegram", "4711"))).toBe("linked");
  });

  it("keeps no code readable at rest", async () => {
    const secret = parseLinkCode(await codeOf(by("web", "ada"))) ?? "";
    await store.close();
    const files = await Promise.all(
      ["store.sqlite", "store.sqlite-wal"].map(
        async (name) => await readFile(join(folder, name)).catch(() => Buffer.of()),
      ),
    );
    expect(Buffer.concat(files).includes("link_codes")).toBe(true);
    expect(Buffer.concat(files).includes(secret)).toBe(false);
    expect(secret).toHaveLength(8);
  });

  it("takes no other text for a code", async () => {
    for (const text of [
      "LINK-ABCD",
      "my code is LINK-ABCD-EFGH",
      "LINK-ABCDE-FGH",
      "linkabcdefgh",
      "link abcd efgh",
      "",
    ]) {
      expect(await linking.tryRedeem(text, by("web", "ada"))).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(parseLinkCode(`${text} LINK-ABCD-EFGH.`)).toBeUndefined();
      }),
    );
  });

  it.each(["LINK-ABCD-EFGH", " link-abcd-efgh ", "/link LINK-ABCD-EFGH", "link LINK-ABCD-EFGH", "`LINK-ABCD-EFGH`"])(
    "reads a code alone or behind the command's word: %s",
    (text) => expect(parseLinkCode(text)).toBe("ABCDEFGH"),
  );

  it("makes codes of characters that nobody mixes up, and reads each of them back", () => {
    for (let count = 0; count < 200; count += 1) {
      const code = newLinkCode(secureRandomBelow);
      expect(code).toMatch(/^LINK-[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}$/);
      expect(parseLinkCode(code)).toBe(code.slice(5).replace("-", ""));
    }
  });
});
