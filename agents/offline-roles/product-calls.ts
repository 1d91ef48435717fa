/** Calls of the recommender's tools. */
import type { Desk, WantedCall } from "../roles/contract.ts";
import type { Reading } from "./reading.ts";

const COMPARING = /\bcompar(?:e|ing|ison)\b|\bdifferences?\b|\bversus\b|\bvs\b/iu;
const CATEGORIES: readonly (readonly [category: string, words: RegExp])[] = [
  ["card", /\b(?:credit |debit )?cards?\b/iu],
  ["savings", /\bsav(?:ings?|er)\b|\bsave money\b/iu],
  ["deposit", /\b(?:fixed[- ]term )?deposits?\b/iu],
  ["mortgage", /\bmortgages?\b/iu],
  ["loan", /\b(?:loans?|credit line|borrow)\b/iu],
  ["pension", /\b(?:pensions?|retirement)\b/iu],
  ["insurance", /\binsurances?\b|\bcover\b/iu],
  ["fund", /\b(?:funds?|invest(?:ing|ments?)?|shares|stocks)\b/iu],
  ["account", /\b(?:current |bank )?accounts?\b/iu],
];
const SEGMENTS: readonly (readonly [segment: string, words: RegExp])[] = [
  ["student", /\bi(?:'m| am)(?: still)? (?:a |an )?(?:\w+ )?student\b|\bas a student\b/iu],
  ["retired", /\bi(?:'m| am) (?:retired|a pensioner)\b|\bas a pensioner\b/iu],
  ["business", /\bi(?:'m| am) (?:self-employed|a freelancer|an entrepreneur)\b|\bfor my (?:business|company)\b/iu],
  ["family", /\bwe(?:'re| are) a family\b|\bfor (?:my|our) family\b|\bi have (?:\w+ )?(?:kids|children)\b/iu],
];
const CAUTIOUS =
  /\b(?:safe(?:r|ly|st)?|secure|cautious|low(?:er)?[- ]risk|less risk\w*|little risk|no risk|without risk|risk-free)\b/iu;
/** Of 7: deposits and what comes close to them. */
const CAUTIOUS_CLASS = 2;
const MOST_COMPARED = 5;

/** The product call that a request for advice needs. */
export function productCall(request: string, { understood }: Reading, desk: Desk): WantedCall {
  const compared = comparedProducts(request);
  if (compared.length > 1) return { tool: "compare_products", input: { products: compared } };
  const earlier = understood.intent === "explainRecommendation" ? productsNamedBefore(desk) : [];
  if (earlier.length > 0) return { tool: "explain_product", input: { products: pickByPlace(request, earlier) } };
  const told = [request, ...desk.input.memory.map(({ key, value }) => `my ${key} is ${value}. ${value}`)].join("\n");
  const category = CATEGORIES.find(([, words]) => words.test(request))?.[0];
  const segment = SEGMENTS.find(([, words]) => words.test(told))?.[0];
  const age = /\bi(?:'m| am) (\d{1,3})(?: years old)?\b/iu.exec(told)?.[1];
  return {
    tool: "recommend_products",
    input: {
      query: request,
      ...(category !== undefined && { category }),
      ...(segment !== undefined && { segment }),
      ...(age !== undefined && Number(age) <= 120 && { age: Number(age) }),
      ...(CAUTIOUS.test(request) && { highestRisk: CAUTIOUS_CLASS }),
    },
  };
}

/** The names between which a comparison is asked; none where nothing is compared. */
export function comparedProducts(request: string): readonly string[] {
  if (!COMPARING.test(request)) return [];
  const names = request
    .replace(/[?.!]+\s*$/u, "")
    .replace(/^.*?\b(?:compare|comparing|comparison of|differences?(?: is there)? between|between)\b/iu, "")
    .split(/\s+(?:and|with|to|or|versus|vs\.?|against)\s+|\s*,\s*(?:and\s+)?/iu)
    .map((name) => name.replace(/^(?:the|your|a)\s+/iu, "").trim());
  return names.filter((name) => name !== "").slice(0, MOST_COMPARED);
}

/** The product that a question is about, for a catalogue that knows it although no document does. */
export function productAsked(request: string): string | undefined {
  const asked =
    /\b(?:about|is|are|has|have|does|of|for)\s+(?:the|your|a|an)?\s*([\p{L}\p{N}][\p{L}\p{N} '’&-]{2,60})\s*[?.!]*$/iu.exec(
      request,
    )?.[1];
  return asked?.trim();
}

/** Products stand in bold in the assistant's recommendations. */
function productsNamedBefore({ input }: Desk): readonly string[] {
  const last = input.history.findLast(({ role, text }) => role === "assistant" && text.includes("**"));
  return Array.from(last?.text.matchAll(/\*\*([^*\n]{2,80})\*\*/gu) ?? [], ([, name = ""]) => name).slice(
    0,
    MOST_COMPARED,
  );
}

const PLACES = [/\b(?:first|1st)\b/iu, /\b(?:second|2nd)\b/iu, /\b(?:third|3rd)\b/iu];

function pickByPlace(request: string, names: readonly string[]): readonly string[] {
  const place = PLACES.findIndex((words) => words.test(request));
  const named = names.filter((name) => request.toLowerCase().includes(name.toLowerCase()));
  if (named.length > 0) return named;
  const chosen = names[place];
  return chosen === undefined ? names.slice(0, 3) : [chosen];
}
