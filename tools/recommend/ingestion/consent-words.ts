import { asksPlainly } from "../../../core/language/plain-requests.ts";

const LEARNING =
  "(?:learn\\w*|(?:my|our|these) (?:chats?|messages|conversations?)|what i write|lern\\w*|chats?|gespräch\\w*|nachrichten)";
const ON = new RegExp(
  `^(?=.*(?:\\b(?:you (?:may|can)|feel free to|i (?:allow|agree|consent)|turn on|switch on|enable|activate|du darfst|sie dürfen|ich (?:willige|erlaube|stimme)|aktivier\\w*|einschalten|schalte?\\b.*\\bein)\\b))(?=.*\\b${LEARNING}\\b)`,
  "iu",
);
const OFF = new RegExp(
  `^(?=.*\\b(?:stop|dont|don['’]t|do not|may not|no longer|never|withdraw|revoke|turn off|switch off|disable|keine\\w*|nicht|nie|hör\\b.*\\bauf|ausschalten|schalte?\\b.*\\baus|widerrufe|deaktivier\\w*)\\b)(?=.*\\b${LEARNING}\\b)`,
  "iu",
);
/** Off is off, however it is said; on is not said by a sentence that denies. */
const NOTHING = /(?!)/u;

/** Nothing else is meant by these: "I do not want to learn about funds" refuses a lesson, not being learned from. */
const REFUSAL = new RegExp(
  "^(?=.*\\b(?:stop|dont|don['’]t|do not|may not|must not|no longer|never|not|opt out|keine\\w*|nicht|nie|hör\\b.*\\bauf)\\b)" +
    "(?=.*\\b(?:learn\\w*(?: \\w+)? from (?:me|my|what i)|track(?:ing)? (?:me|what i)|personali[sz]ed? (?:\\w+ )?(?:recommendations|suggestions|offers)|" +
    "lern\\w*\\b.*\\b(?:von mir|aus mein\\w*|aus dem, was ich)|(?:von mir|aus mein\\w*)\\b.*\\blern\\w*|personalisierte\\w* (?:empfehlung|vorschl)\\w*)\\b)",
  "iu",
);

/** Whether these words refuse being learned from, and can mean nothing else. */
export function refusesLearning(text: string): boolean {
  return asksPlainly(text, REFUSAL, NOTHING);
}

/** Whether the person plainly says that the bot may, or may not, learn from what they say and choose. */
export function saysOfLearning(text: string, allowed: boolean): boolean {
  // "This chat is no longer to be connected" speaks of the link.
  if (/\b(?:connect\w*|link\w*|verbunden|verknüpft)\b/iu.test(text) && !/\blearn|\blern/iu.test(text)) return false;
  return allowed ? asksPlainly(text, ON) : asksPlainly(text, OFF, NOTHING);
}
