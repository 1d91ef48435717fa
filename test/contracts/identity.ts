/** What every store of identities must do. Call it from the test of each implementation. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe } from "vitest";
import type { Databases } from "../../core/store/databases.ts";
import { type IdentityStore, openIdentityStore } from "../../gateway/identity/store/identity-store.ts";
import type { TestEngine } from "../support/engines.ts";
import { type IdentityContext, NOW } from "./identity/context.ts";
import { factorsContract } from "./identity/factors.ts";
import { guardsContract } from "./identity/guards.ts";
import { oneUseContract } from "./identity/one-use.ts";
import { sessionsContract } from "./identity/sessions.ts";
import { usersContract } from "./identity/users.ts";

/** Declares the conformance suite on one engine. */
export function identityContract(engine: TestEngine): void {
  describe(`${engine.name} identity store`, () => {
    let folder: string;
    const opened: { databases: Databases; store: IdentityStore }[] = [];
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "parley-identity-"));
      const place = await engine.place(folder);
      for (let process = 0; process < 2; process += 1) {
        const databases = await place.open();
        opened.push({ databases, store: await openIdentityStore(databases) });
      }
    });
    afterEach(async () => {
      for (const { databases, store } of opened.splice(0)) {
        await store.close();
        await databases.close();
      }
      await rm(folder, { recursive: true, force: true });
    });

    const storeOf = (index: number): IdentityStore => {
      const one = opened[index];
      if (one === undefined) throw new Error("The store is opened by a hook: ask for it inside a test.");
      return one.store;
    };
    const context: IdentityContext = {
      store: () => storeOf(0),
      other: () => storeOf(1),
      addUser: async (id, facts = {}) => {
        const user = { id, login: `${id}@example.org`, name: id, createdAt: NOW, ...facts };
        await storeOf(0).users.create(user, [], { by: "test", at: NOW });
        return user;
      },
    };
    usersContract(context);
    oneUseContract(context);
    sessionsContract(context);
    factorsContract(context);
    guardsContract(context);
  });
}
