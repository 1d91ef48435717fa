/** Words of English and German that neither filter bookings nor change an order. */
export const smallWords: readonly string[] = wordsOf(`
  a aber account accounts alles also am amount an and any at auf aufs aus bank be been bekommen betrag bezahlt bill
  bitte bot but came can come could danke dann das dear dem den der des die dies doch du eigentlich ein eine einem
  einen einer er es eur euro euros for from fuer für geben gehen geht geld gern gerne get gib give go going got habe
  haben hallo hätte have hello hey hi hier how i ich ihr im in ins into is ist it its ja jetzt just kann kannst
  könntest konten konto like los make mal man many may me mein meine meinem meinen meiner mich mir möchte möchten
  moin money moved much my need noch now nun nur of off ok okay on one only or our out over pay paying payment please
  pls put raus receive rechnung schick schicke schicken see send sent sich sie so sum summe tell thank thanks that
  the their them there this to total transaction transfer über um und uns up viele vom von want we weg well werden
  will wir wird worden would you your zahlung zu zum zur
`);

/** The words of a text that is only data. */
export function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/u).filter((word) => word !== "");
}
