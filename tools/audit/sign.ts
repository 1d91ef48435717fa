import type { Database } from "../../core/store/sql/database.ts";
import type { Checkpoint, SignedHead } from "./checkpoint.ts";
import { GENESIS } from "./entry.ts";
import { findPlaceAndHead, type Head } from "./tables.ts";

/**
 * Signs the head, and the base (the one that stands, unless another is given). False for a chain that does not go on
 * from what was signed: that would wipe out the proof.
 */
export async function signHead(
  database: Database,
  checkpoint: Checkpoint,
  { now, base }: { readonly now: () => string; readonly base: Head | undefined },
): Promise<boolean> {
  for (;;) {
    const seen = await checkpoint.read();
    if (seen === undefined) return false;
    const head = await headAfter(database, seen);
    if (head === undefined) return false;
    if (base === undefined && head.sequence === seen.sequence) return true;
    if (await checkpoint.replace(seen, { head, base: base ?? seen.base, verified: seen.verified, at: now() }))
      return true;
  }
}

/** Signs that the chain was verified up to the head that is signed. Somebody else's newer signature is left as it is. */
export async function signVerified(checkpoint: Checkpoint, signed: SignedHead, at: string): Promise<void> {
  const { sequence, hash, base, verified } = signed;
  if (verified?.sequence === sequence) return;
  const head = { sequence, hash };
  await checkpoint.replace(signed, { head, base, verified: head, at });
}

/** The newest place, where the chain goes on from the signed one. */
async function headAfter(database: Database, signed: Head): Promise<Head | undefined> {
  const places = await database.all(findPlaceAndHead, { sequence: signed.sequence });
  const [place, head = place] = signed.sequence === 0 ? [{ sequence: 0, hash: GENESIS }, ...places] : places;
  return place?.sequence === signed.sequence && place.hash === signed.hash ? head : undefined;
}
