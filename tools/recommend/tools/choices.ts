/** Buttons under recommendations, and what happens when one is pressed. No model is asked. */
import { escapeMarkdown } from "../../../core/markdown/index.ts";
import type { Choice, ReplyDraft } from "../../../core/reply.ts";
import type { Product } from "../catalogue/product.ts";
import { sourceOf } from "../catalogue/product-facts.ts";
import type { CallContext } from "../ingestion/capture.ts";
import { refusesLearning } from "../ingestion/consent-words.ts";
import type { Recommendation } from "../service/recommendation.ts";
import { cardsOf } from "./cards.ts";
import { type ChoiceTexts, choiceTexts } from "./choice-texts.ts";
import { idsOf, noteConsent, type ToolParts } from "./parts.ts";
import { cutText } from "../../../core/text/cut.ts";

const ACCEPT = "accept-product:";
const DISMISS = "dismiss-product:";
const LEARN = "learn-from-me:";
const AFTER_DISMISSAL = 3;
const LONGEST_ID = 200;
const LONGEST_LABEL = 80;

/** What can be pressed about these: like or not each of them; and, where it must be asked, whether to learn from it. */
export async function choicesFor(
  recommendations: readonly Recommendation[],
  { person, locale, chatType }: Pick<CallContext, "person" | "locale" | "chatType">,
  { consent }: Pick<ToolParts, "consent">,
): Promise<readonly Choice[]> {
  const texts = choiceTexts(locale);
  const choices = recommendations.flatMap(({ id, name }): readonly Choice[] => [
    { ...choice(`${ACCEPT}${id}`, texts.accept(name)), card: { id, label: texts.acceptThis } },
    { ...choice(`${DISMISS}${id}`, texts.dismiss(name)), card: { id, label: texts.dismissThis } },
  ]);
  const asks = choices.length > 0 && chatType === "direct" && (await consent.isUnanswered(person));
  const question = asks ? [choice(`${LEARN}yes`, texts.mayLearn), choice(`${LEARN}no`, texts.mayNotLearn)] : [];
  return [...choices, ...question].filter(({ id }) => id.length <= LONGEST_ID);
}

function choice(id: string, words: string): Choice {
  return { id, label: cutText(words, LONGEST_LABEL), value: words };
}

/** The answer to one of these buttons; undefined for any other. */
export async function answerChoice(
  { id }: Pick<Choice, "id">,
  context: CallContext,
  parts: ToolParts,
): Promise<ReplyDraft | undefined> {
  const texts = choiceTexts(context.locale);
  if (id === `${LEARN}yes` || id === `${LEARN}no`) return await answerConsent(id === `${LEARN}yes`, context, parts);
  const [answer, prefix] = id.startsWith(ACCEPT) ? (["accepted", ACCEPT] as const) : (["dismissed", DISMISS] as const);
  if (!id.startsWith(prefix)) return undefined;
  const product = parts.catalogue.get(id.slice(prefix.length));
  if (product === undefined) return undefined;
  await parts.capture.note(answer, [product.id], context);
  return answer === "accepted" ? afterAcceptance(product, texts) : await afterDismissal(product, context, parts);
}

/** The answer to a plain refusal to be learned from, which must not wait for a model to notice it. */
export async function answerSaid(
  text: string,
  context: CallContext,
  parts: ToolParts,
): Promise<ReplyDraft | undefined> {
  return refusesLearning(text) ? await answerConsent(false, context, parts) : undefined;
}

async function answerConsent(
  allowed: boolean,
  { person, locale }: CallContext,
  parts: Pick<ToolParts, "consent" | "store">,
): Promise<ReplyDraft> {
  await noteConsent(allowed, person, parts);
  const texts = choiceTexts(locale);
  return { text: allowed ? texts.learns : texts.doesNotLearn, confidence: 1, model: "none" };
}

function afterAcceptance(product: Product, texts: ChoiceTexts): ReplyDraft {
  return {
    text: texts.accepted(escapeMarkdown(product.name)),
    confidence: 1,
    model: "none",
    sources: [sourceOf(product)],
    choices: [choice("more-about-product", texts.more(product.name)), choice("other-products", texts.others)],
  };
}

async function afterDismissal(product: Product, context: CallContext, parts: ToolParts): Promise<ReplyDraft> {
  const { recommender, capture } = parts;
  const texts = choiceTexts(context.locale);
  const { recommendations, modelVersion } = await recommender.forUser(context.person, { limit: AFTER_DISMISSAL });
  await capture.note("shown", idsOf(recommendations), context, modelVersion);
  const others = recommendations.map(({ name }) => escapeMarkdown(name));
  return {
    text: texts.dismissed(escapeMarkdown(product.name), others),
    confidence: 1,
    model: "none",
    ...(recommendations.length > 0 && { cards: cardsOf(recommendations, context.locale) }),
    choices: [...(await choicesFor(recommendations, context, parts))],
  };
}
