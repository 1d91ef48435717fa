/** Calls of the recommender's tools. */
import type { Desk, WantedCall } from "../roles/contract.ts";

/** The product call that a request needs, if any. */
export function productCall(_request: string, _desk: Desk): WantedCall | undefined {
  return undefined;
}
