/** What a message comes to: a call, a question, or a request that is left. */
import type { Dialogue, Frame } from "../../core/dialogue.ts";
import type { NamedEntity, Slot } from "../../core/teaching.ts";
import type { Mentioning } from "../../core/language/mentions.ts";
import { literal as shown } from "../../core/markdown/index.ts";
import type { EntityOptions } from "../understanding/slots/entities.ts";
import type { SlotReader } from "../understanding/slots/fill-slots.ts";
import type { Betweens } from "./between.ts";
import type { Cues } from "./cues.ts";
import { plainValue } from "./shown-value.ts";

/** A tool that can be asked for in words. */
export interface AskedTool {
  readonly name: string;
  readonly slots: Readonly<Record<string, Slot>>;
  readonly reader: SlotReader;
  /** Whether a call may have to be confirmed. */
  readonly hasEffects: boolean;
  /** Whether it is read word by word: it has effects with values that must not be guessed. */
  readonly isOrder: boolean;
  /** The words that stand before the values of a field. */
  readonly leads: Readonly<Record<string, ReadonlySet<string>>>;
  readonly betweens: Betweens;
  /** Words that change nothing beside a request for it. */
  readonly harmless: ReadonlySet<string>;
  /** What tells whether it is only spoken of. */
  readonly mentioning: Mentioning;
  /** The words that requests for it begin with. */
  readonly firsts: ReadonlySet<string>;
  /** What it does, behind "I can …". */
  readonly title: (language: string) => string;
  /** The question for a field, with what is known of the others. */
  readonly ask: (field: string, language: string, known: Frame["slots"]) => string;
}

/** The newest words, as they were understood by themselves. */
export interface Heard {
  readonly text: string;
  readonly language: string;
  /** The tool that they ask for; left out where they ask for none. */
  readonly tool?: string | undefined;
  /** Whether that is hardly in doubt. */
  readonly isSure?: boolean;
  /** What the configuration fills in besides the words. */
  readonly given?: Frame["slots"] | undefined;
  /** How the configuration says that it is asked for. */
  readonly examples?: readonly string[] | undefined;
  /** What the bot said last. */
  readonly answer?: string | undefined;
  /** Whether they name another value for what waits to be confirmed. */
  readonly changesWaiting?: true;
  /** Whether they sound like something around a request rather than like one: "don't put me through". */
  readonly isAround?: boolean;
  /** True where they surely are something else: a greeting, thanks, a question to documents. */
  readonly isOther: boolean;
}

export interface DialogueOptions {
  readonly tools: ReadonlyMap<string, AskedTool>;
  readonly entities: EntityOptions;
  /** What the tool packs know of this person. */
  readonly named?: readonly NamedEntity[];
}

/** What is to be done. In each case `dialogue` is where the requests stand then. */
export type Step =
  | { readonly kind: "call"; readonly frame: Frame; readonly dialogue: Dialogue }
  | {
      readonly kind: "ask";
      readonly field: string;
      readonly text: string;
      /** What may be answered, where there are several, in the person's way to write it. */
      readonly choices?: readonly string[];
      /** Whether it is asked because what was answered is not known. */
      readonly isUnknown?: true;
      readonly dialogue: Dialogue;
    }
  | { readonly kind: "dropped"; readonly text: string; readonly dialogue: Dialogue };

/** A message in its dialogue. */
export interface Hearing {
  readonly heard: Heard;
  readonly cues: Cues;
  readonly options: DialogueOptions;
  /** Requests that still count, the newest first. */
  readonly frames: Dialogue;
}

const MOST_FRAMES = 6;

/** The requests with the newest one in front. */
export function dialogueWith(newest: Frame, others: Dialogue): Dialogue {
  return [newest, ...others].slice(0, MOST_FRAMES);
}

/** The request, touched by these words. */
export function touched(frame: Frame, { options }: Hearing): Frame {
  return { ...frame, at: options.entities.now.toISOString() };
}

interface Asking {
  readonly hearing: Hearing;
  /** What is said before the question, with `{ask}` for the question and what `said` has. */
  readonly sentence?: string;
  readonly said?: Readonly<Record<string, string>>;
  /** What was answered is not known. */
  readonly isUnknown?: boolean;
}

const LONGEST_SHOWN = 60;

/** Asks for the field that the request has as `asked`. */
export function ask(
  asking: Frame,
  others: Dialogue,
  { hearing, sentence = "{ask}", said = {}, isUnknown }: Asking,
): Step {
  const { options, heard } = hearing;
  const frame = isUnknown === true ? withKnown(asking, options) : asking;
  const field = frame.asked ?? "";
  const question = options.tools.get(frame.tool)?.ask(field, heard.language, frame.slots) ?? "";
  const words: Readonly<Record<string, string>> = { ...said, ask: question };
  const text = sentence.replaceAll(/\{(\w+)\}/gu, (_, name: string) => words[name] ?? "");
  const { offered = [] } = frame;
  const choices = offered.length > 1 ? { choices: offered.map((one) => plainValue(one, heard.language)) } : {};
  const dialogue = dialogueWith(touched(frame, hearing), others);
  return { kind: "ask", field, text, ...choices, ...(isUnknown === true && { isUnknown }), dialogue };
}

/** Whoever named two that are not known is offered those that are. */
const OFFERED_FROM = 2;
const MOST_OFFERED = 10;

function withKnown(frame: Frame, { tools, named = [] }: DialogueOptions): Frame {
  const unknown = (frame.unknown ?? 0) + 1;
  const kind = tools.get(frame.tool)?.slots[frame.asked ?? ""]?.entity;
  const known = [...new Set(named.flatMap((one) => (one.kind === kind ? [one.value] : [])))].slice(0, MOST_OFFERED);
  const isOffered = frame.offered === undefined && unknown >= OFFERED_FROM && known.length > 1;
  return { ...frame, unknown, ...(isOffered && { offered: known }) };
}

/** Words of the person as they are repeated to them. */
export function repeated(words: string): string {
  return shown(words.trim().slice(0, LONGEST_SHOWN));
}
