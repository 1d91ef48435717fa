import type { Running } from "../../../core/broker/broker.ts";
import { InvalidInputError } from "../../../core/errors.ts";
import { Interaction, type InteractionStore } from "../../../core/store/interactions/index.ts";
import type { Topics } from "../../../core/topics/topics.ts";
import { topicsOf } from "./topics.ts";

const CONCURRENCY = 50;

/**
 * Takes interactions from the four topics into the store. What is stored is acknowledged; what cannot be stored now comes
 * again; what does not fit goes to the dead letters at once. The store knows what it has, so nothing counts twice.
 */
export function startConsuming(topics: Topics, store: Pick<InteractionStore, "add">, bot: string): Running {
  const consumers = topicsOf(bot).map((topic) =>
    topics.consume(
      topic,
      async ({ body }) => {
        const parsed = Interaction.safeParse(body);
        if (!parsed.success) {
          const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
          const where = issues.map(({ path, message }) => `${path}: ${message}`).join("; ");
          throw new InvalidInputError("recommend/invalid-interaction", `An interaction does not fit: ${where}`, issues);
        }
        await store.add([parsed.data]);
      },
      { concurrency: CONCURRENCY },
    ),
  );
  return {
    close: async (graceMs) => {
      await Promise.all(consumers.map(async (consumer) => await consumer.close(graceMs)));
    },
  };
}
