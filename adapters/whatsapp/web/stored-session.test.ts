import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { directoryFiles } from "../../../core/files/directory-files.ts";
import type { Files } from "../../../core/files/files.ts";
import { temporaryFolder } from "../../../test/support/tool-pack.ts";
import { createStoredSession } from "./stored-session.ts";
import { openSealedProfile, sealProfile } from "./process/sealed-profile.ts";

const KEY = "a key that nobody guesses";
const name = "whatsapp/sessions/main.session";

let files: Files;
beforeEach(async () => {
  files = directoryFiles(await temporaryFolder());
});

/** One machine, with what the browser's process does there. */
async function machine(shared: Files = files) {
  const folder = await temporaryFolder();
  const [profile, sealed] = [join(folder, "profile"), join(folder, "kept", "main.session")];
  const session = createStoredSession({ files: shared, key: name, profile, sealed });
  const said = (): string => readFileSync(join(profile, "chats"), "utf8");
  return {
    profile,
    sealed,
    session,
    said,
    start: async (): Promise<void> => {
      await session.fetch();
      if (existsSync(profile)) return;
      if (existsSync(sealed)) await openSealedProfile(sealed, profile, KEY);
      else mkdirSync(profile);
    },
    hear: (text: string): void => writeFileSync(join(profile, "chats"), text),
    seal: async (): Promise<boolean> => {
      await sealProfile(profile, sealed, KEY);
      return await session.keep();
    },
    stop: async (): Promise<void> => {
      await sealProfile(profile, sealed, KEY);
      rmSync(profile, { recursive: true });
      await session.keep();
    },
  };
}

describe("a session of WhatsApp Web that several machines share", () => {
  it("goes on where another machine stopped, and back again, encrypted in between", async () => {
    const [one, other] = [await machine(), await machine()];
    await one.start();
    one.hear("hello");
    await one.stop();
    expect(existsSync(one.sealed)).toBe(false);
    expect(Buffer.from((await files.get(name)) ?? []).includes("hello")).toBe(false);

    await other.start();
    expect(other.said()).toBe("hello");
    other.hear("hello, you");
    await other.stop();
    await one.start();
    expect(one.said()).toBe("hello, you");
  });

  it("a profile that a crash left behind is gone on with, unless the account has run elsewhere since", async () => {
    const [one, other] = [await machine(), await machine()];
    await one.start();
    one.hear("sealed");
    await one.seal();
    one.hear("newer than the seal");
    await one.start();
    expect(one.said()).toBe("newer than the seal");

    // It crashes again, and the other machine takes over what was stored last.
    await other.start();
    expect(other.said()).toBe("sealed");
    other.hear("taken over");
    await other.stop();
    await one.start();
    expect(one.said()).toBe("taken over");
  });

  it("a machine that was cut off does not store over the one that took over", async () => {
    const [one, other] = [await machine(), await machine()];
    await one.start();
    one.hear("first");
    await one.seal();
    await other.start();
    other.hear("second");
    await other.seal();
    expect(await one.seal()).toBe(false);
    await other.stop();
    await one.start();
    expect(one.said()).toBe("second");
  });

  it("what could not be stored is stored at the next start", async () => {
    let isAway = true;
    const take: Files["take"] = async (key, path) => {
      if (isAway) throw new Error("the bucket is away");
      await files.take(key, path);
    };
    const [one, other] = [await machine({ ...files, take }), await machine()];
    await one.start();
    one.hear("kept here");
    await expect(one.stop()).rejects.toThrow("away");
    isAway = false;
    await one.start();
    expect(one.said()).toBe("kept here");
    await other.start();
    expect(other.said()).toBe("kept here");
  });

  it("takes over the file of an installation whose sessions stayed on the machine", async () => {
    const [one, other] = [await machine(), await machine()];
    mkdirSync(one.profile);
    one.hear("from before");
    await sealProfile(one.profile, one.sealed, KEY);
    rmSync(one.profile, { recursive: true });
    await one.start();
    expect(one.said()).toBe("from before");
    await other.start();
    expect(other.said()).toBe("from before");
  });

  it("is gone everywhere once the telephone unlinked the device", async () => {
    const [one, other] = [await machine(), await machine()];
    await one.start();
    one.hear("linked");
    await one.seal();
    await other.start();
    await other.session.forget();
    expect(await files.get(name)).toBeUndefined();
    await one.start();
    expect(existsSync(join(one.profile, "chats"))).toBe(false);
  });
});
