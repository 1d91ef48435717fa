/** Files in a bucket of S3, or of a storage that speaks like it, for installations on several machines. */
import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import type { HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import pLimit from "p-limit";
import type { Check } from "../check.ts";
import { checkedKey, checkedPrefix, type Files, isKey, type OpenedFile, readWhole, roundTrip } from "./files.ts";
import type { StoredFile } from "./files.ts";
import { connectS3, type S3Options } from "./s3-client.ts";
import { explainedS3, isEmptyRange, isMissing, isTaken, isUnknownCondition, unavailable } from "./s3-failures.ts";

/** Files of this machine that are held in memory at once while they are sent. */
const TAKEN_AT_ONCE = 4;
const TOLERATED_SKEW_MS = 60_000;

/** Opens the bucket. Nothing is connected yet. */
export function s3Files(options: S3Options): Files {
  const bucket = bucketOf(options);
  const { s3, place, send, at, clockOffset } = bucket;
  const taking = pLimit(TAKEN_AT_ONCE);
  const files: Files = {
    kind: "s3",
    place,
    put: async (key, content, { ifAbsent = false } = {}) => {
      if (ifAbsent) return await putIfAbsent(bucket, key, content);
      await send(async (call) => await s3.putObject({ ...at(key), Body: content }, call), content.length);
      return true;
    },
    take: async (key, path) => {
      await taking(async () => await files.put(key, await readFile(path)));
      await rm(path, { force: true });
    },
    get: async (key) => await readWhole(await files.open(key)),
    open: async (key, { first } = {}) => await openFile(bucket, key, first),
    stat: async (key) => statOf(key, await head(bucket, key)),
    remove: async (key) => void (await send(async (call) => await s3.deleteObject(at(key), call))),
    list: (prefix) => listed(bucket, checkedPrefix(prefix)),
    check: async () => [await roundTrip(files), ...checkClock(clockOffset())],
    close: async () => s3.destroy(),
  };
  return files;
}

type Bucket = ReturnType<typeof bucketOf>;

function bucketOf(options: S3Options) {
  const { bucket, prefix = "" } = options;
  const base = prefix === "" ? "" : `${prefix}/`;
  const at = (key: string) => ({ Bucket: bucket, Key: `${base}${checkedKey(key)}` });
  return { ...connectS3(options), bucket, base, at };
}

async function head({ s3, place, attempt, at }: Bucket, key: string): Promise<HeadObjectCommandOutput | undefined> {
  try {
    return await attempt(async (call) => await s3.headObject(at(key), call));
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw explainedS3(place, thrown);
  }
}

function statOf(key: string, found: HeadObjectCommandOutput | undefined): StoredFile | undefined {
  return found && { key, bytes: found.ContentLength ?? 0, modifiedAt: Number(found.LastModified) };
}

/** Storages that ignore the condition still find what is there; those that refuse it are asked without. */
async function putIfAbsent(bucket: Bucket, key: string, content: Uint8Array): Promise<boolean> {
  const { s3, place, attempt, send, at } = bucket;
  if ((await head(bucket, key)) !== undefined) return false;
  // An attempt whose answer was lost is repeated, and then finds its own file.
  const mark = randomUUID();
  const put = { ...at(key), Body: content, Metadata: { put: mark } };
  try {
    await attempt(async (call) => await s3.putObject({ ...put, IfNoneMatch: "*" }, call), content.length);
    return true;
  } catch (thrown) {
    const there = isTaken(thrown) ? await head(bucket, key) : undefined;
    if (there !== undefined) return there.Metadata?.["put"] === mark;
    if (!isUnknownCondition(thrown)) throw explainedS3(place, thrown);
  }
  await send(async (call) => await s3.putObject(put, call), content.length);
  return true;
}

async function openFile(bucket: Bucket, key: string, first: number | undefined): Promise<OpenedFile | undefined> {
  const { s3, place, attempt, at } = bucket;
  if (first === 0) return withoutContent(statOf(key, await head(bucket, key)));
  const range = first === undefined ? {} : { Range: `bytes=0-${first - 1}` };
  try {
    const found = await attempt(async (call) => await s3.getObject({ ...at(key), ...range }, call));
    const { Body, ContentLength, ContentRange, LastModified } = found;
    if (!(Body instanceof Readable)) throw unavailable(place, "an answer without content");
    const total = /\/(\d+)$/u.exec(ContentRange ?? "")?.[1] ?? ContentLength;
    return { key, bytes: Number(total), modifiedAt: Number(LastModified), content: contentOf(Body, place) };
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    // An empty file has no beginning.
    if (isEmptyRange(thrown)) return withoutContent(statOf(key, await head(bucket, key)));
    throw explainedS3(place, thrown);
  }
}

function withoutContent(found: StoredFile | undefined): OpenedFile | undefined {
  return found && { ...found, content: Readable.from([]) };
}

async function* contentOf(body: Readable, place: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (thrown) {
    throw explainedS3(place, thrown);
  } finally {
    // Whoever leaves early gives the connection up with what is still to come.
    body.destroy();
  }
}

async function* listed({ s3, send, bucket, base }: Bucket, prefix: string): AsyncGenerator<StoredFile> {
  const asked = { Bucket: bucket, Prefix: `${base}${prefix}` };
  let next: string | undefined;
  do {
    const page = { ...asked, ContinuationToken: next };
    const { Contents = [], NextContinuationToken } = await send(async (call) => await s3.listObjectsV2(page, call));
    for (const { Key = "", Size = 0, LastModified } of Contents) {
      const key = Key.slice(base.length);
      if (isKey(key)) yield { key, bytes: Size, modifiedAt: Number(LastModified) };
    }
    next = NextContinuationToken;
  } while (next !== undefined);
}

/** The client corrects its own requests; other programs of the machine do not. */
function checkClock(offsetMs: number): readonly Check[] {
  if (Math.abs(offsetMs) < TOLERATED_SKEW_MS) return [];
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const detail = `this machine's clock is ${minutes} minutes ${offsetMs > 0 ? "behind" : "ahead of"} the storage's`;
  return [{ name: "files clock", status: "warning", detail, remedy: "Set it: timedatectl set-ntp true." }];
}
