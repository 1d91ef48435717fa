/** Passkeys (WebAuthn): what is asked of the browser, and the check of its answer. Each challenge is good for one answer. */
import type {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  VerifiedAuthenticationResponse,
  VerifiedRegistrationResponse,
} from "@simplewebauthn/server";
import { z } from "zod";
import { needPackages } from "../../core/config/missing-package.ts";
import { ParleyError } from "../../core/errors.ts";
import type { Hasher } from "./secrets.ts";
import type { IdentityStore } from "./store/identity-store.ts";
import type { OneUsePurpose } from "./store/one-use.ts";

/** A peer of this package, with 25 packages of its own: loaded where somebody uses a passkey. */
async function webAuthn() {
  needPackages("Passkeys", ["@simplewebauthn/server"]);
  return await import("@simplewebauthn/server");
}

const VALID_MS = 5 * 60_000;
const MOST_PASSKEYS = 20;

const Text = z.base64url().max(20_000);
const Answer = z.object({
  id: Text.min(1).max(2_000),
  rawId: Text.min(1).max(2_000),
  type: z.literal("public-key"),
  authenticatorAttachment: z.enum(["cross-platform", "platform"]).exactOptional(),
});

/** A browser's answer to `beginRegistration`. */
export const RegistrationAnswer = Answer.extend({
  response: z.object({
    clientDataJSON: Text,
    attestationObject: Text,
    transports: z.array(z.string().max(30)).max(10).exactOptional(),
  }),
});
export type RegistrationAnswer = z.infer<typeof RegistrationAnswer>;

/** A browser's answer to `beginLogin`. */
export const LoginAnswer = Answer.extend({
  response: z.object({
    clientDataJSON: Text,
    authenticatorData: Text,
    signature: Text,
    userHandle: Text.exactOptional(),
  }),
});
export type LoginAnswer = z.infer<typeof LoginAnswer>;

export interface PasskeySite {
  /** The domain, without port: `bot.example.com`. */
  readonly domain: string;
  /** Where the pages are: `https://bot.example.com`. */
  readonly origins: readonly string[];
  readonly name: string;
}

export interface Passkeys {
  readonly beginRegistration: (user: {
    readonly id: string;
    readonly login: string;
  }) => Promise<Awaited<ReturnType<typeof generateRegistrationOptions>>>;
  /** Throws `identity/passkey-refused`. */
  readonly register: (userId: string, answer: RegistrationAnswer, name: string) => Promise<void>;
  readonly beginLogin: () => Promise<Awaited<ReturnType<typeof generateAuthenticationOptions>>>;
  /** Gives the user. The authenticator has checked who holds it, so this is two factors. Throws `identity/passkey-refused`. */
  readonly login: (answer: LoginAnswer) => Promise<string>;
  readonly has: (userId: string) => Promise<boolean>;
  readonly list: (userId: string) => ReturnType<IdentityStore["factors"]["passkeys"]>;
  readonly remove: (userId: string, id: string) => Promise<boolean>;
}

export interface PasskeyOptions {
  readonly store: IdentityStore;
  readonly hasher: Hasher;
  readonly site: PasskeySite;
  readonly clock: () => number;
}

/** The passkeys of all users. */
export function createPasskeys(options: PasskeyOptions): Passkeys {
  const { factors } = options.store;
  return {
    ...registrationOf(options),
    ...loginOf(options),
    has: async (userId) => (await factors.passkeys(userId)).length > 0,
    list: factors.passkeys,
    remove: factors.removePasskey,
  };
}

function registrationOf({
  store,
  hasher,
  site,
  clock,
}: PasskeyOptions): Pick<Passkeys, "beginRegistration" | "register"> {
  const { factors } = store;
  const challenges = challengesOf({ store, hasher, clock }, "passkey-registration");
  return {
    beginRegistration: async ({ id, login }) => {
      const known = await factors.passkeys(id);
      if (known.length >= MOST_PASSKEYS)
        throw new ParleyError("identity/too-many-passkeys", `There are ${MOST_PASSKEYS} passkeys. Remove one first.`, {
          status: 409,
        });
      const library = await webAuthn();
      const options = await library.generateRegistrationOptions({
        rpName: site.name,
        rpID: site.domain,
        userName: login,
        userID: new TextEncoder().encode(id),
        attestationType: "none",
        excludeCredentials: known.map((one) => ({ id: one.id, transports: [...one.transports] })),
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
      });
      await challenges.keep(options.challenge, id);
      return options;
    },
    register: async (userId, answer, name) => {
      const { verifyRegistrationResponse } = await webAuthn();
      const { verified, registrationInfo } = await checked<VerifiedRegistrationResponse>(
        async () =>
          await verifyRegistrationResponse({
            ...expectedOf(site),
            response: { ...answer, clientExtensionResults: {} },
            expectedChallenge: async (challenge) => await challenges.use(challenge, userId),
          }),
      );
      if (!verified) throw refused();
      const { id, publicKey, counter } = registrationInfo.credential;
      const transports = answer.response.transports ?? [];
      await factors.addPasskey({ id, userId, name, publicKey, counter, transports, createdAt: clock() });
    },
  };
}

function loginOf({ store, hasher, site, clock }: PasskeyOptions): Pick<Passkeys, "beginLogin" | "login"> {
  const { factors } = store;
  const challenges = challengesOf({ store, hasher, clock }, "passkey-login");
  return {
    beginLogin: async () => {
      const library = await webAuthn();
      const options = await library.generateAuthenticationOptions({ rpID: site.domain, userVerification: "required" });
      await challenges.keep(options.challenge);
      return options;
    },
    login: async (answer) => {
      const passkey = await factors.passkey(answer.id);
      if (passkey === undefined) throw refused();
      const { id, counter, transports, userId } = passkey;
      const { verifyAuthenticationResponse } = await webAuthn();
      const { verified, authenticationInfo } = await checked<VerifiedAuthenticationResponse>(
        async () =>
          await verifyAuthenticationResponse({
            ...expectedOf(site),
            response: { ...answer, clientExtensionResults: {} },
            expectedChallenge: async (challenge) => await challenges.use(challenge),
            credential: { id, counter, transports: [...transports], publicKey: Uint8Array.from(passkey.publicKey) },
          }),
      );
      // Another answer of a cloned key may have come between.
      const to = authenticationInfo.newCounter;
      if (!verified || !(await factors.usePasskey(id, { from: counter, to, now: clock() }))) throw refused();
      return userId;
    },
  };
}

function expectedOf({ origins, domain }: PasskeySite) {
  return { expectedOrigin: [...origins], expectedRPID: domain, requireUserVerification: true };
}

/** Each is used up by the first answer that brings it, right or wrong. */
function challengesOf(
  { store, hasher, clock }: Pick<PasskeyOptions, "store" | "hasher" | "clock">,
  purpose: OneUsePurpose,
) {
  const { oneUse } = store;
  return {
    keep: async (challenge: string, userId?: string): Promise<void> => {
      const now = clock();
      const hash = hasher("one-use", challenge);
      await oneUse.create({
        hash,
        purpose,
        ...(userId !== undefined && { userId }),
        now,
        expiresAt: now + VALID_MS,
      });
    },
    use: async (challenge: string, userId?: string): Promise<boolean> => {
      const found = await oneUse.take({ hash: hasher("one-use", challenge), purpose, now: clock() });
      return found !== undefined && found.userId === userId;
    },
  };
}

/** The library throws plain errors where an answer is not right; the store's own go on as they are. */
async function checked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof ParleyError) throw thrown;
    throw refused(thrown);
  }
}

function refused(cause?: unknown): ParleyError {
  return new ParleyError("identity/passkey-refused", "The passkey was not accepted. Begin again.", {
    status: 401,
    cause,
  });
}
