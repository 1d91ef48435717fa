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
abroad overseas another country countries people others
`;

/** Words that end a name in a payment order, or never begin one. */
export const notNames: ReadonlySet<string> = new Set(words.split(/\s+/u).filter((word) => word !== ""));

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
