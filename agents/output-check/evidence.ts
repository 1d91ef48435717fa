/** What an answer may rest on: the only place that figures, claims and links of a model may come from. */
export interface Evidence {
  /** The person's words, tool results and passages, as text. */
  readonly said: readonly string[];
  /** The bot's own earlier answers, which were checked when they were given. */
  readonly answered: readonly string[];
  /** Values of tool results: amounts in minor units and shares of one are read as they are said. */
  readonly values: readonly unknown[];
  /** Tools with effects that did something in this turn: names and what they are for, in lower case. */
  readonly executed: readonly string[];
  /** Names of the other tools that gave something. */
  readonly called: readonly string[];
  /** Results that tell of what happened earlier to the person's own things. */
  readonly reports: readonly string[];
  /** Whether something was remembered or forgotten in this turn. */
  readonly isRemembered: boolean;
  /** Hosts that may be linked to. */
  readonly hosts: ReadonlySet<string>;
}

/** An answer that may rest on nothing. */
export const NO_EVIDENCE: Evidence = {
  said: [],
  answered: [],
  values: [],
  executed: [],
  called: [],
  reports: [],
  isRemembered: false,
  hosts: new Set(),
};
