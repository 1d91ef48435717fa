/** What plainly asks to remember or to forget. */
import { asksPlainly } from "./plain-requests.ts";

const REMEMBER =
  /\b(?:rem+e?m?ber[ :](?!when\b)|keep in mind|bear in mind|make a note|take note|note (?:down|that)|don['’]?t forget(?= ?[,:]? ?(?:that|i\b|i['’]m|we\b|my (?:\w+ ){1,3}(?:is|are)\b))|for the record|just so you know|so you know|fyi|you should know|from now on|save (?:this|that)|store (?:this|that)|(?:jot|write|put) (?:it |that |this )?down(?= ?[,:]? ?(?:that|i\b|i['’]m|we\b|my\b))|(?:keep|make|take|leave) (?:yourself )?a (?:little |quick |short )?(?:note|memo)|(?:keep|have) (?:it |that |this )?(?:on file|in memory|at the back of your mind)|merke?n? (?:dir|sie sich|wir)|merk dir|behalte?\b.*\bim kopf|vergiss nicht(?= ?[,:]? ?(?:dass|ich|wir|mein\w* (?:\w+ ){1,3}(?:ist|sind)\b))|für später merken|notier\w*|(?<!\bsoll\w* )(?:dir|euch|ihnen|sich)\b(?!.{0,30}\b(?:etwas|was|sowas|alles|nichts|überhaupt|dinge|sachen)\b).{0,40}\b(?:merken|behalten|notieren|aufschreiben|vormerken|einprägen)\b|schreib\w* (?:dir|es dir|das|sie sich)\b.{0,20}\bauf\b|präg dir\b|hinter(?:leg|m Ohr)\w*)/iu;
const NOTED = "notes?|memos?|memory|reminders?|notiz\\w*|merkzettel\\w*|vermerk\\w*|gemerkte\\w*|notierte\\w*";
/** "Scrap that note", "streich die Notiz": of what was noted, more words say so. */
const FORGET = new RegExp(
  `\\b(?:forget|frget|erase|delete|wipe|clear|remove|vergiss|vergessen|lösch\\w*|vergessen sie|dass (?:du|sie)\\b.{0,40}\\b(?:vergisst|vergessen)|(?:scrap|drop|bin|discard|undo|strike|cancel|ditch|scratch|streich\\w*|verwirf|entfern\\w*)\\b.{0,20}\\b(?:${NOTED}))\\b`,
  "iu",
);
const MEMORY = "remember|store|save|keep|note|merk\\p{L}*|speicher\\p{L}*|behalt\\p{L}*|notier\\p{L}*";
const NOT_FORGET = /(?<!\p{L})(?:don['’]?t forget|vergiss nicht|nicht vergessen)(?!\p{L})/giu;
/** Asks for the contrary, or speaks of their own memory. */
const KEPT_OUT = new RegExp(
  `(?<!\\p{L})(?:(?:not|never|don['’]?t|no need to|nicht|nichts|kein\\p{L}*)(?!\\p{L}).{0,40}(?<!\\p{L})(?:${MEMORY})|merk\\p{L}*(?: \\p{L}+){0,2} (?:nicht|nichts)|(?:i|we|ich|wir) (?:still |always )?(?:remember|erinnere?|forgot|vergaß))(?!\\p{L})`,
  "iu",
);
const ALL =
  /\b(?:everything|evrything|all (?:the )?(?:things|of it|that)|all you know|your memory|what you (?:know|remember)(?! (?:about|of) (?!me\b))|about me|me$|alles|über mich|mich$|dein gedächtnis)\b/iu;
const FORGET_ALL = new RegExp(
  `^(?=.*${FORGET.source})(?=.*${ALL.source})(?!.*\\bmy (?:accounts?|savings|cards?)\\b)(?!.*\\b(?:from|in|on|off) my (?!data|profile|file|memory|chat|history)\\p{L})(?!.*\\b(?:habe?|hast|hatte)\\b.*\\bvergessen)`,
  "iu",
);

/** "Remember the 40 from last week, was that refunded": a question, with or without its mark. */
const ASKED_BACK = /,\s*(?:was|were|is|are|did|has|have|had) (?:it|that|this|they|i|you|we|he|she)\b/iu;

const CANNOT_REMEMBER = /\b(?:can['’]?t|cannot|kann|do you|not) (?:\w+ ){0,3}(?:remember|merken)\b/iu;

/** Whether the person plainly asks to remember something. */
export function asksToRemember(text: string): boolean {
  if (wantsItNotKept(text) || ASKED_BACK.test(text)) return false;
  // "Don't forget" denies in order to ask; its own negation is part of it.
  return asksPlainly(text, REMEMBER, CANNOT_REMEMBER);
}

/** What stands behind the words that ask to remember: "one more thing: keep in mind that …". */
export function behindRemember(text: string): string | undefined {
  const found = REMEMBER.exec(text);
  const rest =
    found &&
    text
      .slice(found.index + found[0].length)
      .replace(/^(?:[\s,:–-]+|(?:that|dass|this|das|mal|bitte|ich meine)(?!\p{L}))+/iu, "");
  const [sentence = ""] = /^[^?\n]*/u.exec(rest ?? "") ?? [];
  return /\p{L}\P{L}+\p{L}/u.test(sentence) ? sentence : undefined;
}

function wantsItNotKept(text: string): boolean {
  return KEPT_OUT.test(text.replaceAll(NOT_FORGET, ""));
}

/** "My name is Ann", "ich bin Vegetarier": told of oneself, which asks to be known. */
const OF_ONESELF =
  /(?<!\p{L})(?:(?:[mM]y|our|mein\p{L}*|unser\p{L}*) \p{L}[\p{L}'’-]* .*\p{L}|i['’]?m(?!\p{L})|(?:i|we) (?:\p{L}+ly |always |never |also |just )?(?:am|are|was|were|have|had|has|like|love|hate|dislike|prefer|want|need|live|lived|work|worked|study|studied|own|drive|speak|save|earn|get|go|pay|use|eat|drink|play|plan|moved|come|read|listen|travel|follow|support|do|don['’]t|can|can['’]t)(?!\p{L})|call me|(?:i am|i['’]m|everyone) calls? |(?:ich|wir) (?:bin|sind|habe?n?|hatte|heiße|heisse|mag|mögen|liebe|hasse|wohne|lebe|arbeite|studiere|werde|bekomme|kriege|ziehe|gehe|reise|lerne|suche|zahle|kaufe|heirate|beziehe|erwarte|esse|trinke|spreche|spare|verdiene|fahre|plane|bevorzuge|brauche|will|möchte|kann)(?!\p{L}))/iu;
const QUESTION_FIRST = /^\s*(?:ist|sind|bin|war|hat|habe|is|are|was|were|am|has|have|do|does|did)(?!\p{L})/iu;

/** Whether the person tells something of themselves, rather than asking, or asking not to keep it. */
export function tellsOfOneself(text: string): boolean {
  if (wantsItNotKept(text)) return false;
  return asksPlainly(text, OF_ONESELF, QUESTION_FIRST);
}

/** Whether the person plainly asks to forget one thing or all. */
export function asksToForget(text: string): boolean {
  return asksPlainly(text, FORGET);
}

/** Whether the person plainly asks to forget everything: "forget that" does not. */
export function asksToForgetAll(text: string): boolean {
  return asksPlainly(text, FORGET_ALL);
}
