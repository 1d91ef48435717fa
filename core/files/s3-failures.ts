/** What a failure of S3 or of the way to it means, and what to do about it. Never says a credential, nor what the server said. */
import { z } from "zod";
import { ParleyError } from "../errors.ts";

const Failure = z.object({
  name: z.string(),
  message: z.string().catch(""),
  code: z.string().optional().catch(undefined),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional().catch(undefined),
});

/** What waiting does not heal: by the name of the error, or by the status where an answer without a body names none. */
const REFUSALS: readonly { readonly names: RegExp; readonly says: string }[] = [
  {
    names: /^RequestTimeTooSkewed$/u,
    says: "The clocks differ by more than 15 minutes. Set the clock of this machine (timedatectl set-ntp true), or the server's.",
  },
  { names: /^NoSuchBucket$/u, says: "There is no such bucket. Create it, or correct files.bucket." },
  {
    names: /^(?:PermanentRedirect|AuthorizationHeaderMalformed|Region is missing|301|400)$/u,
    says: "The bucket is in another region, or none is named. Set files.region to the bucket's.",
  },
  {
    names:
      /^(?:InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|ExpiredToken|InvalidClientTokenId|\w+ProviderError)$/u,
    says: "The credentials are missing, wrong or expired. Correct files.credentials, or what the AWS SDK finds where they are left out.",
  },
  {
    names: /^(?:AccessDenied|AllAccessDisabled|AccountProblem|Forbidden|403)$/u,
    says: "These credentials may not do that. Allow s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and s3:DeleteObject on its objects.",
  },
];

/** Statuses below 500 that pass by themselves. */
const PASSING = new Set([408, 409, 412, 425, 429]);

function nameOf(thrown: unknown): string {
  const { name = "", message = "", $metadata } = Failure.safeParse(thrown).data ?? {};
  if (message.startsWith("Region is missing")) return "Region is missing";
  const isUnnamed = name === "" || name === "Error" || name === "Unknown" || name === "UnknownError";
  return isUnnamed ? String($metadata?.httpStatusCode ?? name) : name;
}

/** The failure as `files/refused` or, where it may pass, the retryable `files/unavailable`. */
export function explainedS3(place: string, thrown: unknown): ParleyError {
  if (thrown instanceof ParleyError) return thrown;
  const { code, $metadata } = Failure.safeParse(thrown).data ?? {};
  const name = nameOf(thrown);
  const status = $metadata?.httpStatusCode ?? 500;
  const refusal = REFUSALS.find(({ names }) => names.test(name));
  if (refusal === undefined && (status >= 500 || PASSING.has(status))) return unavailable(place, code ?? name);
  const says = refusal?.says ?? "Look up what that means for this storage.";
  return new ParleyError("files/refused", `${place} refused (${name}). ${says}`);
}

export function unavailable(place: string, why: string): ParleyError {
  return new ParleyError(
    "files/unavailable",
    `${place} does not answer as it should (${why}). Does it run, and does files.endpoint name it? It is tried again.`,
    { status: 503, retryable: true },
  );
}

/** There is no such file. */
export function isMissing(thrown: unknown): boolean {
  return /^(?:NoSuchKey|NotFound|404)$/u.test(nameOf(thrown));
}

/** The beginning of an empty file was asked for. */
export function isEmptyRange(thrown: unknown): boolean {
  return /^(?:InvalidRange|416)$/u.test(nameOf(thrown));
}

/** A file that was to be put where none is met another one. */
export function isTaken(thrown: unknown): boolean {
  return /^(?:PreconditionFailed|412|ConditionalRequestConflict|409)$/u.test(nameOf(thrown));
}

/** The storage does not know conditional writes. */
export function isUnknownCondition(thrown: unknown): boolean {
  return /^(?:NotImplemented|501)$/u.test(nameOf(thrown));
}
