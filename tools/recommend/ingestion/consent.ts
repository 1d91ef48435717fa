/** Whether a bot may learn from what a person does: what the bot's admin set, and what the person said. */
import { z } from "zod";
import type { Clock } from "../../../core/environment.ts";
import type { Values } from "../../../core/store/store.ts";

/** `off`: never. `on`: always, as the admin vouches for. `consented`: from those who said yes. */
export const CaptureSetting = z.enum(["off", "on", "consented"]);
export type CaptureSetting = z.infer<typeof CaptureSetting>;

export interface Consent {
  readonly mayLearnFrom: (person: string) => Promise<boolean>;
  /** True when the person must be asked and has not answered yet. */
  readonly isUnanswered: (person: string) => Promise<boolean>;
  readonly answer: (person: string, allowed: boolean) => Promise<void>;
  readonly forget: (person: string) => Promise<void>;
}

const OWNER = "recommend.consent";
const Answer = z.object({ allowed: z.boolean(), at: z.iso.datetime() });

/** Keeps the answers in the store's values. */
export function createConsent(setting: CaptureSetting, values: Values, clock: Clock): Consent {
  const answerOf = async (person: string): Promise<boolean | undefined> =>
    Answer.safeParse(await values.get(OWNER, person)).data?.allowed;
  return {
    mayLearnFrom: async (person) => setting === "on" || (setting === "consented" && (await answerOf(person)) === true),
    isUnanswered: async (person) => setting === "consented" && (await answerOf(person)) === undefined,
    answer: async (person, allowed) =>
      await values.set(OWNER, person, { allowed, at: new Date(clock()).toISOString() }),
    forget: async (person) => void (await values.remove(OWNER, person)),
  };
}
