/** Messages that are answered before all else that they say: somebody is in danger, in despair, or being robbed. */
import type { Intention } from "../roles/contract.ts";

const SURE_ALARM = 0.7;
/** Comfort for somebody who is in no distress is worse than a question what they meant. */
const SURE_PERSON = 0.9;
const PERSON: ReadonlySet<string> = new Set(["danger", "distress"]);

/** Whether a message or a clause of it is such a one: of the general requests, or what a tool pack answers beforehand. */
export function isUrgent({ intent, confidence, configured, reading }: Intention): boolean {
  if (reading?.about !== undefined) return false;
  if (PERSON.has(intent)) return confidence >= SURE_PERSON;
  return intent.startsWith("request:") && configured?.answer !== undefined && confidence >= SURE_ALARM;
}
