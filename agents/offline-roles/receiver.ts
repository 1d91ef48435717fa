/** Who gets the money, where no word in front of a name says so. Pure. */
import type { Span } from "../../core/language/index.ts";
import { isCommonWord, type Understood } from "../offline/index.ts";

const name = String.raw`\p{L}[\p{L}\p{M}.'’-]*(?: \p{Lu}[\p{L}\p{M}'’-]*){0,4}`;
const arrow = new RegExp(String.raw`(?:(?<from>\p{L}+)\s*)?(?:->|→|=>)\s*(?<to>${name})`, "u");
const pronoun = /(?<!\p{L})(?:her|him|them|ihr|ihm|ihnen)(?!\p{L})/iu;
const loose = new RegExp(String.raw`(?:^|[\s,:(])(?:@|für |fuer |for )(?:the |die |den |der )?(?<to>${name})`, "iu");
const leading = new RegExp(String.raw`^\s*(?<to>\p{L}+(?: \p{Lu}\p{L}+)?),?\s+[€$£]?\d`, "u");
const ordered =
  /(?<!\p{L})(?:send|pay|give|wire|transfer|schicke?n?|überweise?n?|zahle?n?|bezahle?|gib|sende|du)\s+(?:the |dem |der |den |die |an )?(?<to>\p{L}[\p{L}\p{M}'’-]*)/iu;
const receiving = /(?<to>\p{L}[\p{L}'’-]*) (?:gets|bekommt|kriegt|erhält)(?!\p{L})/iu;
const noName =
  /^(?:please|pls|bitte|send|pay|transfer|move|give|only|just|exactly|about|überweise?|schicke?|zahle?|hi|hey|hello|ok|moin|hallo|and|und|the|my|me|her|his|it|eur|euros?|sending|paying|bring|nur|noch|mal)$/iu;

/** "everyday -> savings", "20 euros → Jana". */
export function arrowIn(text: string): { readonly from?: string; readonly to: string } | undefined {
  const { from, to } = arrow.exec(text)?.groups ?? {};
  if (to === undefined) return undefined;
  return from === undefined || /^(?:euros?|eur|cents?|send|pay)$/iu.test(from) ? { to } : { from, to };
}

/** A name where a receiver often stands: "jana 25 euro", "für Jana 37 Euro", "Lindenhof gets 42 euros". */
export function looseReceiver(text: string, entities: Understood["entities"]): string | undefined {
  for (const shape of [receiving, ordered, loose, leading]) {
    const to = shape.exec(text)?.groups?.["to"];
    const isTaken = entities.some(({ kind, literal }) => kind === "account" && literal === to);
    if (to !== undefined && !noName.test(to) && !isCommonWord(to) && !isTaken) return to;
  }
  return pronoun.test(text) ? onlyName(text) : undefined;
}

/** "Jana wird 30! Schick ihr bitte 50 Euro": the one name that a pronoun can mean. */
function onlyName(text: string): string | undefined {
  const names = [...text.matchAll(/(?:^|[.!?]\s*)(?<name>\p{Lu}\p{Ll}+) (?:wird|hat|is|turns|has)(?!\p{L})/gu)];
  return names.length === 1 ? names[0]?.groups?.["name"] : undefined;
}

/** "to Jana and Emre", "an Jana oder Emre": two receivers are no clear order. */
export function secondReceiver(text: string, to: string): Span | undefined {
  const at = text.indexOf(to);
  if (at < 0) return undefined;
  const behind = text.slice(at + to.length, at + to.length + 80);
  const match = /^(?:,| and| und| &| \+| or| oder) +(?:to |an |also )*(?<other>\p{L}+)/iu.exec(behind);
  const other = match?.groups?.["other"];
  if (match === null || other === undefined || !isReceiver(match[0], other, behind)) return undefined;
  const start = at + to.length;
  return { start, end: start + match[0].length, literal: match[0].trim() };
}

/** Behind a comma follows rather something else; behind "and" a name unless it is a common word. */
function isReceiver(joint: string, other: string, behind: string): boolean {
  if (joint.startsWith(",")) return false;
  const isCommon =
    /^(?:then|thanks?|tell|say|let|make|do|please|that|it|he|she|they|i|we|you|keep|show|what|how|dann|danke|sag|bitte|das|es|er|sie|ich|wir|zwar|was|wie|a|an|the|also|now)$/iu;
  return !isCommon.test(other) && behind.length > 0;
}
