/** What kinds of facts a question asks for, and how such facts look in a text. English and German. */

interface Kind {
  readonly asks: RegExp;
  readonly holds: RegExp;
}

const KINDS = {
  price: {
    asks: /(?<!\p{L})(?:costs?|costing|prices?|fees?|expensive|charg(?:es?|ed|ing)|pay for|set (?:me|us) back|rates?|interest|kostet?|kosten|koste|preise?|\p{L}*gebühr\p{L}*|teuer|zinsen|zinssatz|blüht|what do you (?:take|want)|was nehmt|was verlangt)(?!\p{L})|\bhow much\b(?! time)|\bwie ?viel\b(?! (?:zeit|tage|wochen))/iu,
    holds: /[€$£%]|\b(?:free|kostenlos|kostenfrei|gratis)\b/iu,
  },
  time: {
    asks: /(?<!\p{L})(?:how (?:long|fast|quick(?:ly)?|soon|late|far back)|how (?:many|much) (?:seconds|minutes|hours|days|weeks|months|years|time)|when|deadline|(?:last|latest) (?:day|date|moment)|by what (?:time|date|day)|wie (?:lang|lange|schnell|bald)|wie ?viele? (?:tage|wochen|monate|zeit)|wann|\p{L}*frist\p{L}*|welche[mnrs] (?:tag|datum|termin)|stichtag|wie spät|until|solange)(?!\p{L})/iu,
    holds:
      /(?<!\p{L})(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|midnight|at once|immediately|sekunden?|minuten?|stunden?|\p{L}*tage?n?|wochen?|monate?n?|jahre?n?|mitternacht|sofort)(?!\p{L})|\d\d:\d\d|\d{1,2}\.? (?:January|February|March|April|May|June|July|August|September|October|November|December|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember)/iu,
  },
  contact: {
    asks: /(?<!\p{L})(?:who(?:m)? (?:do|can|should|could|would|must|may|to)\b|numbers?|phone|call|ring|e-?mail|contact|reach|direct line|talk to|speak to|an wen|wen (?:kann|soll|muss|darf|ruf)|wer hilft|welche stelle|nummer|\p{L}*telefon\p{L}*|anrufen|ansprechpartner\p{L}*|durchwahl|melden)(?!\p{L})/iu,
    holds: /\+\d[\d ]{6,}\d|\S@\S/u,
  },
  age: {
    asks: /(?<!\p{L})(?:what age|how old|age limit|age|ab \d\d|mit \d\d|at \d\d|before \d\d|vor \d\d|wie alt|alter)(?!\p{L})/iu,
    holds:
      /(?<!\p{L})(?:ages?|years? (?:old|of age)|alter\p{L}*|jahre alt|birthday|geburtstag|(?:before|vor) \d\d)(?!\p{L})/iu,
  },
  amount: {
    asks: /(?<!\p{L})(?:how (?:much|many|high)|most|maximum|minimum|highest|lowest|limit|ceiling|wie ?viele?|wie hoch|höchstens|maximal|mindestens|höchst\p{L}*|\p{L}*limit)(?!\p{L})/iu,
    holds: /\d/u,
  },
} as const satisfies Readonly<Record<string, Kind>>;

/** A kind of fact. */
export type FactKind = keyof typeof KINDS;

const kinds = (["price", "time", "contact", "age", "amount"] as const).map((name) => ({ name, ...KINDS[name] }));

/** The kinds of facts that a question asks for. */
export function factsAsked(question: string): readonly FactKind[] {
  return kinds.flatMap(({ name, asks }) => (asks.test(question) ? [name] : []));
}

/** Whether a text holds a fact of a kind. */
export function holdsFact(kind: FactKind, text: string): boolean {
  return KINDS[kind].holds.test(text);
}

/** A question without the words that ask for a kind of fact. */
export function withoutAsked(question: string): string {
  return kinds.reduce((rest, { asks }) => rest.replaceAll(new RegExp(asks.source, "giu"), " "), question);
}
