/** What a provider says of who logged in: by the token that it signed, and on demand by its user info. */
import type { Configuration } from "openid-client";
import { z } from "zod";
import { library } from "./open-id-provider.ts";

/** Some providers write it as text; all else is no confirmation. Undefined where they say nothing of it. */
const Confirmed = z
  .unknown()
  .optional()
  .transform((said) => (said === undefined || said === null ? undefined : said === true || said === "true"));
/** The same of Entra ID, for the domain of the address: it knows no `email_verified`, and writes this in several ways. */
const DomainConfirmed = z
  .unknown()
  .optional()
  .transform((said) => (said === true || said === 1 || said === "1" || said === "true" ? true : undefined));

const Person = z.object({
  email: z.string().min(1).optional().catch(undefined),
  email_verified: Confirmed,
  xms_edov: DomainConfirmed,
  name: z.string().optional().catch(undefined),
});
const Account = Person.extend({ iss: z.string().min(1), sub: z.string().min(1).max(255) });

export interface Claims {
  readonly issuer: string;
  readonly subject: string;
  /**
   * The mail address that the provider has confirmed. Asks at its user info where the token does not say; throws where the
   * answer is of somebody else, or none.
   */
  readonly person: () => Promise<{ readonly confirmed: string | undefined; readonly name: string }>;
}

/** What a login was begun with, and what came back. */
export interface Answer {
  readonly redirectUri: string;
  readonly query: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Signature, state, nonce, audience and times are checked. Throws what the library throws. */
export async function claimsOf(config: Configuration, answer: Answer): Promise<Claims> {
  const { authorizationCodeGrant, fetchUserInfo } = await library();
  const back = new URL(answer.redirectUri);
  back.search = answer.query;
  const tokens = await authorizationCodeGrant(config, back, {
    pkceCodeVerifier: answer.verifier,
    expectedState: answer.state,
    expectedNonce: answer.nonce,
    idTokenExpected: true,
  });
  const { iss: issuer, sub: subject, ...told } = Account.parse(tokens.claims());
  const person = async (): ReturnType<Claims["person"]> => {
    const isWhole = told.email !== undefined && isConfirmed(told) !== undefined;
    if (isWhole || config.serverMetadata().userinfo_endpoint === undefined) return shown(told);
    const { name = told.name, ...asked } = Person.parse(await fetchUserInfo(config, tokens.access_token, subject));
    return shown({ ...asked, name });
  };
  return { issuer, subject, person };
}

type Person = z.infer<typeof Person>;

/** What is said of the address itself counts before what is said of its domain. */
function isConfirmed({ email_verified, xms_edov }: Person): boolean | undefined {
  return email_verified ?? xms_edov;
}

/** An address and its confirmation count from the same answer alone. */
function shown(person: Person): Awaited<ReturnType<Claims["person"]>> {
  return { confirmed: isConfirmed(person) === true ? person.email : undefined, name: person.name ?? "" };
}
