/** The provider of `gateway.openId`: where its calls are, how this installation proves itself there, and what went wrong. */
import type { ClientAuth, Configuration } from "openid-client";
import { z } from "zod";
import { ParleyError } from "../../core/errors.ts";
import type { Role } from "../access/roles.ts";

/** Only installations with a provider load it. */
export const library = async () => await import("openid-client");

const TIMEOUT_SECONDS = 10;

/** A provider, and what this installation is there. */
export interface OpenIdProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: () => string;
  /** The role of people whom nobody made a user before; left out, they are refused. */
  readonly newUsers?: Role | undefined;
}

/** Asks the provider for its addresses and keys at the first login, again where that failed. */
export function discoverOnce(provider: OpenIdProvider): () => Promise<Configuration> {
  let found: Promise<Configuration> | undefined;
  return async () => {
    found ??= discover(provider);
    try {
      return await found;
    } catch (thrown) {
      found = undefined;
      throw thrown instanceof ParleyError ? thrown : unavailable(provider.issuer, thrown);
    }
  };
}

async function discover({ issuer, clientId, clientSecret }: OpenIdProvider): Promise<Configuration> {
  const { discovery, allowInsecureRequests, enableNonRepudiationChecks } = await library();
  const address = new URL(issuer);
  const secret = clientSecret();
  // The configuration takes plain HTTP for this machine alone.
  const execute = [enableNonRepudiationChecks, ...(address.protocol === "http:" ? [allowInsecureRequests] : [])];
  return await discovery(address, clientId, { client_secret: secret }, await authenticationBy(secret), {
    execute,
    timeout: TIMEOUT_SECONDS,
  });
}

/** `client_secret_basic`, which every provider takes that names none, or `client_secret_post` where it takes only that. */
async function authenticationBy(secret: string): Promise<ClientAuth> {
  const { ClientSecretBasic, ClientSecretPost } = await library();
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (server, ...sent) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
    const isPost = !methods.includes("client_secret_basic") && methods.includes("client_secret_post");
    (isPost ? post : basic)(server, ...sent);
  };
}

const OtherName = z.object({
  cause: z.object({ attribute: z.literal("issuer"), body: z.object({ issuer: z.string().max(500) }) }),
});

function unavailable(issuer: string, thrown: unknown): ParleyError {
  const other = OtherName.safeParse(thrown).data?.cause.body.issuer;
  if (other !== undefined)
    return new ParleyError(
      "identity/openid-issuer",
      `The login provider at ${issuer} names itself "${other}", and the two must be the same, with or without a slash at the end. Write gateway.openId.issuer: "${other}", or correct the name at the provider where that is not its address.`,
      { status: 503, cause: thrown },
    );
  return new ParleyError(
    "identity/openid-unavailable",
    `The login provider ${issuer} does not answer as one (${reasonOf(thrown)}). Try again; its address is gateway.openId.issuer.`,
    { status: 503, retryable: true, cause: thrown },
  );
}

/** Those of the library whose messages are its own words alone; a parser's repeat what was sent. */
const LIBRARY_ERRORS: ReadonlySet<string> = new Set([
  "ClientError",
  "OperationProcessingError",
  "ResponseBodyError",
  "AuthorizationResponseError",
  "UnsupportedOperationError",
  "WWWAuthenticateChallengeError",
]);
const Code = z
  .string()
  .regex(/^\w{1,64}$/u)
  .optional()
  .catch(undefined);
const Failure = z.object({
  name: z.string(),
  message: z.string(),
  /** Of the system, such as `ECONNREFUSED`. */
  code: Code,
  /** The provider's own, such as `access_denied`. Its description may name somebody. */
  error: Code,
  status: z.number().optional().catch(undefined),
  cause: z.unknown().optional(),
});
/** What the library adds: which claim or field it is about, or the answer itself. */
const About = z.object({ claim: Code, attribute: Code, status: z.number().optional().catch(undefined) });
const DEEPEST = 5;

/** Why something failed between here and the provider, without a word of who logs in: for the log. */
export function reasonOf(thrown: unknown): string {
  const parts: (string | undefined)[] = [];
  let next = thrown;
  for (let depth = 0; depth < DEEPEST && next instanceof Error; depth++) {
    const { name, message, code, error, status, cause } = Failure.parse(next);
    parts.push(...(LIBRARY_ERRORS.has(name) ? [message, error] : [code]), http(status));
    next = cause;
  }
  const about = next instanceof Error ? undefined : About.safeParse(next).data;
  parts.push(about?.claim, about?.attribute, http(about?.status));
  return [...new Set(parts.filter((part) => part !== undefined))].join(", ") || "for no reason that is known";
}

function http(status: number | undefined): string | undefined {
  return status === undefined ? undefined : `HTTP ${status}`;
}
