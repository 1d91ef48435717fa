/** What a model wrote is checked by code before anybody reads it. */
export { checkAnswer, type AnswerCheck, type Fault } from "./check-answer.ts";
export { type Evidence, NO_EVIDENCE } from "./evidence.ts";
export { sentencesOf } from "./sentences.ts";
export { withoutCode } from "./code.ts";
