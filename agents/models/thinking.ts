/** The settings a user chooses, before they are fitted to a model. */
interface Choice {
  readonly model: string;
  readonly thinking: "adaptive" | "least";
  readonly effort: "low" | "medium" | "high" | "xhigh" | "max";
}

type Effort = Choice["effort"];

/** What each generation takes as its lowest thinking setting; others think always and obey effort alone. */
const leastThinking: readonly { readonly prefix: string; readonly type: "disabled" | "between_tools" }[] = [
  { prefix: "claude-haiku-5-5", type: "disabled" },
  { prefix: "claude-sonnet-5-5", type: "between_tools" },
  { prefix: "claude-sonnet-5", type: "disabled" },
  { prefix: "claude-haiku-4", type: "disabled" },
];

/** Models from before effort and adaptive thinking; they refuse both parameters. */
const withoutEffort = /^claude-(3|haiku-4|sonnet-4-[05]|opus-4-[015])/;

/** Thinking that is shown while it happens is how a model that thinks for long differs from one that hangs. */
type Thinking =
  | { readonly type: "adaptive"; readonly display: "summarized" }
  | { readonly type: "disabled" | "between_tools" };

/** The request's `thinking` and effort for a model, so that no combination is sent that the API refuses. */
export function fitThinking({ model, thinking, effort }: Choice): {
  readonly thinking: Thinking;
  readonly effort: Effort | undefined;
} {
  if (withoutEffort.test(model)) return { thinking: { type: "disabled" }, effort: undefined };
  const least = leastThinking.find(({ prefix }) => model.startsWith(prefix));
  const allowed = effort !== "xhigh" && effort !== "max";
  const type = thinking === "least" && allowed && least !== undefined ? least.type : "adaptive";
  return { thinking: type === "adaptive" ? { type, display: "summarized" } : { type }, effort };
}
