/** Questions about bookings that are told by their words, in English and German. Pure. */
import { blanked } from "../../core/language/index.ts";
import type { Understood } from "../offline/index.ts";

const aboutBookings =
  /(?<!\p{L})(?:getankt|verbraten|spen[dt]|spending|paid|bought|purchases?|transactions?|bookings?|booked|expenses?|debits?|charged|payments?|went out|came (?:in|out)|ausgegeben|ausgaben?|umsätze?|buchung(?:en)?|abbuchung(?:en)?|abgebucht|abgegangen|gebucht|bezahlt|gezahlt|gekostet|eingegangen|zahlungen|kontobewegungen|gesamtausgaben|runter|gelassen)(?!\p{L})|(?<!\p{L})(?:ging|gingen|geht|kam|gehen)(?!\p{L}).*(?<!\p{L})(?:weg|ab|raus|runter|rein)(?!\p{L})/iu;
/** Words that products and fees are asked about with, too: they tell something only beside a day or period. */
const perhapsBookings =
  /(?<!\p{L})(?:how much|how often|wie ?viel|wie oft|merchants?|konto|costs?|total|\p{L}*kosten)(?!\p{L})/iu;
/** What has a word about payments in it, and asks the documents. */
const aboutRules =
  /(?<!\p{L})(?:how long|how do i|how can i|can i|may i|why|limit|fee for|what does an?|what is an?|wie lange|wie kann ich|kann ich|darf ich|warum|gebühr für|was kostet ein)(?!\p{L})/iu;
/** Intents that nothing here takes over, where the classifier is sure. */
const kept: ReadonlySet<string> = new Set([
  "goodbye",
  "greet",
  "thanks",
  "rememberFact",
  "forgetFact",
  "confirm",
  "cancel",
]);
const SURE = 0.85;
const MOST_OTHER_WORDS = 2;

/** Whether a text has words about bookings in it. */
export function isAboutBookings(text: string): boolean {
  return aboutBookings.test(text) || perhapsBookings.test(text) || text.includes("?");
}

/** The message as a question about bookings, where its words say so or where it is hardly more than a time. */
export function asBookings(text: string, understood: Understood): Understood {
  const { intent, time, confidence } = understood;
  const spans = [...time.periods, ...time.unread];
  if (intent === "transactions" || spans.length === 0 || aboutRules.test(text)) return understood;
  const others = (blanked(text, spans).match(/\p{L}{3,}/gu) ?? []).length;
  const isKept = kept.has(intent) && confidence > SURE && others > 0;
  if (isKept || !asksForBookings(text, understood, others)) return understood;
  return { ...understood, intent: "transactions", route: "account", confidence: Math.max(confidence, 0.8) };
}

function asksForBookings(text: string, understood: Understood, others: number): boolean {
  const { time, order } = understood;
  if (aboutBookings.test(text)) return true;
  if (time.periods.length === 0) return false;
  const isOrder = order.sums.some(({ currencyGiven }) => currencyGiven);
  return perhapsBookings.test(text) || (!isOrder && isOnlyTime(others, understood));
}

function isOnlyTime(others: number, { intent, confidence }: Understood): boolean {
  return others === 0 || (others <= MOST_OTHER_WORDS && (intent === "outOfScope" || confidence < SURE));
}
