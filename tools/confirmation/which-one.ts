/** Which of several requests that wait is meant. */
import { formatMoney } from "../../core/delivery/money-text.ts";
import { wordsOfText } from "../../core/language/phrases.ts";
import { byPlace } from "../../core/language/place-in-row.ts";
import type { Money } from "../../core/money.ts";
import type { ProposalRecord } from "./proposal-record.ts";
import { leavesOut } from "./read-reply.ts";

/** Those of several whose code, payee, sum or place in the row is named; none where that tells them not apart. */
export function namedIn(text: string, pending: readonly ProposalRecord[]): readonly ProposalRecord[] {
  const words = new Set(wordsOfText(text));
  const byPayee = pending.filter(({ echo }) =>
    namesOf(echo.payee ?? "").some((name) => words.has(name) || words.has(`${name}s`)),
  );
  const bySum = pending.filter(({ echo }) => echo.amount !== undefined && words.has(wholeSum(echo.amount) ?? ""));
  const byCode = pending.filter(({ code }) => words.has(code.toLowerCase()));
  const named = [byCode, byPayee, bySum, byPlace(wordsOfText(text), pending)].find((found) => found.length > 0) ?? [];
  return named.length === pending.length ? [] : named;
}

/** "Not Mira, only Odd": behind it stands what is kept. */
const keeping = /(?<=^|[\s,.;])(?:only|just|nur|bloß|lediglich)\s/iu;

/** Those that are named to be left out, or all but the one that is kept. */
export function leftOutBy(text: string, pending: readonly ProposalRecord[]): readonly ProposalRecord[] {
  const at = text.search(keeping);
  const behind = at < 0 ? "" : text.slice(at);
  const isKept = behind !== "" && leavesOut(behind, { own: [], others: [] }) === undefined;
  const kept = isKept ? namedIn(behind, pending) : [];
  const named = namedIn(isKept ? text.slice(0, at) : text, pending).filter((record) => !kept.includes(record));
  return named.length > 0 || kept.length === 0 ? named : pending.filter((record) => !kept.includes(record));
}

/** The words of a payee's name, without its account number. */
function namesOf(payee: string): readonly string[] {
  return wordsOfText(payee.replace(/\(.*$/u, "")).filter((word) => word.length > 2 && !/\p{N}/u.test(word));
}

/** The digits of a sum without cents. */
export function wholeSum(amount: Money): string | undefined {
  return /^[^\d,]*(\d+)(?:\.0+)?$/u.exec(formatMoney(amount).replaceAll(",", ""))?.[1];
}
