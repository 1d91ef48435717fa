import type { AccountId } from "../conversation-id.ts";

/** The person that a platform user is while not linked to another: `platform:account:user`, the user percent-encoded. */
export function personId(account: AccountId, userId: string): string {
  return `${account}:${encodeURIComponent(userId.replaceAll(/\p{Cs}/gu, "\uFFFD"))}`;
}
