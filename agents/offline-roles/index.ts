/** The four roles, filled by rules over a trained intent classifier: no model, no key, no network. */
import { createUnderstanding, loadIntents, type UnderstandingOptions } from "../offline/index.ts";
import { ownWords } from "../../core/language/segments.ts";
import type { CrewState, Roles } from "../roles/contract.ts";
import { analyzeOffline } from "./analyze.ts";
import { respondOffline } from "./respond.ts";
import { selectOffline } from "./select.ts";

/** Creates the roles with the trained classifier. */
export async function createOfflineRoles(options: UnderstandingOptions): Promise<Roles> {
  const understanding = createUnderstanding(await loadIntents(), options);
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
