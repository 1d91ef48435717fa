/** A language that messages are read in. */
export type Language = "en" | "de";

const englishWords = new Set(
  "the my to of for and is are was what how please send pay transfer from show much did do with last this next month year spend spent have had between since until day days week payments bookings transactions it i me you money would like".split(
    " ",
  ),
);
const germanWords = new Set(
  "der die das den dem des ein eine einen mein meine meinem meinen an auf aufs vom von zum zur für fuer und ist sind war was wie wieviel bitte ich mir du überweise überweisen überweis schick schicke schicken zahl zahle zahlen letzten letzte letztes letzter diesen dieses diese monat jahr tage tagen woche ausgegeben ausgaben umsätze buchungen zeig zwischen seit bis nicht habe hab im am heute gestern gab ging alle ihr euch habt seid servus moin grüezi griaß wia heid heit ned nich wann wo kann kannst könnt könnten macht wir uns euer eure".split(
    " ",
  ),
);
const MOST_WORDS = 60;

/** The language that a message is written in; nothing where its small words do not tell. */
export function languageOf(text: string): Language | undefined {
  const words = (
    text
      .slice(0, 1_000)
      .toLowerCase()
      .match(/\p{L}+/gu) ?? []
  ).slice(0, MOST_WORDS);
  const [english = 0, german = 0] = [englishWords, germanWords].map(
    (known) => words.filter((word) => known.has(word)).length,
  );
  const marks = /[äöüß]/iu.test(text) ? 1 : 0;
  if (english === german + marks) return undefined;
  return english > german + marks ? "en" : "de";
}

/** The language of a BCP 47 locale, where it is read here. */
export function languageOfLocale(locale: string | undefined): Language {
  return /^de\b/iu.test(locale ?? "") ? "de" : "en";
}
