/** A small KMS on loopback: AWS JSON 1.1, signatures checked (SigV4), keys in memory, and faults at will. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { z } from "zod";
import { createCipher } from "../../core/privacy/sealing/cipher.ts";
import { refusalOf } from "./s3-server.ts";

/** `hang`: no answer; `busy`: not now; `denied`: the caller may not use the key. */
type KmsFault = "hang" | "busy" | "denied";

export interface KmsServer {
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** By their id. */
  readonly keys: Map<string, Uint8Array>;
  /** What was asked, in its order: `Encrypt one`. */
  readonly calls: string[];
  readonly faults: { next: KmsFault[]; always?: KmsFault | undefined };
  readonly stop: () => Promise<void>;
}

const Base64 = z.base64().transform((text) => Buffer.from(text, "base64"));
const Context = z.record(z.string(), z.string()).default({});
const Encrypt = z.object({ KeyId: z.string(), Plaintext: Base64, EncryptionContext: Context });
const Decrypt = z.object({ KeyId: z.string(), CiphertextBlob: Base64, EncryptionContext: Context });

/** Starts it, with the keys `one` and `two`. */
export async function startKms(): Promise<KmsServer> {
  const credentials = { accessKeyId: "AKIDTEST", secretAccessKey: "a secret access key of the test" };
  const keys = new Map<string, Uint8Array>(["one", "two"].map((id) => [id, randomBytes(32)]));
  const calls: string[] = [];
  const faults: KmsServer["faults"] = { next: [] };
  const server = createServer((request, response) => {
    const fault = faults.next.shift() ?? faults.always;
    if (fault === "hang") return;
    void buffer(request).then((content) => {
      const { status, body } = answer(request, content, fault);
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(body));
    });
  });

  function answer(request: IncomingMessage, content: Buffer, fault: KmsFault | undefined) {
    const url = new URL(request.url ?? "/", "http://kms");
    if (fault === "busy") return failure(503, "KMSInternalException");
    if (fault === "denied") return failure(400, "AccessDeniedException");
    const refusal = refusalOf(request, url, content, { ...credentials, now: Date.now() });
    if (refusal !== undefined) return failure(400, "UnrecognizedClientException");
    const [, action] = /^TrentService\.(\w+)$/u.exec(String(request.headers["x-amz-target"])) ?? [];
    const asked: unknown = JSON.parse(content.toString("utf8"));
    if (action === "Encrypt") return encrypt(Encrypt.parse(asked));
    if (action === "Decrypt") return decrypt(Decrypt.parse(asked));
    return failure(400, "UnknownOperationException");
  }

  function encrypt({ KeyId, Plaintext, EncryptionContext }: z.output<typeof Encrypt>) {
    calls.push(`Encrypt ${KeyId}`);
    const key = keys.get(KeyId);
    if (key === undefined) return failure(400, "NotFoundException");
    const blob = createCipher(key).encrypt(Plaintext, bound(KeyId, EncryptionContext));
    return { status: 200, body: { KeyId, CiphertextBlob: Buffer.from(blob).toString("base64") } };
  }

  function decrypt({ KeyId, CiphertextBlob, EncryptionContext }: z.output<typeof Decrypt>) {
    calls.push(`Decrypt ${KeyId}`);
    const key = keys.get(KeyId);
    if (key === undefined) return failure(400, "NotFoundException");
    const plain = createCipher(key).decrypt(CiphertextBlob, bound(KeyId, EncryptionContext));
    if (plain === undefined) return failure(400, "InvalidCiphertextException");
    return { status: 200, body: { KeyId, Plaintext: Buffer.from(plain).toString("base64") } };
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was found.");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    credentials,
    keys,
    calls,
    faults,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function bound(keyId: string, context: Readonly<Record<string, string>>): Uint8Array {
  return Buffer.from(
    JSON.stringify([
      keyId,
      Object.keys(context).toSorted(),
      Object.keys(context)
        .toSorted()
        .map((name) => context[name]),
    ]),
  );
}

function failure(status: number, type: string) {
  return { status, body: { __type: type, message: `secret detail of ${type}` } };
}
