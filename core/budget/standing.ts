/** How far today's spending is from its caps. */
import type { BotConfig } from "../bot.ts";
import type { Environment } from "../environment.ts";
import type { InboundEvent } from "../event.ts";
import { dayAt, isoDay } from "../language/civil-date.ts";
import type { Store } from "../store/store.ts";
import type { Cap } from "./policy.ts";

/** Whose spending is counted. */
export const SCOPES = ["user", "chat", "bot"] as const;
export type Scope = (typeof SCOPES)[number];

/** Who spends, and where that is known. */
export interface Spender {
  readonly bot: Pick<BotConfig, "id" | "timeZone" | "policies">;
  readonly event: Pick<InboundEvent, "account" | "chat">;
  /** The person: the same over linked platforms. Asked for where their own spending is looked at. */
  readonly person: () => Promise<string>;
  readonly store: Pick<Store, "usage">;
  readonly environment: Pick<Environment, "clock">;
}

/** What was spent of one cap. */
export interface Standing {
  readonly scope: Scope;
  /** Where the spending is counted. */
  readonly key: string;
  /** From 1 on the cap is spent. */
  readonly share: number;
  /** `limits.budget.user.tokens`. */
  readonly setting: string;
  /** `120 of 100 tokens`. */
  readonly used: string;
}

/**
 * Where the spending of each scope is counted: a person's over all accounts that they linked. A chat keeps its key when it
 * moves; its threads share it.
 */
export async function spendingKey(
  scope: Scope,
  { bot, event, person }: { readonly bot: Pick<BotConfig, "id"> } & Pick<Spender, "event" | "person">,
): Promise<string> {
  const { account, chat } = event;
  switch (scope) {
    case "user":
      return `${spendingPrefix(scope, bot)}:${await person()}`;
    case "chat":
      return `${spendingPrefix(scope, bot)}:${account}:${chat.keptAs ?? chat.id}`;
    case "bot":
      return spendingPrefix(scope, bot);
  }
}

/** What the keys of a bot's people and chats begin with; of the bot itself, the key. */
export function spendingPrefix(scope: Scope, { id }: Pick<BotConfig, "id">): string {
  return `${scope}:${id}`;
}

/** Today in the bot's time zone, `YYYY-MM-DD`. */
export function dayOf({
  bot,
  environment,
}: { readonly bot: Pick<BotConfig, "timeZone"> } & Pick<Spender, "environment">): string {
  return isoDay(dayAt(new Date(environment.clock()), bot.timeZone));
}

/** Where the scopes that are capped stand today. Nothing is asked where nothing is capped. */
export async function standings(spender: Spender, scopes: readonly Scope[] = SCOPES): Promise<readonly Standing[]> {
  const { budget } = spender.bot.policies.limits;
  const found = await Promise.all(
    scopes.map(async (scope) => {
      const cap = budget[scope];
      if (cap === undefined) return undefined;
      const key = await spendingKey(scope, spender);
      const spent = await spender.store.usage.spent(key, dayOf(spender));
      const standing = standingOf(cap, spent);
      return standing && { scope, key, ...standing, setting: `limits.budget.${scope}.${standing.limit}` };
    }),
  );
  return found.filter((one) => one !== undefined);
}

type Spent = Awaited<ReturnType<Store["usage"]["spent"]>>;

/** The limit of a cap that is the nearest to being spent; undefined for a cap without limits. */
export function standingOf({ tokens, dollars }: Cap, spent: Spent) {
  const limits = [
    ...(tokens === undefined
      ? []
      : [{ limit: "tokens", share: spent.tokens / tokens, used: `${spent.tokens} of ${tokens} tokens` } as const]),
    ...(dollars === undefined
      ? []
      : [
          {
            limit: "dollars",
            share: spent.costMicroDollars / (dollars * 1_000_000),
            used: `$${(spent.costMicroDollars / 1_000_000).toFixed(4)} of $${dollars}`,
          } as const,
        ]),
  ];
  return limits.toSorted((a, b) => b.share - a.share)[0];
}
