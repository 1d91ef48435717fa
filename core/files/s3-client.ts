/** The client of S3, with limits on how long it may take. */
import { S3, type S3ClientConfig } from "@aws-sdk/client-s3";
import type { Network } from "../network/network.ts";
import { within } from "../timing/deadline.ts";
import { explainedS3, unavailable } from "./s3-failures.ts";

export interface S3Options {
  readonly bucket: string;
  /** What all keys begin with in the bucket, without a slash at its end. @default nothing */
  readonly prefix?: string | undefined;
  /** @default what the AWS SDK finds in environment and files; us-east-1 where `endpoint` is given */
  readonly region?: string | undefined;
  /** For storages that are not Amazon's: `http://127.0.0.1:9000`. */
  readonly endpoint?: string | undefined;
  /** True where the bucket stands in the path of addresses instead of the host's name. */
  readonly forcePathStyle?: boolean | undefined;
  /** @default what the AWS SDK finds: environment, files, the machine's role */
  readonly credentials?: S3Credentials | undefined;
  readonly network?: Network | undefined;
  /** How long an operation may take besides the transfer, in ms; a third of it without a byte ends an attempt. @default 15_000 */
  readonly timeoutMs?: number;
}

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A transfer that is slower than this is given up. */
const SLOWEST_BYTES_PER_MS = 128;
const ATTEMPTS = 3;

type Call<Output> = (options: { readonly abortSignal: AbortSignal }) => Promise<Output>;

/** `attempt` throws what the client throws, or `files/unavailable` where no answer comes in time; `send` explains it. */
export function connectS3(options: S3Options) {
  const { bucket, prefix, endpoint, timeoutMs = 15_000 } = options;
  const s3 = new S3(settingsOf(options, timeoutMs));
  const host = endpoint === undefined ? "" : ` at ${new URL(endpoint).host}`;
  const place = `s3://${[bucket, prefix].filter(Boolean).join("/")}${host}`;
  const attempt = async <Output>(call: Call<Output>, bytes = 0): Promise<Output> => {
    const ms = timeoutMs + bytes / SLOWEST_BYTES_PER_MS;
    const done = await within(async (abortSignal) => await call({ abortSignal }), { ms });
    if (done === undefined) throw unavailable(place, `no answer within ${Math.ceil(ms / 1000)} s`);
    return done.value;
  };
  const send = async <Output>(call: Call<Output>, bytes = 0): Promise<Output> => {
    try {
      return await attempt(call, bytes);
    } catch (thrown) {
      throw explainedS3(place, thrown);
    }
  };
  return { s3, place, attempt, send, clockOffset: () => s3.config.systemClockOffset };
}

function settingsOf(options: S3Options, timeoutMs: number): S3ClientConfig {
  const { bucket, endpoint, forcePathStyle = false, credentials, network } = options;
  const region = options.region ?? (endpoint === undefined ? undefined : "us-east-1");
  const agent = network?.agentFor(endpoint ?? `https://${bucket}.s3.${region ?? "us-east-1"}.amazonaws.com`);
  const idleMs = timeoutMs / ATTEMPTS;
  return {
    forcePathStyle,
    maxAttempts: ATTEMPTS,
    // Storages that are not Amazon's do not know the newer checksums.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    requestHandler: {
      connectionTimeout: Math.min(3_000, idleMs),
      socketTimeout: idleMs,
      ...(agent === undefined ? {} : { httpAgent: agent, httpsAgent: agent }),
    },
  };
}
