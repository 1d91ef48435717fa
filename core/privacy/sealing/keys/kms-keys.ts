/**
 * A key in a key management service: it never leaves it, and every unwrapping is in its log. The service is asked at a start
 * and at a rotation only.
 */
import { z } from "zod";
import type { Check } from "../../../check.ts";
import { needPackages } from "../../../config/missing-package.ts";
import { describeError, ParleyError } from "../../../errors.ts";
import type { Network } from "../../../network/network.ts";
import { within } from "../../../timing/deadline.ts";
import type { KeyPort } from "./key-port.ts";

const PACKAGE = "@aws-sdk/client-kms";
const ATTEMPTS = 3;
const PATIENCE_MS = 15_000;

type Context = Readonly<Record<string, string>>;
type CallOptions = { readonly abortSignal: AbortSignal };

/** What is used of a client that is shaped like `KMS` of `@aws-sdk/client-kms`. */
interface KmsClient {
  readonly encrypt: (
    input: { readonly KeyId: string; readonly Plaintext: Uint8Array; readonly EncryptionContext: Context },
    options?: CallOptions,
  ) => Promise<{ readonly CiphertextBlob?: Uint8Array | undefined }>;
  readonly decrypt: (
    input: { readonly KeyId: string; readonly CiphertextBlob: Uint8Array; readonly EncryptionContext: Context },
    options?: CallOptions,
  ) => Promise<{ readonly Plaintext?: Uint8Array | undefined }>;
  readonly destroy: () => void;
}

interface KmsOptions {
  /** The id, address (ARN) or alias of the key. */
  readonly keyId: string;
  readonly region?: string | undefined;
  /** @default that of the region */
  readonly endpoint?: string | undefined;
  /** @default what the AWS SDK finds: environment, files, the machine's role */
  readonly credentials?:
    | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string | undefined }
    | undefined;
  readonly network?: Pick<Network, "agentFor"> | undefined;
  /** How long a call may take, in ms. @default 15_000 */
  readonly timeoutMs?: number;
}

/** Wraps by the service. The client is loaded at the first call; throws `package/missing` then where it is not there. */
export function kmsKeyPort({ timeoutMs = PATIENCE_MS, ...options }: KmsOptions): KeyPort {
  const { keyId } = options;
  const place = `KMS key ${keyId}`;
  const contextOf = (dataKeyId: string): Context => ({ application: "parley", dataKey: dataKeyId });
  const call = async <Output>(ask: (kms: KmsClient, call: CallOptions) => Promise<Output>): Promise<Output> => {
    const kms = await openClient(options, timeoutMs);
    try {
      const answer = await within(async (abortSignal) => await ask(kms, { abortSignal }), { ms: timeoutMs });
      if (answer === undefined) throw unavailable(place, `no answer within ${Math.ceil(timeoutMs / 1000)} s`);
      return answer.value;
    } catch (thrown) {
      throw thrown instanceof ParleyError ? thrown : explained(place, thrown);
    } finally {
      kms.destroy();
    }
  };
  const wrap: KeyPort["wrap"] = async (dataKey, dataKeyId) => {
    const input = { KeyId: keyId, Plaintext: dataKey, EncryptionContext: contextOf(dataKeyId) };
    const { CiphertextBlob } = await call(async (kms, given) => await kms.encrypt(input, given));
    if (CiphertextBlob === undefined) throw unavailable(place, "an answer without a wrapped key");
    return { by: keyId, bytes: CiphertextBlob };
  };
  const unwrap: KeyPort["unwrap"] = async ({ by, bytes }, dataKeyId) => {
    const input = { KeyId: by, CiphertextBlob: bytes, EncryptionContext: contextOf(dataKeyId) };
    const { Plaintext } = await call(async (kms, given) => await kms.decrypt(input, given));
    if (Plaintext === undefined) throw unavailable(place, "an answer without a key");
    return Plaintext;
  };
  return {
    place,
    prepare: async () => undefined,
    current: async () => keyId,
    wrap,
    unwrap,
    check: async () => await checkRoundTrip(place, { wrap, unwrap }),
  };
}

async function checkRoundTrip(
  place: string,
  { wrap, unwrap }: Pick<KeyPort, "wrap" | "unwrap">,
): Promise<readonly Check[]> {
  const name = "sealing key";
  const remedy = "Allow kms:Encrypt and kms:Decrypt with this key, and see whether its address is reached from here.";
  try {
    const probe = Buffer.from("parley doctor");
    const opened = await unwrap(await wrap(probe, "check"), "check");
    if (probe.equals(opened)) return [{ name, status: "ok", detail: place }];
    return [{ name, status: "error", detail: `${place} gave back something else`, remedy }];
  } catch (thrown) {
    return [{ name, status: "error", detail: describeError(thrown), remedy }];
  }
}

const Sdk = z.object({
  KMS: z.custom<new (settings: object) => KmsClient>((value) => typeof value === "function"),
});

async function openClient(
  { region, endpoint, credentials, network }: KmsOptions,
  timeoutMs: number,
): Promise<KmsClient> {
  needPackages("store.sealing.key", [PACKAGE]);
  // By a name in a variable: the compiler of whoever does not have this package need not know it.
  const { KMS } = Sdk.parse(await import(PACKAGE));
  const agent = network?.agentFor(endpoint ?? `https://kms.${region ?? "us-east-1"}.amazonaws.com`);
  return new KMS({
    maxAttempts: ATTEMPTS,
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    requestHandler: {
      connectionTimeout: Math.min(3_000, timeoutMs),
      socketTimeout: timeoutMs,
      ...(agent === undefined ? {} : { httpAgent: agent, httpsAgent: agent }),
    },
  });
}

/** What the service refuses stays refused; everything else may pass. */
const REFUSED = new Set([
  "AccessDeniedException",
  "InvalidCiphertextException",
  "IncorrectKeyException",
  "NotFoundException",
  "DisabledException",
  "KMSInvalidStateException",
  "InvalidArnException",
  "InvalidKeyUsageException",
  "ValidationException",
  "UnrecognizedClientException",
]);

function explained(place: string, thrown: unknown): ParleyError {
  const name = thrown instanceof Error ? thrown.name : "unknown";
  if (!REFUSED.has(name)) return unavailable(place, name, thrown);
  return new ParleyError(
    "sealing/key-missing",
    `${place} does not open this installation's values (${name}). Name the key that they were sealed with, and allow kms:Encrypt and kms:Decrypt.`,
    { cause: thrown },
  );
}

function unavailable(place: string, why: string, cause?: unknown): ParleyError {
  return new ParleyError("sealing/kms-unavailable", `${place} did not answer (${why}). It is asked again later.`, {
    retryable: true,
    status: 503,
    cause,
  });
}
