import type { AdapterContext } from "../../adapter.ts";
import { describeError } from "../../adapter.ts";
import { SentPoll } from "./update.ts";

/** What votes in the bot's polls mean: a vote names the poll alone. */
export function createPolls({ values, log }: Pick<AdapterContext<unknown>, "values" | "log">) {
  const known = new Map<string, SentPoll>();
  return {
    remember: async (id: string, poll: SentPoll): Promise<void> => {
      try {
        if (values === undefined) known.set(id, poll);
        else await values.set(`poll:${id}`, poll);
      } catch (thrown) {
        // Votes are understood until this process ends.
        known.set(id, poll);
        log.warn({ error: describeError(thrown) }, "A poll was not stored");
      }
    },
    recall: async (id: string): Promise<SentPoll | undefined> =>
      known.get(id) ??
      SentPoll.optional()
        .catch(undefined)
        .parse(await values?.get(`poll:${id}`)),
  };
}
