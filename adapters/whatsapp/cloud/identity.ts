/**
 * Who writes. Meta names a person by telephone number, by business-scoped user id (`US.134…`), or by both; people with a
 * user name by the user id alone. One person is known under one id: whatever came first, which for everybody from before
 * user ids is the number.
 *
 * A number can get another owner (Meta says so, or it comes with another user id). Its old id is then nobody's any more:
 * it loses its link to a person, and whoever writes from the number starts as somebody new.
 */
import { z } from "zod";
import type { AdapterContext, Json } from "../../../adapter.ts";
import { optionalPart } from "../../../adapter.ts";

/** What a notification calls a person by. */
export interface Addresses {
  readonly phone?: string | undefined;
  readonly userId?: string | undefined;
}

export interface Identities {
  /** The id under which the person is known; undefined where a notification names nobody. */
  readonly idOf: (addresses: Addresses) => Promise<string | undefined>;
  /**
   * These addresses may have another owner from now on: whoever writes from them is `1555~2`, `1555~3`. Two that are
   * named together stay together; with a user id alone its number goes too. `by` is the message that says so: said
   * twice, it counts once.
   */
  readonly depart: (addresses: Addresses, by: string) => Promise<void>;
}

/** What is known of one address. */
const Known = z.object({
  id: z.string(),
  /** The person's other address. */
  with: optionalPart(z.string()),
  /** The message by which the address lost its former owner. */
  by: optionalPart(z.string()),
});
type Known = z.infer<typeof Known>;

/** An address that stays with another: under whose name, and which one. */
interface Kept {
  readonly together?: string;
  readonly partner?: string;
}

type Context = Pick<AdapterContext<unknown>, "values" | "unlink">;

/** Keeps who is who in the account's durable values. */
export function createIdentities({ values = inMemory(), unlink }: Context): Identities {
  const keyOf = (address: string): string => `person:${address}`;
  const known = async (address: string | undefined): Promise<Known | undefined> =>
    address === undefined ? undefined : Known.safeParse(await values.get(keyOf(address))).data;
  const learn = async (address: string | undefined, now: Known, before?: Known): Promise<void> => {
    if (address === undefined || (before?.id === now.id && before.with === now.with)) return;
    const { id, with: other, by } = now;
    const kept = { id, ...(other === undefined ? {} : { with: other }), ...(by === undefined ? {} : { by }) };
    await values.set(keyOf(address), kept);
  };

  async function idOf({ phone, userId }: Addresses): Promise<string | undefined> {
    const byPhone = await known(phone);
    if (userId === undefined) return byPhone?.id ?? phone;
    const byUser = await known(userId);
    const isNew = await isHandedOn(byPhone, userId);
    const id = byUser?.id ?? (isNew ? userId : firstOf(byPhone?.id, phone, userId));
    await learn(phone, { ...byPhone, id, with: userId }, byPhone);
    await learn(userId, { ...byUser, id, with: phone ?? byUser?.with }, byUser);
    return id;
  }

  /** A number that came with another user id before changed hands, whether Meta said so or not. */
  async function isHandedOn(byPhone: Known | undefined, userId: string): Promise<boolean> {
    if (byPhone?.with === undefined || byPhone.with === userId) return false;
    await unlink(byPhone.id);
    return true;
  }

  async function departOne(address: string, by: string, { together = address, partner }: Kept = {}): Promise<void> {
    const before = await known(address);
    if (before?.by === by) return;
    await unlink(before?.id ?? address);
    const generation = Number(before?.id.split("~")[1] ?? "1") + 1;
    await learn(address, { id: `${together}~${generation}`, by, with: partner });
  }

  async function depart({ phone, userId }: Addresses, by: string): Promise<void> {
    if (phone !== undefined && userId !== undefined) {
      await departOne(userId, by, { together: phone, partner: phone });
      return await departOne(phone, by, { partner: userId });
    }
    const number = phone ?? (await known(userId))?.with;
    if (userId !== undefined) await departOne(userId, by);
    if (number !== undefined) await departOne(number, by);
  }

  const inTurn = oneAtATime();
  return {
    idOf: async (addresses) => await inTurn(async () => await idOf(addresses)),
    depart: async (addresses, by) => await inTurn(async () => await depart(addresses, by)),
  };
}

function firstOf(known: string | undefined, phone: string | undefined, userId: string): string {
  return known ?? phone ?? userId;
}

/** Two messages of one person at once must not learn two different things. */
function oneAtATime(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return await result;
  };
}

/** For a context that keeps nothing: as long as the process lives. */
function inMemory(): NonNullable<Context["values"]> {
  const kept = new Map<string, Json>();
  return {
    get: async (key) => kept.get(key),
    set: async (key, value) => {
      kept.set(key, value);
    },
  };
}
