/** A person is called only where one is wanted now: not "later", "when?" or "what does it cost?", and not where somebody speaks of yesterday. */
import { HAND_OVER_TOOL } from "../../core/hand-over/index.ts";
import { readOrder } from "../../core/language/index.ts";
import { allCues, holdsCue, leadingCue } from "../dialogue/cues.ts";
import { smallClausesOf } from "../dialogue/clauses.ts";
import { wantsToKnow } from "../dialogue/wants-to-know.ts";
import type { Intention } from "../roles/contract.ts";
import type { EntityOptions } from "../understanding/slots/entities.ts";
import type { IntentReader } from "./recognize-intent.ts";
import { routeOf } from "./routes.ts";

const LABEL = `tool:${HAND_OVER_TOOL}`;

interface Reading {
  readonly readIntent: IntentReader;
  readonly entities: EntityOptions;
}

/** The intention; where a person is wanted at another time it is told how to reach one. */
export function askedForNow(intention: Intention, text: string, by: Reading): Intention {
  const { intent, reading } = intention;
  if (intent !== LABEL || reading === undefined || isWantedNow(text, by)) return intention;
  const route = routeOf(HAND_OVER_TOOL);
  const recognized = { ...reading.understood.recognized, label: HAND_OVER_TOOL };
  const understood = { ...reading.understood, recognized, route };
  return { ...intention, intent: HAND_OVER_TOOL, route, reading: { ...reading, understood } };
}

/** A waiting since the ninth, told before, does not put it off: each clause that asks counts by itself. */
function isWantedNow(text: string, { readIntent, entities }: Reading): boolean {
  const clauses = smallClausesOf(text).map((clause) => clause.text);
  if (clauses.some(wantsMachine)) return false;
  const asked = clauses.filter((clause) => readIntent(clause).recognized.label === LABEL);
  return (asked.length === 0 ? [text] : asked).some(
    (clause) =>
      !allCues().some((cues) => wantsToKnow(clause, cues)) &&
      readOrder(clause, entities).doubts.every(({ kind }) => kind !== "schedule" && kind !== "past"),
  );
}

const wants = allCues().flatMap(({ joints }) => joints);
const machines = allCues().flatMap((cues) => cues.machines);

/** "Not a human, I want the bot". */
function wantsMachine(clause: string): boolean {
  const wanted = leadingCue(clause, wants);
  return wanted !== undefined && holdsCue(wanted.rest, machines) && !holdsCue(wanted.rest, NOT);
}

const NOT = ["no", "not", "nicht", "kein", "keine", "keinen", "instead of", "statt"];
