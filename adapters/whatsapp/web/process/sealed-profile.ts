/**
 * The browser's profile on disk, encrypted: what makes a linked account survive a restart, and another machine.
 *
 * The file is a header (magic, salt) and one record for each file: length, nonce, AES-256-GCM over name and compressed
 * content. The position and whether it is the last are authenticated, so records can be neither left out, moved nor
 * added. The key comes from the configured one by scrypt.
 */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, lstat, mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { ParleyError } from "../../../../adapter.ts";

const MAGIC = Buffer.from("PARLEY-WHATSAPP-1\n");
const SALT = 16;
const NONCE = 12;
const TAG = 16;
const MAX_RECORD = 512 * 1024 * 1024;

/** What the browser can make again: caches, crash reports, locks of the machine it ran on. */
const LEFT_OUT =
  /(?:^|\/)(?:Singleton\w*|Cache|Code Cache|GPUCache|DawnCache|DawnGraphiteCache|DawnWebGPUCache|GrShaderCache|ShaderCache|GraphiteDawnCache|Crashpad|component_crx_cache|extensions_crx_cache|BrowserMetrics|BrowserMetrics-spare\.pma|Safe Browsing|optimization_guide\w*|CacheStorage|DevToolsActivePort|blob_storage)(?:\/|$)/u;

/** The stored session cannot be opened. */
export class SealedSessionError extends ParleyError {
  override readonly name = "SealedSessionError";

  constructor(detail: string) {
    super(
      "whatsapp/session-unreadable",
      `The stored WhatsApp session cannot be opened (${detail}). Restore the sessionKey it was stored with (or, where none is configured, the store), or delete the file and link the account anew.`,
    );
  }
}

/** Encrypts the profile into `file`, in one step: a crash leaves the old file. Files that vanish meanwhile are left out. */
export async function sealProfile(profile: string, file: string, sessionKey: string): Promise<void> {
  const salt = randomBytes(SALT);
  const key = keyOf(sessionKey, salt);
  const paths = await filesUnder(profile);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.new`;
  const handle = await open(fresh, "w", 0o600);
  try {
    await handle.write(Buffer.concat([MAGIC, salt]));
    let index = 0;
    for (const path of paths) {
      const content = await contentOf(path);
      if (content === undefined) continue;
      const name = relative(profile, path).split(sep).join("/");
      await handle.write(sealRecord(key, { index, last: false, name, content }));
      index += 1;
    }
    await handle.write(sealRecord(key, { index, last: true, name: "", content: Buffer.alloc(0) }));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
}

/** Decrypts `file` into the empty directory `profile`. Throws `whatsapp/session-unreadable` and leaves nothing behind. */
export async function openSealedProfile(file: string, profile: string, sessionKey: string): Promise<void> {
  try {
    await unseal(file, profile, sessionKey);
  } catch (thrown) {
    await rm(profile, { recursive: true, force: true });
    if (thrown instanceof SealedSessionError) throw thrown;
    throw new SealedSessionError(
      thrown instanceof Error && "code" in thrown ? String(thrown.code) : "wrong key or damaged",
    );
  }
}

async function unseal(file: string, profile: string, sessionKey: string): Promise<void> {
  const reader = createReader(file);
  try {
    if (!(await reader.take(MAGIC.length)).equals(MAGIC))
      throw new SealedSessionError("it is no session of this version");
    const key = keyOf(sessionKey, await reader.take(SALT));
    for (let index = 0; ; index += 1) {
      const length = (await reader.take(4)).readUInt32BE();
      if (length > MAX_RECORD) throw new SealedSessionError("damaged");
      const record = openRecord(key, index, await reader.take(length));
      if (record === undefined) return;
      const path = join(profile, record.name);
      if (!path.startsWith(profile + sep)) throw new SealedSessionError("damaged");
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(path, record.content, { mode: 0o600 });
    }
  } finally {
    reader.close();
  }
}

/** A private directory: made, or checked to be ours alone. Throws `whatsapp/profile-unsafe`. */
export async function privateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const { uid } = await lstat(path);
  if (process.getuid !== undefined && uid !== process.getuid())
    throw new ParleyError(
      "whatsapp/profile-unsafe",
      `${path} belongs to somebody else. Set profileDirectory to a directory of your own.`,
    );
  await chmod(path, 0o700);
}

interface Entry {
  readonly index: number;
  readonly last: boolean;
  readonly name: string;
  readonly content: Buffer;
}

function sealRecord(key: Buffer, { index, last, name, content }: Entry): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG });
  cipher.setAAD(placeOf(index, last));
  const named = Buffer.from(`${name}\n`);
  const body = Buffer.concat([cipher.update(named), cipher.update(gzipSync(content, { level: 3 })), cipher.final()]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(1 + NONCE + body.length + TAG);
  return Buffer.concat([length, Buffer.from([last ? 1 : 0]), nonce, body, cipher.getAuthTag()]);
}

/** Undefined for the last record. */
function openRecord(key: Buffer, index: number, record: Buffer): Pick<Entry, "name" | "content"> | undefined {
  const last = record[0] === 1;
  const nonce = record.subarray(1, 1 + NONCE);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG });
  decipher.setAAD(placeOf(index, last));
  decipher.setAuthTag(record.subarray(-TAG));
  const body = Buffer.concat([decipher.update(record.subarray(1 + NONCE, -TAG)), decipher.final()]);
  if (last) return undefined;
  const end = body.indexOf("\n");
  return { name: body.subarray(0, end).toString(), content: gunzipSync(body.subarray(end + 1)) };
}

function placeOf(index: number, last: boolean): Buffer {
  return Buffer.from(`${index}:${last ? "last" : "more"}`);
}

function keyOf(sessionKey: string, salt: Buffer): Buffer {
  return scryptSync(sessionKey, salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 128 * 1024 * 1024 });
}

async function filesUnder(profile: string): Promise<readonly string[]> {
  const entries = await readdir(profile, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !LEFT_OUT.test(relative(profile, path).split(sep).join("/")));
}

async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (thrown) {
    // The browser renames and deletes files while it runs.
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return undefined;
    throw thrown;
  }
}

interface Reader {
  readonly take: (bytes: number) => Promise<Buffer>;
  readonly close: () => void;
}

function createReader(file: string): Reader {
  const stream = createReadStream(file);
  const chunks: AsyncIterator<unknown> = stream[Symbol.asyncIterator]();
  let rest = Buffer.alloc(0);
  return {
    take: async (bytes) => {
      const parts: Buffer[] = [rest];
      let size = rest.length;
      while (size < bytes) {
        const next = await chunks.next();
        if (next.done === true || !(next.value instanceof Uint8Array)) throw new SealedSessionError("cut short");
        parts.push(Buffer.from(next.value));
        size += next.value.length;
      }
      const whole = Buffer.concat(parts);
      rest = whole.subarray(bytes);
      return whole.subarray(0, bytes);
    },
    close: () => stream.destroy(),
  };
}
