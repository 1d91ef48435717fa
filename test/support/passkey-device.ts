/** An authenticator in software: makes passkeys, and signs as a phone does. */
import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import type { LoginAnswer, RegistrationAnswer } from "../../gateway/identity/index.ts";

export interface PasskeyDevice {
  readonly register: (challenge: string) => RegistrationAnswer;
  readonly login: (challenge: string, change?: { readonly counter?: number; readonly origin?: string }) => LoginAnswer;
}

const sha256 = (data: string | Uint8Array): Buffer => createHash("sha256").update(data).digest();

/** One passkey of a site; it counts its uses. */
export function passkeyDevice(domain: string, origin: string): PasskeyDevice {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const id = randomBytes(16);
  let counter = 0;

  const clientData = (type: string, challenge: string, from = origin): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin: from, crossOrigin: false }));
  /** Of this domain, with its user present and verified. */
  const authenticatorData = (flags: number, count: number, more = Buffer.alloc(0)): Buffer => {
    const tail = Buffer.alloc(5);
    tail.writeUInt8(flags, 0);
    tail.writeUInt32BE(count, 1);
    return Buffer.concat([sha256(domain), tail, more]);
  };
  const named = { id: id.toString("base64url"), rawId: id.toString("base64url"), type: "public-key" } as const;

  return {
    register: (challenge) => {
      const key = cborMap([
        [cborInt(1), cborInt(2)],
        [cborInt(3), cborInt(-7)],
        [cborInt(-1), cborInt(1)],
        [cborInt(-2), cborBytes(Buffer.from(x, "base64url"))],
        [cborInt(-3), cborBytes(Buffer.from(y, "base64url"))],
      ]);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const data = authenticatorData(0x45, counter, Buffer.concat([Buffer.alloc(16), length, id, key]));
      const attestation = cborMap([
        [cborText("fmt"), cborText("none")],
        [cborText("attStmt"), cborMap([])],
        [cborText("authData"), cborBytes(data)],
      ]);
      return {
        ...named,
        response: {
          clientDataJSON: clientData("webauthn.create", challenge).toString("base64url"),
          attestationObject: attestation.toString("base64url"),
          transports: ["internal"],
        },
      };
    },
    login: (challenge, change = {}) => {
      counter = change.counter ?? counter + 1;
      const data = authenticatorData(0x05, counter);
      const client = clientData("webauthn.get", challenge, change.origin);
      const signature = createSign("sha256")
        .update(Buffer.concat([data, sha256(client)]))
        .sign(privateKey);
      return {
        ...named,
        response: {
          clientDataJSON: client.toString("base64url"),
          authenticatorData: data.toString("base64url"),
          signature: signature.toString("base64url"),
        },
      };
    },
  };
}

/** The head of a CBOR item: its kind and its length or value. */
function cborHead(kind: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(kind << 5) | value]);
  if (value < 256) return Buffer.from([(kind << 5) | 24, value]);
  return Buffer.from([(kind << 5) | 25, value >> 8, value & 255]);
}

function cborInt(value: number): Buffer {
  return value >= 0 ? cborHead(0, value) : cborHead(1, -1 - value);
}

function cborBytes(bytes: Buffer): Buffer {
  return Buffer.concat([cborHead(2, bytes.length), bytes]);
}

function cborText(text: string): Buffer {
  return Buffer.concat([cborHead(3, Buffer.byteLength(text)), Buffer.from(text)]);
}

function cborMap(entries: readonly (readonly [Buffer, Buffer])[]): Buffer {
  return Buffer.concat([cborHead(5, entries.length), ...entries.flat()]);
}
