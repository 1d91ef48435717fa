/** Whether a bot may learn from what a person does: what the bot's admin set, and what the person said. */
import { z } from "zod";
import type { Clock } from "../../../core/environment.ts";
import type { Json } from "../../../core/json.ts";
import type { Values } from "../../../core/store/store.ts";

/** `off`: never. `on`: from all but those who said no, as the admin vouches for. `consented`: from those who said yes. */
export const CaptureSetting = z.enum(["off", "on", "consented"]);
export type CaptureSetting = z.infer<typeof CaptureSetting>;

export type Consent = ReturnType<typeof createConsent>;

/** Answers are of one bot; earlier versions kept one for all, which says nothing any more and is erased with the rest. */
const SHARED_OWNER = "recommend.consent";
const Answer = z.object({ allowed: z.boolean(), at: z.iso.datetime() });

/** Keeps the answers in the store's values. */
export function createConsent(bot: string, setting: CaptureSetting, values: Values, clock: Clock) {
  const owner = `${SHARED_OWNER}.${bot}`;
  const answerOf = async (person: string): Promise<boolean | undefined> =>
    Answer.safeParse(await values.get(owner, person)).data?.allowed;
  return {
    mayLearnFrom: async (person: string): Promise<boolean> => {
      if (setting === "off") return false;
      const answer = await answerOf(person);
      return setting === "on" ? answer !== false : answer === true;
    },
    /** True when the person must be asked and has not answered yet. */
    isUnanswered: async (person: string): Promise<boolean> =>
      setting === "consented" && (await answerOf(person)) === undefined,
    answer: async (person: string, allowed: boolean): Promise<void> =>
      await values.set(owner, person, { allowed, at: new Date(clock()).toISOString() }),
    /** What they answered, and when. */
    kept: async (person: string): Promise<Json | undefined> => await values.get(owner, person),
    forget: async (person: string): Promise<void> => {
      for (const one of [owner, SHARED_OWNER]) await values.remove(one, person);
    },
  };
}
