/** What the bank knows by name: the person's accounts and whom they paid, and categories of bookings. */
import { ownParts, partsOfName } from "../../core/language/index.ts";
import type { PackLanguage } from "../../core/read-pack-language.ts";
import type { NamedEntity } from "../../core/teaching.ts";
import type { ToolContext } from "../../core/tool.ts";
import type { Bank, BankAccount } from "./port.ts";
import { nameTokens } from "./provenance.ts";

/** Of this person, by kind: `account`, `counterparty`, `payee`, `category`. In a group nothing of anybody's is known. */
export function bankEntities(
  bank: Bank,
  names: PackLanguage["names"],
): (context: ToolContext) => Promise<readonly NamedEntity[]> {
  const categories = entitiesOf("category", names["category"] ?? {});
  const taken = new Set(
    [...categories.flatMap((one) => one.names), ...Object.values(names["account"] ?? {}).flat()].flatMap(nameTokens),
  );
  for (const word of names["everyday"]?.["word"] ?? []) taken.add(word);
  return async (context) => {
    const customer = context.chatType === "group" ? undefined : await bank.customerOf(context.person);
    if (customer === undefined) return categories;
    const [accounts, booked = [], payees] = await Promise.all([
      bank.accounts(customer.id),
      bank.counterparties?.(customer.id),
      bank.payees(customer.id),
    ]);
    const counterparties = [...new Set([...booked, ...payees.map(({ name }) => name)])];
    return [
      ...categories,
      ...accountsNamed(accounts, names["account"] ?? {}),
      ...counterpartiesNamed(counterparties, taken, names["place"] ?? {}),
      ...payees.map(({ name }) => payeeNamed(name, taken, names["place"] ?? {})),
    ];
  };
}

function entitiesOf(kind: string, byValue: Readonly<Record<string, readonly string[]>>): readonly NamedEntity[] {
  return Object.entries(byValue).map(([value, called]) => ({ kind, value, names: [value, ...called] }));
}

/** By their own names and, where one account alone is of that kind, by everyday words for it. */
function accountsNamed(
  accounts: readonly BankAccount[],
  kinds: Readonly<Record<string, readonly string[]>>,
): readonly NamedEntity[] {
  const kindOf = ({ name }: BankAccount): readonly string[] =>
    Object.entries(kinds).find(([kind, words]) =>
      nameTokens(name).some((token) => token === kind || words.includes(token)),
    )?.[1] ?? [];
  const all = accounts.map((account) => ({ account, words: kindOf(account) }));
  return all.map(({ account, words }) => {
    const isOnly = all.filter((one) => one.words === words).length === 1;
    return { kind: "account", value: account.name, names: [account.name, ...(isOnly ? words : [])] };
  });
}

/** `places`: what such a place is called otherwise, as "Musikschule" for a music school. */
type Places = Readonly<Record<string, readonly string[]>>;

/** By their whole names, the parts that no other has, and what no other such place is called. */
function counterpartiesNamed(
  names: readonly string[],
  taken: ReadonlySet<string>,
  places: Places,
): readonly NamedEntity[] {
  return [...ownParts(names, taken)].map(([value, parts]) => ({
    kind: "counterparty",
    value,
    names: [
      value,
      ...parts,
      ...placesIn(value, places).filter((place) =>
        names.every((other) => other === value || !placesIn(other, places).includes(place)),
      ),
    ],
  }));
}

/** Whoever is paid is named by any part of the name, also one that others share: which of them is meant is asked. */
function payeeNamed(value: string, taken: ReadonlySet<string>, places: Places): NamedEntity {
  const own = partsOfName(value).filter((part) => !taken.has(part));
  return { kind: "payee", value, names: [value, ...own, ...placesIn(value, places)] };
}

function placesIn(name: string, places: Places): readonly string[] {
  const words = ` ${nameTokens(name).join(" ")} `;
  return Object.entries(places).flatMap(([place, called]) => (words.includes(` ${place} `) ? called : []));
}
