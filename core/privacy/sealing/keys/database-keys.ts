import { createHash } from "node:crypto";
import type { KeyPort } from "./key-port.ts";
import { localKeyPort } from "./local-keys.ts";

/** Known to everybody: the data keys that it wraps lie as good as open beside what they seal. */
const KEY = createHash("sha256").update("parley: no key was given").digest();

/**
 * For several hosts on one PostgreSQL to which nobody gave a key: every process has it, and nothing has to be handed over.
 * It keeps the way to a real key open, and protects nothing: `doctor` says so.
 */
export function databaseKeyPort(): KeyPort {
  const port = localKeyPort({
    place: "the database itself",
    read: async () => [KEY],
    prepare: async () => undefined,
  });
  return {
    ...port,
    check: async () => [
      {
        name: "sealing key",
        status: "warning",
        detail: "lies in the database itself: who reads the database can open what is sealed",
        remedy:
          'Give all hosts one key: store.sealing.key: { kind: "given", key: env("PARLEY_KEY") }, or a KMS, and run: parley privacy rotate',
      },
    ],
  };
}
