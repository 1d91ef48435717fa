/** The keys of an installation's identities: one that signs access tokens, earlier ones that still verify, one for hashes. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { ParleyError } from "../../core/errors.ts";
import type { Files, KeptFiles } from "../../core/files/files.ts";

const FILE = "identity.key";
/** For `parley store copy`. */
export const identityKeyFiles: KeptFiles = { name: "identity keys", prefix: FILE, keys: /^identity\.key$/u };

const Key = z.base64url().transform((text, context) => {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.byteLength >= 32) return new Uint8Array(bytes);
  context.addIssue({ code: "custom", message: "fewer than 32 bytes" });
  return z.NEVER;
});
const KeyFile = z.strictObject({
  hashing: Key,
  /** The first one signs. */
  signing: z.tuple(
    [z.strictObject({ id: z.string().min(1), secret: Key })],
    z.strictObject({ id: z.string().min(1), secret: Key }),
  ),
});
export type KeyRing = z.output<typeof KeyFile>;

/** Reads the keys; whichever process is first makes them. Throws `identity/keys` where the file is damaged. */
export async function openKeyRing(files: Files): Promise<KeyRing> {
  await files.put(FILE, Buffer.from(JSON.stringify(newKeys())), { ifAbsent: true });
  const content = await files.get(FILE);
  const parsed = KeyFile.safeParse(readJson(content));
  if (parsed.success) return parsed.data;
  throw new ParleyError(
    "identity/keys",
    `The file ${FILE} in ${files.place} is damaged. Restore it from a backup; without it all sessions, API keys and links are void.`,
  );
}

function newKeys() {
  const key = (): string => randomBytes(32).toString("base64url");
  return { hashing: key(), signing: [{ id: randomBytes(6).toString("base64url"), secret: key() }] };
}

function readJson(content: Uint8Array | undefined): unknown {
  try {
    return content === undefined ? undefined : JSON.parse(Buffer.from(content).toString("utf8"));
  } catch {
    return undefined;
  }
}
