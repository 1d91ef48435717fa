/** Which questions stand by themselves, and take nothing over from the one before. */
import type { Filling } from "../understanding/slots/fill-slots.ts";
import { type Cues, holdsCue } from "./cues.ts";
import { timePointedAt } from "./kept.ts";
import type { AskedTool, Hearing } from "./step.ts";
import { wantsToKnow } from "./wants-to-know.ts";

/** "What came in on the 3rd of October?" behind what was paid: what names enough to stand by itself takes nothing over. */
export function isOwnQuestion(
  { slots }: Filling,
  fields: AskedTool["slots"],
  { heard, cues, frames }: Hearing,
): boolean {
  const meant = Object.entries(slots).filter(([field, { value }]) => {
    const { entity, opposites = [] } = fields[field] ?? {};
    const before = frames[0]?.slots[field]?.value;
    return entity !== "choice" || (opposites.length > 0 && before !== undefined && before !== value);
  });
  if (heard.tool === undefined) return false;
  // "How much did I spend in total this year?" is about all there is; "in total?" by itself is not.
  const isWhole = namesAll(heard.text, cues) && !holdsCue(heard.text.replaceAll(timePointedAt, " "), cues.pointers);
  return isWhole || (meant.length >= FIELDS_OF_A_QUESTION && wantsToKnow(heard.text, cues));
}

/** "Show me my last five", "how much on everything": asks for all that is one's own. */
function namesAll(text: string, cues: Cues): boolean {
  const asks = wantsToKnow(text, cues) || LOOKING.test(text);
  return asks && (OWN.test(text) || holdsCue(text, cues.all));
}

const LOOKING = /^\s*(?:please |bitte )?(?:show|list|display|give|get|zeig\p{L}*|liste?|gib|nenn\p{L}*)(?!\p{L})/iu;
const OWN = /(?<!\p{L})(?:my|mine|all|mein\p{L}*|alle\p{L}?)(?!\p{L})/iu;

const FIELDS_OF_A_QUESTION = 2;
