/** A small S3 on loopback: objects in memory, signatures checked (SigV4), conditional puts, and faults at will. */
import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

export interface S3ServerOptions {
  /** What a server does with `If-None-Match: *`. @default "knows" */
  readonly conditions?: "knows" | "refuses" | "ignores";
  readonly clock?: () => number;
  /** Keys of one answer to a list. @default 1_000 */
  readonly pageSize?: number;
}

interface StoredObject {
  readonly content: Buffer;
  readonly modifiedAt: number;
  readonly metadata: readonly (readonly [string, string])[];
}

interface Result {
  readonly status: number;
  readonly body?: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * `hang`: no answer; `hang-midway`: half of the body; `cut`: the connection breaks while the request comes in; `lose`: done, but
 * it breaks before the answer is out.
 */
type S3Fault = "none" | "hang" | "hang-midway" | "cut" | "lose" | "busy";

export interface S3Server {
  readonly endpoint: string;
  readonly bucket: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly objects: Map<string, StoredObject>;
  /** What happens to the next requests, one each; to all further ones with `always`. */
  readonly faults: { next: S3Fault[]; always?: S3Fault | undefined };
  readonly stop: () => Promise<void>;
}

const SKEW_MS = 15 * 60_000;

/** Starts a server with one bucket. */
export async function startS3({
  conditions = "knows",
  clock = Date.now,
  pageSize = 1_000,
}: S3ServerOptions = {}): Promise<S3Server> {
  const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "test-secret-key" };
  const objects = new Map<string, StoredObject>();
  const faults: S3Server["faults"] = { next: [] };
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = faults.next.shift() ?? faults.always;
    if (fault === "hang") return;
    if (fault === "cut") return void request.once("data", () => request.destroy());
    const content = await buffer(request);
    const { status, headers = {}, body = "" } = resultOf(request, content, fault);
    if (fault === "lose") return void response.destroy();
    const bytes = Buffer.from(body);
    const length = String(bytes.length);
    response.writeHead(status, { date: new Date(clock()).toUTCString(), "content-length": length, ...headers });
    if (fault === "hang-midway") response.write(bytes.subarray(0, bytes.length / 2));
    else response.end(request.method === "HEAD" ? undefined : bytes);
  }

  function resultOf(request: IncomingMessage, content: Buffer, fault: S3Fault | undefined): Result {
    const url = new URL(request.url ?? "/", "http://s3");
    const [bucket, ...parts] = url.pathname.slice(1).split("/").map(decodeURIComponent);
    const key = parts.join("/");
    if (fault === "busy") return failure(503, "SlowDown");
    const refusal = refusalOf(request, url, content, { ...credentials, now: clock() });
    if (refusal !== undefined) return failure(403, refusal);
    if (bucket !== "files") return failure(404, "NoSuchBucket");
    if (key === "") return { status: 200, body: listing(objects, url.searchParams, pageSize) };
    if (request.method === "PUT") return put(key, content, request.headers);
    if (request.method !== "DELETE") return found(objects.get(key), request);
    objects.delete(key);
    return { status: 204 };
  }

  function put(key: string, content: Buffer, headers: IncomingHttpHeaders): Result {
    const isConditional = headers["if-none-match"] === "*";
    if (isConditional && conditions === "refuses") return failure(501, "NotImplemented");
    if (isConditional && conditions === "knows" && objects.has(key)) return failure(412, "PreconditionFailed");
    const metadata = Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith("x-amz-meta-") ? [[name, String(value)] as const] : [],
    );
    objects.set(key, { content, modifiedAt: Math.floor(clock() / 1000) * 1000, metadata });
    return { status: 200 };
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was found.");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    bucket: "files",
    credentials,
    objects,
    faults,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function found(object: StoredObject | undefined, { method, headers }: IncomingMessage): Result {
  if (object === undefined) return failure(404, "NoSuchKey");
  const { content, modifiedAt, metadata } = object;
  const own = { "last-modified": new Date(modifiedAt).toUTCString(), ...Object.fromEntries(metadata) };
  const [, last] = /^bytes=0-(\d+)$/u.exec(headers.range ?? "") ?? [];
  if (method === "HEAD") return { status: 200, headers: { ...own, "content-length": String(content.length) } };
  if (last === undefined) return { status: 200, body: content, headers: own };
  if (content.length === 0) return failure(416, "InvalidRange");
  const body = content.subarray(0, Number(last) + 1);
  const range = { "content-range": `bytes 0-${body.length - 1}/${content.length}` };
  return { status: 206, body, headers: { ...own, ...range } };
}

function failure(status: number, code: string): Result {
  const message = `<Message>secret detail of ${code}</Message>`;
  return { status, body: `<?xml version="1.0"?><Error><Code>${code}</Code>${message}</Error>` };
}

function listing(objects: ReadonlyMap<string, StoredObject>, query: URLSearchParams, pageSize: number): string {
  const prefix = query.get("prefix") ?? "";
  const after = query.get("continuation-token") ?? "";
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).toSorted();
  const page = keys.slice(0, pageSize);
  const contents = page.map((key) => {
    const { content, modifiedAt } = objects.get(key) ?? { content: "", modifiedAt: 0 };
    const at = new Date(modifiedAt).toISOString();
    return `<Contents><Key>${key}</Key><Size>${content.length}</Size><LastModified>${at}</LastModified></Contents>`;
  });
  const more = keys.length > page.length ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : "";
  const isCut = keys.length > page.length;
  return `<?xml version="1.0"?><ListBucketResult><IsTruncated>${isCut}</IsTruncated>${more}${contents.join("")}</ListBucketResult>`;
}

/** Why the request is not let in, as S3 names it. */
export function refusalOf(
  { method, headers }: IncomingMessage,
  url: URL,
  content: Buffer,
  { accessKeyId, secretAccessKey, now }: S3Server["credentials"] & { readonly now: number },
): string | undefined {
  const signed =
    /^AWS4-HMAC-SHA256 Credential=(?<id>[^/]+)\/(?<scope>\S+), SignedHeaders=(?<names>\S+), Signature=(?<signature>\S+)$/u.exec(
      headers.authorization ?? "",
    )?.groups;
  if (signed === undefined) return "AccessDenied";
  const { id, scope = "", names = "", signature } = signed;
  if (id !== accessKeyId) return "InvalidAccessKeyId";
  const at = String(headers["x-amz-date"]);
  const sentAt = Date.parse(at.replace(/^(....)(..)(..T..)(..)(..Z)$/u, "$1-$2-$3:$4:$5"));
  if (Math.abs(sentAt - now) > SKEW_MS) return "RequestTimeTooSkewed";
  const hash = String(headers["x-amz-content-sha256"]);
  if (hash !== "UNSIGNED-PAYLOAD" && hash !== sha256(content)) return "XAmzContentSHA256Mismatch";
  const query = url.search.slice(1).split("&").filter(Boolean).toSorted().join("&");
  const lines = names.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, url.pathname, query, lines.join(""), names, hash].join("\n");
  const key = scope.split("/").reduce<Buffer | string>((last, part) => hmac(last, part), `AWS4${secretAccessKey}`);
  const expected = hmac(key, ["AWS4-HMAC-SHA256", at, scope, sha256(canonical)].join("\n")).toString("hex");
  return expected === signature ? undefined : "SignatureDoesNotMatch";
}

function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
