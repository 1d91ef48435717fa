/** The four roles, filled by rules over a trained intent classifier: no model, no key, no network. */
import { createUnderstanding, type UnderstandingOptions } from "../offline/index.ts";
import { ownWords } from "../../core/language/segments.ts";
import type { CrewState, Roles } from "../roles/contract.ts";
import { analyzeOffline } from "./analyze.ts";
import { respondOffline } from "./respond.ts";
import { selectOffline } from "./select.ts";

/** Creates the roles and trains the classifier (about half a second of CPU). */
export function createOfflineRoles(options: UnderstandingOptions): Roles {
  const understanding = createUnderstanding(options);
  understanding.prepare();
  return {
    model: "offline",
    analyze: async (state, desk) => analyzeOffline(state, desk, understanding),
    select: async (state, desk) => selectOffline(withOwnWords(state), desk),
    respond: async (state, desk) => {
      const draft = respondOffline(withOwnWords(state), desk);
      desk.turn.emit({ type: "delta", text: draft.text });
      return draft;
    },
  };
}

/** What is quoted or pasted was read by the analyzer; from there on the person's own words count. */
function withOwnWords(state: CrewState): CrewState {
  return { ...state, words: state.words.map(ownWords) };
}
