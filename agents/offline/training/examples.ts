import type { Intent } from "../intents.ts";
import type { Example } from "../linear-classifier.ts";
import { accountRequests } from "./accounts.ts";
import { answers } from "./answers.ts";
import { assistantQuestions } from "./assistant-questions.ts";
import { courtesies } from "./courtesies.ts";
import { memoryRequests } from "./memory.ts";
import { outOfScopeExamples } from "./out-of-scope.ts";
import { bankQuestions } from "./questions-about-the-bank.ts";
import { paymentQuestions } from "./questions-about-payments.ts";
import { productQuestions } from "./questions-about-products.ts";
import { recommendationRequests } from "./recommendations.ts";
import { serviceRequests } from "./service.ts";

const sentences: Readonly<Record<Intent, readonly string[]>> = {
  ...courtesies,
  ...assistantQuestions,
  ...answers,
  ...serviceRequests,
  ...memoryRequests,
  ...accountRequests,
  ...paymentQuestions,
  ...productQuestions,
  ...bankQuestions,
  ...recommendationRequests,
  ...outOfScopeExamples,
};

function isIntent(name: string): name is Intent {
  return Object.hasOwn(sentences, name);
}

/** The hand-written training set of the bank's assistant. */
export const trainingExamples: readonly Example<Intent>[] = Object.entries(sentences).flatMap(([name, texts]) =>
  isIntent(name) ? texts.map((text) => ({ text, label: name })) : [],
);
