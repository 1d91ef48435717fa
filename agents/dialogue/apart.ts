/** Several requests for one tool in a message: "frost alerts for Lyon and Grenoble", "2 green and 3 mint teas". */
import type { Dialogue, Frame } from "../../core/dialogue.ts";
import type { Json } from "../../core/json.ts";
import { findEntities } from "../understanding/slots/entities.ts";
import { type Filling, fillSlots } from "../understanding/slots/fill-slots.ts";
import { isWithin } from "../understanding/slots/within.ts";
import { type Clause, smallClausesOf } from "./clauses.ts";
import { holdsCue } from "./cues.ts";
import { stepFor } from "./step-for.ts";
import type { AskedTool, Hearing, Step } from "./step.ts";

type Slots = Frame["slots"];

/** One step for each of them, what is asked for last; undefined where the words are one request, or it is not clear. */
export function apart(hearing: Hearing): readonly Step[] | undefined {
  const { heard, cues, options, frames } = hearing;
  const tool = options.tools.get(heard.tool ?? "");
  if (tool === undefined || tool.isOrder || frames[0]?.asked !== undefined) return undefined;
  if (holdsCue(heard.text, [...cues.replacements, ...cues.rejections])) return undefined;
  const requests = requestsIn(smallClausesOf(heard.text), tool, hearing);
  if (requests === undefined) return undefined;
  const whole = requests.filter((slots) => isWhole(slots, tool));
  const open = requests.filter((slots) => !isWhole(slots, tool));
  if (open.length > 1) return undefined;
  const others = frames.filter((frame) => frame.tool !== tool.name);
  return [...whole, ...open].reduce<readonly Step[]>((steps, slots) => {
    const before: Dialogue = steps.at(-1)?.dialogue ?? others;
    return [...steps, stepFor({ tool: tool.name, slots: { ...heard.given, ...slots }, at: "" }, before, { hearing })];
  }, []);
}

const isWhole = (slots: Slots, tool: AskedTool): boolean =>
  Object.entries(tool.slots).every(([field, { required }]) => !required || field in slots);

/** The values of each request: what only one clause says is said of all of them, but a number of what has effects. */
function requestsIn(clauses: readonly Clause[], tool: AskedTool, hearing: Hearing): readonly Slots[] | undefined {
  if (clauses.length < 2 || cutsValue(clauses, tool, hearing)) return undefined;
  const fillings = clauses.map(({ text }) => fillIn(text, tool, hearing));
  if (fillings.some(({ unfit }) => unfit.length > 0)) return undefined;
  const said = fillings.map(({ slots }) => slots);
  // Of ranked choices one counts, however many are named: "I sent 20, did it arrive?"
  // "Was it paid this month. Last month it was late": what is one value of the whole text is no list.
  const { unfit } = fillIn(hearing.heard.text, tool, hearing);
  const isOne = (field: string): boolean =>
    /^(?:date|period)$/u.test(tool.slots[field]?.entity ?? "") && unfit.every((one) => one.field !== field);
  const isSeveral = (field: string): boolean =>
    tool.slots[field]?.ranked !== true && !isOne(field) && isList(said.flatMap((slots) => valueIn(slots, field)));
  const several = Object.keys(tool.slots).filter(isSeveral);
  const own = said.filter((slots) => several.some((field) => field in slots));
  if (own.length < 2) return undefined;
  const isCount = (field: string): boolean => tool.hasEffects && tool.slots[field]?.entity === "number";
  const loose = said.filter((slots) => !own.includes(slots));
  if (loose.some((slots) => Object.keys(slots).some(isCount))) return undefined;
  const shared = Object.fromEntries(
    said.flatMap((slots) => Object.entries(slots)).filter(([field]) => !several.includes(field) && !isCount(field)),
  );
  const requests = own.map((slots) => ({ ...shared, ...slots }));
  return several.every((field) => requests.every((slots) => field in slots || isCount(field))) ? requests : undefined;
}

const valueIn = (slots: Slots, field: string): readonly Json[] => {
  const { value } = slots[field] ?? {};
  return value === undefined ? [] : [value];
};

/** Values of which none is a part of another: "on the 11th, this year I mean" names one time. */
function isList(values: readonly Json[]): boolean {
  return values.some((one) => values.some((other) => !isWithin(one, other) && !isWithin(other, one)));
}

/** "24, 25 and 26 December": a value that stands in two clauses is no list. */
function cutsValue(
  clauses: readonly Clause[],
  { slots }: AskedTool,
  { heard, options: { entities } }: Hearing,
): boolean {
  const direction = Object.values(slots).some((slot) => slot.direction === "past") ? "past" : entities.direction;
  const values = findEntities(heard.text, { ...entities, direction });
  return clauses.some(({ end }) => values.some((value) => value.start < end && value.end > end));
}

/** Free words in a clause are a name: "if you'd be so good" names no place. */
function fillIn(text: string, tool: AskedTool, { options }: Hearing): Filling {
  const filling = fillSlots(text, tool.reader, { ...options.entities, ...(options.named && { named: options.named }) });
  const isName = ([field, { literal }]: [string, Slots[string]]): boolean =>
    tool.slots[field]?.entity !== "text" || /^\p{Lu}/u.test(literal);
  return { ...filling, slots: Object.fromEntries(Object.entries(filling.slots).filter(isName)) };
}
