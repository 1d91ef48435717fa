import { heldOutOutOfScope } from "./held-out-out-of-scope.ts";
import { heldOutQuestions } from "./held-out-questions.ts";
import { heldOutRequests } from "./held-out-requests.ts";

/** Sentences for measuring the classifier, by intent. None of them is in the training set. */
export const heldOut = { ...heldOutRequests, ...heldOutQuestions, ...heldOutOutOfScope } as const;
