/**
 * How a message is answered: by a tool, from documents, by a text that is known beforehand, by a person, by what is
 * remembered, by talk alone, or not at all.
 */
export type Route = "tool" | "documents" | "answer" | "hand-over" | "memory" | "talk" | "foreign";

/** The general requests that are more than talk. */
const MORE_THAN_TALK: Readonly<Record<string, Route>> = {
  hand_over: "hand-over",
  record_complaint: "documents",
  remember_fact: "memory",
  recall_facts: "memory",
  forget_fact: "memory",
  forget_everything: "memory",
  out_of_scope: "foreign",
  other_language: "foreign",
};

/** The route of a request by its label. What a tool pack teaches is looked up, unless its data say how it is answered. */
export function routeOf(label: string): Route {
  const [kind, name] = label.split(":");
  if (name === undefined) return MORE_THAN_TALK[label] ?? "talk";
  return kind === "request" ? "documents" : "tool";
}

/** Routes of messages that want to know or have something: they may carry an earlier question on, or point at others' words. */
export const asksForSomething = (route: Route): boolean =>
  route === "documents" || route === "tool" || route === "foreign";
