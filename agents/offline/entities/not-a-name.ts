const words = `
a about abroad account accounts after again all also am amount an and another any anybody anyone are as at back balance
bank be because before bonds but by can card cash cent cents check checking confirm could currency current deposit do
dollar dollars each either eur euro euros every everybody everyone everyday for foreign friday from fund funds gbp give
go good have hello help her hers hi him his hold how i if in instead international into is it its just know later let
like limit loan make me mine monday money month my need next no not now of off on once one only open or other our out
over own pay payee payees payment per please pound pounds product products put quid recipient rent same saturday saving
savings see send she some somebody someone something start stop sunday talk tell than thank thanks that the their them
then there these they this those thursday to today tomorrow tonight too transfer tuesday two until up us usd use via wait
want was we wednesday week what when where which who why wire with would year yes yesterday you your
ask add buy cancel change close get invest borrow keep move order set show speak withdraw try find learn understand
january february march june july september october november december iban bic bucks chf hundred thousand million
ten twenty thirty forty fifty sixty seventy eighty ninety five six eight seven nine four three half couple few several
abroad overseas another country countries people others gets his already right away go ahead exactly just rent reference
because asap pls plz reference everyday savings giro friend him too
`;
/** The same in German, folded: without accents. */
const germanWords = `
aber alle alles als also am an auf aufs aus bei bekommt bezahle bezahlen bis bitte bitteschon buche danke dann das dein
dem den der des die diese diesen doch du ein eine einen einmal er erhalt es euro euros cent fertig fur fuer fur gib gleich
grad habe hab hatte hier ich ihm ihn ihr ihre im in ins ist ja jetzt kann kannst konto kriegt los mach machen mal mein
meine meinem meinen mich mir mit monat morgen nach nicht noch nochmal nun nur oder per pls raus reference rechnung ruber
schick schicke schicken schnell sende senden sich sie sofort sparkonto girokonto tschuss uber uberweise uberweisen
uberweis uberwiesen um und uns von vom vor was weil weg wegen wenn werden wie wieder wir wird zahl zahle zahlen zu zum
zur zuruck miete heute gestern ubermorgen woche jahr betrag geld depot
`;

/** Words that end a name in a payment order, or never begin one. */
export const notNames: ReadonlySet<string> = new Set(
  `${words} ${germanWords}`.split(/\s+/u).filter((word) => word !== ""),
);

/** Whether a word is none of a name. */
export function isCommonWord(word: string): boolean {
  const folded = word.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return notNames.has(folded);
}

/** Names that are also everyday words: alone they count only where a payee is expected. */
export const everydayNames: ReadonlySet<string> = new Set(
  "will mark may april june rose grant bill art pat sue jack frank grace hope joy faith dawn summer rich chase drew miles page reed wade max".split(
    " ",
  ),
);

/** Words in front of "to" that make it the beginning of an infinitive ("I want to …"). */
export const beforeInfinitive: ReadonlySet<string> = new Set(
  "want wanted like need have has had going wish love prefer try able how used plan hope possible what where when who whom which is are easy hard ready supposed wants needs".split(
    " ",
  ),
);
