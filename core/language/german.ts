/** German, as data. */
import type { DateWord, Vocabulary } from "./word.ts";
import { dateWordsOf, words } from "./word-list.ts";

const cardinals =
  "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig einundzwanzig zweiundzwanzig dreiundzwanzig vierundzwanzig fünfundzwanzig sechsundzwanzig siebenundzwanzig achtundzwanzig neunundzwanzig dreißig einunddreißig".split(
    " ",
  );
const irregular: ReadonlyMap<number, string> = new Map([
  [1, "erst"],
  [3, "dritt"],
  [7, "siebt"],
  [8, "acht"],
]);

function ordinalForms(word: string, value: number): string {
  const stem = irregular.get(value) ?? `${word}${value < 20 ? "t" : "st"}`;
  return ["e", "er", "en", "es", "em", "n"].map((ending) => stem + ending).join(" ");
}

function inflected(stems: string): string {
  return stems
    .split(" ")
    .flatMap((stem) => ["e", "er", "en", "es", "em"].map((ending) => stem + ending))
    .join(" ");
}

const months = [
  "januar jan jänner januars",
  "februar feb feber februars",
  "märz mär maerz mrz",
  "april apr aprils",
  "mai mais",
  "juni jun junis",
  "juli jul julis",
  "august aug augusts",
  "september sep sept septembers",
  "oktober okt oktobers",
  "november nov novembers",
  "dezember dez dezembers",
];

const dateWords: ReadonlyMap<string, DateWord> = dateWordsOf([
  ...months.map((names, index) => words(names, { month: index + 1 })),
  ...months.map((names, index) => words(`${names.split(" ")[0] ?? ""}hälfte`, { month: index + 1, half: "half" })),
  ...months.map((names, index) => words(`${names.split(" ")[0] ?? ""}woche`, { month: index + 1, half: "week" })),
  words("neujahr", { feast: { month: 1, day: 1 } }),
  words("heiligabend", { feast: { month: 12, day: 24 } }),
  words("weihnachten", { feast: { month: 12, day: 24, days: 3 } }),
  words("silvester", { feast: { month: 12, day: 31 } }),
  words("vormonat vormonats", { offset: -1, whole: "month" }),
  words("vorwoche", { offset: -1, whole: "week" }),
  words("vorjahr vorjahres", { offset: -1, whole: "year" }),
  words("heuer", { offset: 0, whole: "year" }),
  words("jahresanfang jahresbeginn", { edge: "start", whole: "year" }),
  words("monatsanfang monatsbeginn", { edge: "start", whole: "month" }),
  words("wochenanfang wochenbeginn", { edge: "start", whole: "week" }),
  ...[
    "montag montags- mo",
    "dienstag di",
    "mittwoch mi",
    "donnerstag do",
    "freitag fr",
    "samstag sonnabend sa",
    "sonntag so-",
  ].map((names, index) => words(names, { weekday: index })),
  words("montags dienstags mittwochs donnerstags freitags samstags sonntags wochenenden", { unread: "not-understood" }),
  ...cardinals.map((word, index) => words(word, { number: index + 1 })),
  ...cardinals.map((word, index) => words(ordinalForms(word, index + 1), { ordinal: index + 1 })),
  words("dreissig", { number: 30 }),
  words("fuenf", { number: 5 }),
  words("zwoelf", { number: 12 }),
  words("vierzig", { number: 40 }),
  words("fünfzig", { number: 50 }),
  words("sechzig", { number: 60 }),
  words("neunzig", { number: 90 }),
  words("ein eine einer einem einen", { number: 1, role: ["article"] }),
  words("tag tage tagen tages tags", { unit: "day" }),
  words("woche wochen", { unit: "week" }),
  words("monat monate monaten monats", { unit: "month" }),
  words("quartal quartale quartalen quartals", { unit: "quarter" }),
  words("jahr jahre jahren jahres jahrs", { unit: "year" }),
  words("halbjahr halbjahres halbjahrs", { half: "half-year" }),
  words("hälfte halbe halben halbes", { half: "half" }),
  words("heut heute heutige heutigen heutiger", { relative: 0 }),
  words("gestern gestrige gestrigen", { relative: -1 }),
  words("vorgestern", { relative: -2 }),
  words("morgen", { relative: 1 }),
  words("übermorgen", { relative: 2 }),
  words("jetzt jetz dato", { role: ["now"] }),
  words(`${inflected("dies laufend aktuell")} dises disen diesn lfd`, { offset: 0 }),
  words(inflected("letzt"), { offset: -1, edge: "last" }),
  words(inflected("vergangen vorig"), { offset: -1 }),
  words(inflected("nächst naechst kommend"), { offset: 1 }),
  words(inflected("erst"), { edge: "first" }),
  words("paar", { number: 3 }),
  words("vorletzte vorletzten vorletzter vorletztes", { offset: -2 }),
  words("anfang beginn frühe frühen", { edge: "start" }),
  words("ende", { edge: "end" }),
  words("mitte", { edge: "middle" }),
  words("der die das dem den des ganze ganzen ganzes komplette kompletten volle vollen gesamte gesamten", {
    role: ["article"],
  }),
  words("des der im vom in", { role: ["of"] }),
  words("von", { role: ["from", "of"] }),
  words("vom", { role: ["from"] }),
  words("im am an über übers während innerhalb zum", { role: ["at"] }),
  words("in", { role: ["at", "ahead"] }),
  words("bis", { role: ["to", "strong"] }),
  words("und", { role: ["and"] }),
  words("zwischen", { role: ["between"] }),
  words("seit", { role: ["since", "strong"] }),
  words("ab", { role: ["since"] }),
  words("vor", { role: ["ago-before", "before"] }),
  words("nach", { role: ["after"] }),
  words("her", { role: ["ago"] }),
  words("kw kalenderwoche", { role: ["week-number", "strong"] }),
  words("wochenende", { role: ["weekend"] }),
  words(
    "morgens mittags nachmittag nachmittags abend abends nacht nachts vormittag vormittags früh uhr stunde stunden minute minuten mittag",
    { unread: "time-of-day" },
  ),
  words(
    "ostern osterferien ostersonntag ostermontag karfreitag pfingsten pfingstmontag pfingstsonntag himmelfahrt fronleichnam weihnachtstag fasching karneval advent ferien sommer winter frühling frühjahr herbst neulich kürzlich letztens zuletzt früher damals einst geschäftsjahr zahltag",
    { unread: "not-understood" },
  ),
]);

export const german: Vocabulary = {
  dateWords,
  doubts: {
    percent: /%|(?<!\p{L})prozent/giu,
    relative:
      /(?<!\p{L})(?:alles|ganze[sn]?|gesamte[sn]?|komplette[sn]?|restliche[sn]?|rest|hälfte|halbe[rsn]?|drittel|viertel|(?<!(?:im|ins) )(?:minus|plus)|zzgl\.?|zuzüglich|abzüglich|weniger|mehr(?! als)|bis auf|außer|ausser|übrige[sn]?|so viel|soviel|noch mal so viel|aufgerundet|runde(?= \d)|zusätzlich|bisschen|etwas|paar)(?!\p{L})/giu,
    multiple:
      /(?<!\p{L})(?:je(?:weils)?|pro|doppelte?[sn]?|zweimal|dreimal|viermal|fünfmal|zehnmal|dutzend|verdoppel\p{L}*|beiden?)(?!\p{L})|(?:\d|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|paar) ?mal(?!\p{L})|\d ?[x×*✕✖] ?\d/giu,
    cap: /(?<!\p{L})(?:höchstens|maximal|max\.?(?= \d)|mindestens|minimal|wenigstens|nicht (?:mehr|weniger) als|bis zu|allerhöchstens|limit|unter(?= [€$£]?\d)|(?<!(?:rechnung|überweisung|zahlung|auftrag|beleg|spende|beitrag)(?!\p{L})[^.,;]{0,40} )über(?= [€$£]?\d)|mehr als|weniger als)(?!\p{L})/giu,
    range: /(?<!\p{L})(?:zwischen|oder)(?!\p{L})|\d ?bis ?\d/giu,
    approximate:
      /(?<!\p{L})(?:etwa|ungefähr|circa|ca|rund|knapp|gut(?= [€$£]?\d)|fast|zirka|so um die|schätzungsweise|um die)(?!\p{L})|~|≈/giu,
    several: /(?<!\p{L})(?:äh|ach nee|nein warte|ich meine|doch lieber|statt|sondern|korrektur)(?!\p{L})/giu,
    condition:
      /(?<!\p{L})(?:wenn(?! (?:möglich|du magst|du kannst|es geht|es dir|sie (?:so|möchten|können)|du so|ja,? (?:wie|was|wann|wo)(?!\p{L})))|falls(?! möglich)|sofern|sobald|solange|vorausgesetzt|außer wenn|es sei denn|angenommen|je nachdem|ob|nur dann|erst wenn|nachdem|bevor)(?!\p{L})/giu,
    repeat:
      /(?<!\p{L}|(?<!\p{L})w(?:ie|ia|i) )(?:jede[nrsm]?|täglich\p{L}*|wöchentlich\p{L}*|monatlich\p{L}*|jährlich\p{L}*|vierteljährlich\p{L}*|dauerauftrag|regelmäßig\p{L}*|immer|wiederkehrend\p{L}*|automatisch|ab jetzt|ab sofort|im monat|pro (?:tag|woche|monat|jahr)|die woche|montags|dienstags|mittwochs|donnerstags|freitags|samstags|sonntags|lastschrift)(?!\p{L})/giu,
    schedule:
      /(?<!\p{L})(?:später|nachher|irgendwann|eines tages|zum monatsende|am monatsende|monatsanfang|zum ersten|in \p{L}+ (?:minuten?|stunden?)|terminüberweisung|terminier\p{L}*)(?!\p{L})/giu,
    negated: [
      /(?<!\p{L})(?:nicht|nie|niemals|kein(?:e[nrsm]?)?|stopp?|storniere?n?|abbrechen|brich|rückgängig|zurückziehen|ohne|nichts|niemand|weder|vergiss|lass|spaß|scherz|witz|quatsch)(?!\p{L})/giu,
      /[.,;!?…]\s*(?:(?:ach|oh|äh|ups),? )*(?:nein|nee|nö|ne|doch nicht|warte|moment)\s*(?=$|[.,;!?…])/giu,
    ],
    past: /(?<!\p{L})(?:habe?|hast|hat|haben|hatte\p{L}*|wurden?|wurde)(?!\p{L})(?=[^.!?;\n]*(?<!\p{L})(?:gestern|vorgestern|geschickt|gesendet|(?:über|ueber)wiesen|(?:be)?zahlt|gezahlt|gegeben|gekriegt|bekommen|erhalten|gutgeschrieben|abgebucht)(?!\p{L}))|(?<!\p{L})(?:ging(?:en)?|gingen|kam(?:en)?|bekam|erhielt|schickte|zahlte|überwies|schulde[nt] (?:mir|uns))(?!\p{L})/giu,
    question: [
      /(?:^|[.!?:;\n]\s*)(?:soll|sollte|muss|darf|kann ich|könnte ich|hast|habe ich|hab ich|hat|wurde|wurden|ist|sind|war|was|wie|warum|wieso|weshalb|wann|wo|wer|wem|wen|welche[rsnm]?|wieviel|kostet|geht)(?!\p{L})/giu,
      // "Kostet es etwas, 20 Euro an Jana zu schicken?"
      /\p{L}+\s*\?(?<=(?:^|[.!?:;\n]\s*)(?:kostet|dauert|lohnt|was kostet|wie (?:lange|teuer)|ist es (?:teuer|sicher|gratis|kostenlos|erlaubt))(?!\p{L})[^.!?\n]*\?)/giu,
    ],
    reported:
      /^\s*>|(?<!\p{L})(?:fwd?|wg|weitergeleitet|schrieb|schreibt|sagt|sagte|meint|meinte|fragt|fragte|steht|erklär\p{L}*|übersetz\p{L}*|bedeutet|heißt das|beispiel|stell dir vor|was wäre|gesetzt den fall|(?:wenn|falls) (?:ich|wir)(?=[^.!?]*(?<!\p{L})(?:würden?|täte|schickte|sendete|zahlte)(?!\p{L}))|(?:mal )?angenommen(?= (?:ich|wir)))(?!\p{L})/gimu,
  },
};
