import { createSealing, givenKeyPort, type KeyPort, type Sealing } from "../../core/privacy/sealing/index.ts";
import type { Database } from "../../core/store/sql/database.ts";

/** A key that every process of a test knows. */
export const testKeys: KeyPort = givenKeyPort({ text: Buffer.alloc(32, 7).toString("base64"), from: "the test" });

/** Seals what is kept in a database with data keys that lie in the same one. */
export function testSealing(database: Database): Sealing {
  return createSealing({ open: () => database, keys: testKeys });
}
