/** Codes of an authenticator app (RFC 6238), and the recovery codes for when it is lost. */
import { Secret, TOTP } from "otpauth";
import { type RandomBelow, secureRandomBelow } from "../../core/environment.ts";
import { ParleyError } from "../../core/errors.ts";
import type { SealContext, Sealer } from "./sealer.ts";
import type { Hasher } from "./secrets.ts";
import type { Factors } from "./store/factors.ts";

/** Without the characters people mix up. 24 of them have 118 bits: a fast hash is enough. */
const ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
const CODE_LENGTH = 24;
const CODES = 10;
const PERIOD_MS = 30_000;
/** One step before and after: clocks are not the same everywhere. */
const WINDOW = 1;
const SECRET_BYTES = 20;

export interface Totps {
  /** Begins: shown as a QR code, it counts from `confirm` on. Throws `identity/totp-confirmed` where there is one already. */
  readonly enrol: (user: { readonly id: string; readonly login: string }) => Promise<{ readonly uri: string }>;
  /** Gives the recovery codes, this once. Throws `identity/wrong-code`. */
  readonly confirm: (userId: string, code: string, now: number) => Promise<readonly string[]>;
  readonly isConfirmed: (userId: string) => Promise<boolean>;
  /** Uses a code up: the same or an earlier one counts no more. */
  readonly use: (userId: string, code: string, now: number) => Promise<boolean>;
  readonly useRecoveryCode: (userId: string, code: string) => Promise<boolean>;
  readonly recoveryCodesLeft: (userId: string) => Promise<number>;
  /** Gives new recovery codes, in the place of all earlier ones. */
  readonly renewRecoveryCodes: (userId: string) => Promise<readonly string[]>;
  readonly remove: (userId: string) => Promise<boolean>;
}

export interface TotpOptions {
  readonly factors: Factors;
  readonly sealer: Sealer;
  readonly hasher: Hasher;
  /** What the app shows above the code. */
  readonly issuer: string;
  readonly randomBelow?: RandomBelow | undefined;
}

/** The authenticator apps of all users. */
export function createTotps({ factors, sealer, hasher, issuer, randomBelow }: TotpOptions): Totps {
  const hashOf = (userId: string, code: string): string => hasher("recovery-code", `${userId}\0${plainCode(code)}`);

  /** The time step of a right code. */
  async function stepOf(userId: string, code: string, now: number): Promise<number | undefined> {
    const kept = await factors.totp(userId);
    const token = code.replaceAll(/\s/gu, "");
    if (kept === undefined || !/^\d{6}$/u.test(token)) return undefined;
    const bytes = await sealer.open(contextOf(userId), kept.secret);
    const totp = new TOTP({ secret: new Secret({ buffer: Uint8Array.from(bytes).buffer }) });
    const delta = totp.validate({ token, timestamp: now, window: WINDOW });
    return delta === null ? undefined : Math.floor(now / PERIOD_MS) + delta;
  }

  const newCodes = (): readonly string[] => Array.from({ length: CODES }, () => newCode(randomBelow));
  return {
    enrol: async ({ id, login }) => {
      const secret = new Secret({ size: SECRET_BYTES });
      const sealed = await sealer.seal(contextOf(id), secret.bytes);
      if (!(await factors.enrolTotp(id, sealed)))
        throw new ParleyError("identity/totp-confirmed", "There is an authenticator app already. Remove it first.", {
          status: 409,
        });
      return { uri: new TOTP({ issuer, label: login, secret }).toString() };
    },
    confirm: async (userId, code, now) => {
      const step = await stepOf(userId, code, now);
      const codes = newCodes();
      const recovery = codes.map((one) => hashOf(userId, one));
      if (step === undefined || !(await factors.confirmTotp(userId, { step, now, recovery })))
        throw new ParleyError(
          "identity/wrong-code",
          "This is not the code that the app shows now. Is its clock right?",
          {
            status: 401,
          },
        );
      return codes;
    },
    isConfirmed: async (userId) => (await factors.totp(userId))?.confirmedAt !== undefined,
    use: async (userId, code, now) => {
      const step = await stepOf(userId, code, now);
      return step !== undefined && (await factors.useTotpStep(userId, step));
    },
    useRecoveryCode: async (userId, code) => await factors.useRecoveryCode(userId, hashOf(userId, code)),
    recoveryCodesLeft: factors.recoveryCodesLeft,
    renewRecoveryCodes: async (userId) => {
      const codes = newCodes();
      await factors.replaceRecoveryCodes(
        userId,
        codes.map((one) => hashOf(userId, one)),
      );
      return codes;
    },
    remove: factors.removeTotp,
  };
}

function contextOf(row: string): SealContext {
  return { table: "identity_totp", column: "secret", row };
}

/** `ABCD-EFGH-…`: six groups of four. */
function newCode(randomBelow: RandomBelow = secureRandomBelow): string {
  const letters = Array.from({ length: CODE_LENGTH }, () => ALPHABET.charAt(randomBelow(ALPHABET.length))).join("");
  return (letters.match(/.{4}/gu) ?? []).join("-");
}

/** As it is hashed: lower case and other separators are forgiven. */
function plainCode(code: string): string {
  return code
    .toUpperCase()
    .replaceAll(/[^A-Z\d]/gu, "")
    .slice(0, CODE_LENGTH + 1);
}
