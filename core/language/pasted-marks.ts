/** By what people's pasted and reported words are told from their own. English and German. */

const HEADER = "(?:from|to|cc|bcc|sent|date|subject|reply-to|von|an|gesendet|datum|betreff|antwort an)[ \\t]*:[^\\n]*";
const SENDER = "(?:from|von)[ \\t]*:[^\\n]*";
const MAIL_ONLY = "(?:sent|date|subject|gesendet|datum|betreff)[ \\t]*:";
const TIME = "\\d{1,2}:\\d{2}(?::\\d{2})?(?:[ \\u202f]?[ap]\\.?m\\.?)?";
const DAY = "\\d{1,4}[./-]\\d{1,2}[./-]\\d{1,4}";

/** Blocks that are somebody else's as a whole. Those that end with `[^]*` go to the end of the text. */
export const patternsOfPastes: readonly { readonly kind: "quoted" | "pasted"; readonly pattern: RegExp }[] = [
  // A fence, to its end or, where it is never closed, to the end.
  { kind: "pasted", pattern: /(```|~~~)[^]*?(?:\1|$(?![^]))/gu },
  // Discord's quote of everything that follows.
  { kind: "quoted", pattern: /^[ \t]{0,3}>>> [^]*/gmu },
  { kind: "quoted", pattern: /(?:^[ \t]{0,3}>[^\n]*(?:\n|$))+/gmu },
  // A mail: its sender, more header lines, and one that only mails have.
  {
    kind: "pasted",
    pattern: new RegExp(`^[ \\t*]*${SENDER}\\n(?=(?:[ \\t*]*${HEADER}\\n)*?[ \\t*]*${MAIL_ONLY})[^]*`, "gimu"),
  },
  {
    kind: "pasted",
    pattern: new RegExp(`^[ \\t*]*${MAIL_ONLY}[^\\n]*\\n(?=(?:[ \\t*]*${HEADER}\\n)*?[ \\t*]*${SENDER})[^]*`, "gimu"),
  },
  { kind: "pasted", pattern: /^[ \t]*(?:subject|betreff)[ \t]*:[^\n]*\n\s*\n[^]*/gimu },
  {
    kind: "pasted",
    pattern:
      /^[ \t]*-{2,}[ \t]*(?:original message|forwarded message|ursprüngliche nachricht|originalnachricht|weitergeleitete nachricht)[^]*/gimu,
  },
  {
    kind: "pasted",
    pattern:
      /^[ \t]*[[(]?(?:begin forwarded message|forwarded message|forwarded from|anfang der weitergeleiteten (?:nachricht|e-mail)|weitergeleitet von|weitergeleitete nachricht)\b[^]*/gimu,
  },
  { kind: "pasted", pattern: /^[ \t]*(?:fwd?|wg|forwarded|weitergeleitet)[ \t]*:[^]*/gimu },
  // "On Mon, 4 May 2026, Ben wrote:" above an answered mail.
  {
    kind: "pasted",
    pattern: /^[ \t]*(?:on|am)\b[^\n]{0,120}\d[^\n]{0,120}\b(?:wrote|schrieb)\b[^\n]{0,120}:[ \t]*\n(?!\s*>)[^]*/gimu,
  },
  // Lines copied from a chat.
  {
    kind: "pasted",
    pattern: new RegExp(`^[ \\t]*\\[?${DAY},? ${TIME}\\]?[ \\t]*[-–—]?[ \\t]*[^\\n:]{1,60}:[^]*`, "gimu"),
  },
  { kind: "pasted", pattern: new RegExp(`^[ \\t]*\\[${TIME}\\][ \\t]*[^\\n:]{1,60}:[^]*`, "gimu") },
  { kind: "pasted", pattern: new RegExp(`^[^\\n,]{1,60}, \\[${DAY},? ${TIME}\\][^]*`, "gimu") },
  {
    kind: "pasted",
    pattern: new RegExp(
      `^\\p{L}[^\\n:]{0,60}(?: {2}| [—–-] )(?:(?:today|yesterday|heute|gestern)[^\\n]{0,10})?${TIME}[ \\t]*\\n[^]*`,
      "gimu",
    ),
  },
];

const SPEAKING =
  "wrote|writes|written|said|says|texted|texts|messaged|posted|asked|asks|replied|replies|answered|claims|claimed|emailed|mailed|tells|told(?: me| us| him| her| them)?|sent(?: me| us)?|reads|schrieb|schreibt|geschrieben|sagte|sagt|gesagt|meinte|meint|fragte|fragt|antwortete|antwortet|behauptet|behauptete|geschickt|gemailt|lautet|steht(?: da| dort| drin)?";
const TAIL = "(?:[ \\t]+[\\p{L}\\p{N}'’-]+){0,4}";
const MATTER = "message|e-?mail|mail|text|sms|letter|invoice|chat|nachricht|brief|schreiben|rechnung";

/** A subject that speaks of themselves reports nobody else: "I said:". */
const NOT_MYSELF =
  "(?<!\\b(?:i|we|ich|wir|i've|i have|we have|habe|haben)(?:[ \\t]+(?:just|already|only|also|gerade|schon|nur|auch))?[ \\t]+)";

/** Announces others' words: "he wrote:", "Ben sagte, …:", "message from my bank:", "I got this:". */
export const reportedSpeech = new RegExp(
  [
    `${NOT_MYSELF}\\b(?:${SPEAKING})${TAIL}[ \\t]*(?::|,?(?=[ \\t]*[“„”«»‹›「『"'‘‚]))`,
    `\\b(?:${MATTER})[ \\t]+(?:from|by|of|von|vom)[ \\t]+[^\\n:.!?]{1,60}:`,
    `\\b(?:got|received|bekam|erhielt|bekommen|erhalten)\\b${TAIL}[ \\t]*:`,
    `\\b(?:quote|zitat)[ \\t]*:`,
  ].join("|"),
  "giu",
);

/** Behind a quotation, whose it is: "… said Emre", "… she wrote", "… is what the mail says". */
export const attribution = new RegExp(
  `^[,.!]?\\s+(?:(?:is|was|ist|war)\\s+(?:what|was)\\s+)?(?:(?!(?:i|we|ich|wir)\\b)[\\p{L}'’]+\\s+){0,4}?(?:${SPEAKING})(?!\\p{L})`,
  "iu",
);
