/** Balances in the hearer's words. */
import { formatMoney } from "../../../core/delivery/money-text.ts";
import { literal, literalTable } from "../../../core/markdown/index.ts";
import type { Money } from "../../../core/money.ts";
import type { Hearer } from "../../../core/teaching.ts";
import { filledIn } from "../../../core/text/sentence.ts";
import { phrasesFor, told } from "./phrases.ts";

/** What can be spent, by account. */
export type Balances = {
  readonly accounts: { readonly account: string; readonly iban: string; readonly available: Money }[];
  /** What the person thinks of spending, and what would be left then of all these accounts. */
  readonly spend?: Money;
  readonly left?: Money;
};

/** The answer in Markdown. */
export function sayBalances({ accounts, spend, left }: Balances, hearer: Hearer): string {
  const phrases = phrasesFor(hearer);
  const text = (money: Money): string => formatMoney(money, hearer.locale);
  const [only, second] = accounts;
  const parts =
    only !== undefined && second === undefined
      ? [told(phrases.balanceOne, { account: literal(only.account), sum: text(only.available) })]
      : [
          told(phrases.balances, { of: accounts.map(({ account }) => account).join() }),
          literalTable(
            phrases.balanceTable,
            accounts.map(({ account, iban, available }) => [account, iban, text(available)]),
            phrases.balanceTable.slice(-1),
          ),
          ...totalsOf(accounts.map(({ available }) => available)).map((sum) =>
            filledIn(phrases.together, { sum: text(sum) }),
          ),
        ];
  if (spend !== undefined && left !== undefined) {
    const isEnough = left.minor >= 0;
    const rest = text({ ...left, minor: Math.abs(left.minor) });
    parts.push(filledIn(isEnough ? phrases.enough : phrases.notEnough, { spend: text(spend), rest }));
    // What is paid goes out from one account, as a rule from the first.
    const own = second === undefined ? undefined : only && leftOn(only.available, spend);
    if (own !== undefined)
      parts.push(filledIn(phrases.leftOn, { account: literal(only?.account ?? ""), rest: text(own) }));
  }
  return parts.join("\n\n");
}

/** Undefined where it is not enough. */
function leftOn({ minor, currency }: Money, spend: Money): Money | undefined {
  return currency === spend.currency && minor >= spend.minor ? { minor: minor - spend.minor, currency } : undefined;
}

/** By currency, where more than one account has it. */
function totalsOf(sums: readonly Money[]): readonly Money[] {
  return [...new Set(sums.map(({ currency }) => currency))].flatMap((currency) => {
    const all = sums.filter((one) => one.currency === currency);
    return all.length < 2 ? [] : [{ currency, minor: all.reduce((total, { minor }) => total + minor, 0) }];
  });
}
