/**
 * Judges a run afterwards, from what was logged about it, and never from what the system says of itself.
 *
 * Every event carries a token of its own (`chat.number`). A token is *invoked* when the platform hands it in (again),
 * *ok* when the system acknowledged it, *fail* when it was certainly refused, *info* when nobody knows. What was
 * committed is seen where replies are taken out of the outbox, what a person sees at the platform, what was done in
 * the ledger of effects. Order is judged in real time: what was acknowledged before another event of its chat was first
 * handed in comes before it, and so does what got the lower sequence; of all others any order is right.
 */

/** One line of the log of events handed in. */
export interface Operation {
  readonly type: "invoke" | "ok" | "fail" | "info";
  readonly token: string;
  /** Milliseconds on one clock for all operations. */
  readonly at: number;
  /** The place in the conversation that the system named, where it did. */
  readonly sequence?: number;
}

/** A reply as it stood in the outbox. */
export interface Committed {
  readonly token: string;
  readonly entry: string;
  /** Where it stood; unique in its account. */
  readonly position: string;
  /** The event that it answers. */
  readonly eventId: string;
}

/** A message as a person sees it, in the order of the platform. */
export interface Shown {
  readonly token: string;
  readonly key: string;
}

/** Something that a tool did. */
export interface Effect {
  readonly token: string;
  readonly key: string;
}

/** What the store keeps. */
export interface Stored {
  /** Each turn of the history: the event that it answered. */
  readonly turns: readonly string[];
  /** What became of replies, by their entries in the outbox. */
  readonly deliveries: readonly { readonly id: string; readonly outcome: string }[];
}

export interface Evidence {
  readonly operations: readonly Operation[];
  readonly committed: readonly Committed[];
  readonly shown: readonly Shown[];
  readonly effects: readonly Effect[];
  readonly stored: Stored;
  /** Events and replies that the system still keeps after everything healed; negative when it could not be asked. */
  readonly waiting: number;
  /** Tokens that rightly have no reply or effect: dead letters that the experiment wanted. */
  readonly excused: ReadonlySet<string>;
  /** Tokens whose place in their chat rightly changed: they were set aside and put back at the end. */
  readonly reordered: ReadonlySet<string>;
  /** Whether the platform of this token drops a second send with the same key. */
  readonly dropsRepeats: (token: string) => boolean;
}

export interface Report {
  readonly events: number;
  readonly acknowledged: number;
  /** Acknowledged, and never answered. */
  readonly lost: readonly string[];
  /** Handed in until the end, and never acknowledged. */
  readonly neverAccepted: readonly string[];
  /** Answered by more than one entry of the outbox. */
  readonly committedTwice: readonly string[];
  readonly outOfOrder: readonly string[];
  readonly leftWaiting: number;
  /** Effects of one event under more than one key, or of one key more than once. */
  readonly doubleEffects: readonly string[];
  /** Answered, but its tool did nothing. */
  readonly missingEffects: readonly string[];
  /** Answered, and not exactly one turn in the history tells of it. */
  readonly misrecorded: readonly string[];
  /** Replies of which the store does not know what became. */
  readonly untold: readonly string[];
  /** Replies that a person read twice; a fault only where the platform could have dropped the second. */
  readonly visibleDuplicates: readonly string[];
  readonly wrongDuplicates: readonly string[];
  /** Committed, and nobody saw it: honest where it is recorded as unknown, a fault where repeats are dropped. */
  readonly unseen: readonly string[];
  readonly wronglyUnseen: readonly string[];
  /** Answers to events that nobody handed in. */
  readonly invented: readonly string[];
}

/** Applies all rules to the evidence. */
export function check(evidence: Evidence): Report {
  const { operations, committed, shown, effects, excused } = evidence;
  const invoked = new Set(operations.filter(({ type }) => type === "invoke").map(({ token }) => token));
  const acknowledged = new Set(operations.filter(({ type }) => type === "ok").map(({ token }) => token));
  const places = new Map(committed.map((one) => [`${chatOf(one.token)[0]} ${one.position} ${one.entry}`, one]));
  const answers = [...places.values()].toSorted(byPosition);
  const perToken = countBy(answers.map(({ token }) => token));
  const seenTokens = new Set(shown.map(({ token }) => token));
  const required = [...acknowledged].filter((token) => !excused.has(token));
  const effectTokens = new Set(effects.map(({ token }) => token));
  const answered = required.filter((token) => perToken.has(token));
  const unseen = answered.filter((token) => !seenTokens.has(token));
  const ordered = (tokens: readonly { readonly token: string }[]): readonly string[] =>
    inversions(
      tokens.map(({ token }) => token).filter((token) => !evidence.reordered.has(token)),
      operations,
    );
  const turns = turnsOf(answers, evidence.stored);
  const deliveries = countBy(evidence.stored.deliveries.map(({ id }) => id));
  const duplicates = repeated(shown.map(({ token }) => token));
  return {
    events: invoked.size,
    acknowledged: acknowledged.size,
    lost: required.filter((token) => !perToken.has(token)),
    neverAccepted: [...invoked].filter((token) => !acknowledged.has(token)),
    committedTwice: [...perToken].filter(([, count]) => count > 1).map(([token]) => token),
    outOfOrder: [...new Set([...ordered(answers), ...ordered(shown)])],
    leftWaiting: evidence.waiting,
    doubleEffects: [
      ...new Set([...repeated(effects.map(({ token }) => token)), ...repeated(effects.map(({ key }) => key))]),
    ],
    missingEffects: answered.filter((token) => !effectTokens.has(token)),
    misrecorded: answered.filter((token) => turns.get(token) !== 1),
    untold: answers.filter(({ entry }) => deliveries.get(entry) !== 1).map(({ token }) => token),
    visibleDuplicates: duplicates,
    wrongDuplicates: duplicates.filter((token) => evidence.dropsRepeats(token)),
    unseen,
    wronglyUnseen: unseen.filter((token) => evidence.dropsRepeats(token)),
    invented: [...new Set([...perToken.keys(), ...seenTokens])].filter((token) => !invoked.has(token)),
  };
}

/** How many turns the history has of each token. */
function turnsOf(answers: readonly Committed[], { turns }: Stored): ReadonlyMap<string, number> {
  const tokens = new Map(answers.map(({ eventId, token }) => [eventId, token]));
  return countBy(turns.flatMap((eventId) => tokens.get(eventId) ?? []));
}

/** What a report says against the system, one line per rule that is broken. Empty when all hold. */
export function verdict(report: Report): readonly string[] {
  const rules: readonly (readonly [string, readonly string[]])[] = [
    ["acknowledged events lost", report.lost],
    ["events never accepted", report.neverAccepted],
    ["committed twice", report.committedTwice],
    ["out of order", report.outOfOrder],
    ["double effects of tools", report.doubleEffects],
    ["effects missing", report.missingEffects],
    ["not in the history once", report.misrecorded],
    ["replies without a record", report.untold],
    ["seen twice where the platform drops repeats", report.wrongDuplicates],
    ["not seen where a repeat is safe", report.wronglyUnseen],
    ["answers to nothing", report.invented],
  ];
  const broken = rules
    .filter(([, tokens]) => tokens.length > 0)
    .map(([rule, tokens]) => `${tokens.length} ${rule} (${tokens.slice(0, 3).join(", ")})`);
  if (report.leftWaiting === 0) return broken;
  const left = report.leftWaiting < 0 ? "it cannot be told what is" : `${report.leftWaiting} events`;
  return [...broken, `${left} left waiting`];
}

/** Chat and number of a token. */
export function chatOf(token: string): readonly [chat: string, number: number] {
  const dot = token.lastIndexOf(".");
  return [token.slice(0, dot), Number(token.slice(dot + 1))];
}

/** Tokens that come after one of their chat that was certainly handed in later. */
function inversions(order: readonly string[], operations: readonly Operation[]): readonly string[] {
  const known = timesOf(operations);
  const wrong: string[] = [];
  /** Per chat, of what was read so far from the end: the earliest acknowledgement, the lowest sequence. */
  const later = new Map<string, { acknowledged: number; sequence: number }>();
  for (const token of firstOccurrences(order).toReversed()) {
    const [chat] = chatOf(token);
    const { invokedAt = -Infinity, acknowledgedAt = Infinity, sequence } = known.get(token) ?? {};
    const behind = later.get(chat) ?? { acknowledged: Infinity, sequence: Infinity };
    const overtaken = behind.acknowledged < invokedAt || (sequence !== undefined && behind.sequence < sequence);
    if (overtaken) wrong.push(token);
    later.set(chat, {
      acknowledged: Math.min(behind.acknowledged, acknowledgedAt),
      sequence: Math.min(behind.sequence, sequence ?? Infinity),
    });
  }
  return wrong.toReversed();
}

interface Times {
  invokedAt: number;
  acknowledgedAt: number;
  sequence?: number;
}

function timesOf(operations: readonly Operation[]): ReadonlyMap<string, Times> {
  const times = new Map<string, Times>();
  for (const { type, token, at, sequence } of operations) {
    const one = times.get(token) ?? { invokedAt: Infinity, acknowledgedAt: Infinity };
    if (type === "invoke") one.invokedAt = Math.min(one.invokedAt, at);
    if (type === "ok") one.acknowledgedAt = Math.min(one.acknowledgedAt, at);
    if (sequence !== undefined) one.sequence = sequence;
    times.set(token, one);
  }
  return times;
}

function byPosition(left: Committed, right: Committed): number {
  const [leftMajor = 0, leftMinor = 0] = left.position.split("-").map(Number);
  const [rightMajor = 0, rightMinor = 0] = right.position.split("-").map(Number);
  return leftMajor - rightMajor || leftMinor - rightMinor;
}

function countBy(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function repeated(values: readonly string[]): readonly string[] {
  return [...countBy(values)].filter(([, count]) => count > 1).map(([value]) => value);
}

function firstOccurrences(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
