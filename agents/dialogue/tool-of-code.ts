/** Which tool a code alone asks for. Pure. */
import { findEntities } from "../understanding/slots/entities.ts";
import { isSpoken, wordsOf } from "../understanding/slots/words.ts";
import type { AskedTool, Hearing } from "./step.ts";

const MOST_WORDS_BESIDE_A_CODE = 6;

/** A code says by itself which tool is meant: the one that cannot do without. */
export function toolOfCode({ heard, options }: Hearing): AskedTool | undefined {
  const tools = [...options.tools.values()].filter(({ slots }) =>
    Object.values(slots).some(({ entity, required }) => entity === "code" && required),
  );
  const [tool, ...more] = tools;
  const isShort = wordsOf(heard.text).filter(isSpoken).length <= MOST_WORDS_BESIDE_A_CODE;
  if (tool === undefined || more.length > 0 || !isShort || /\?\s*$/u.test(heard.text)) return undefined;
  return findEntities(heard.text, options.entities).some(({ kind }) => kind === "code") ? tool : undefined;
}
