/** Whether somebody may do something: pure, so that every role and call can be tried. */
import type { Owner } from "../../core/http.ts";
import type { Permission } from "../../core/permission.ts";
import type { Denial, Principal, Scope } from "./principal.ts";

/** In the place of a bot, before it is known which one a call is about. */
export const SOME_BOT = Symbol("some bot");

/** How far a permission reaches for this bot; why not, where it does not. */
export function reachOf(
  { grants }: Principal,
  permission: Permission,
  bot: string | undefined | typeof SOME_BOT,
): Scope | Exclude<Denial["reason"], "foreign-object"> {
  const given = grants.filter((grant) => grant.permission === permission);
  if (given.length === 0) return "no-grant";
  // What belongs to no bot belongs to all: a grant for some of them does not reach it.
  const here = given.filter(
    ({ bots }) => bots === "all" || bot === SOME_BOT || (bot !== undefined && bots.includes(bot)),
  );
  if (here.length === 0) return "other-bot";
  return here.some(({ scope }) => scope === "any") ? "any" : "own";
}

/** Whether an object is the caller's: their own, or one whose id alone is the key to it. */
export function isOwn({ userId }: Principal, owner: Owner | undefined): boolean {
  if (owner === undefined) return false;
  if (owner === "bearer") return true;
  return userId === undefined ? owner.byId === true : owner.user === userId;
}

/** The bots with which somebody has a permission for everybody's objects. */
export function botsOf({ grants }: Principal, permission: Permission): "all" | readonly string[] {
  const given = grants.filter((grant) => grant.permission === permission && grant.scope === "any");
  if (given.some(({ bots }) => bots === "all")) return "all";
  return [...new Set(given.flatMap(({ bots }) => bots))];
}
