/** Words that stand in orders to pay and change nothing about who gets how much and when. English and German, as data. */
import { smallWords, wordsOf } from "./small-words.ts";

const english = `
  being very such gladly grateful yourself gets million ah ahead ahoy alright already application assistant away back
  beg beneficiary big bit bro bruh buddy bye chat cheers chuck currency current darling deliver deposit direct
  directly dude dunno easy exact exactly fast favor favour fee fees fellow final finally fire fling folks forward
  friend friendly fund funds gee getting gimme giving glad gonna good goodness gotta gotten grab great greetings guy
  guys hand happy having help her here hers heya hiya his hmm hurry i'd i'll i'm i've id ill immediately instant
  instantly invoice issue it's ive kind kindly launch let let's lets little ll lol look lot love making mam mate
  membership mine moment move moving myself name named needed needs new nice nicely oh okey once onto oops order
  ought owe owed own pass payee pays person place pleaseee plss plz plzz pop possible post prepare prepared process
  proceed promptly pull push putting quick quickest quickly quid rapid re real really receiver recipient remit rent
  request right rush saved savings say sec sending sends set settle shift shoot sir somehow soon sort speedy straight
  sure swiftly take taken taking tenner that's thats then thing throw thx till time today transfered transferred
  transferring tranfer try ty u uh upfront ur urgent urgently wanna wanted wants way we'd we'll wire wired wiring
  withdraw ya yeah yep yes yo you'd zap everyday main checking joint asap across too two thankyou appreciated ta
  ready manage arrange arranged initiate execute complete contribution dues debt tip tab instalment installment boss
  hun hon honey dearest anyway anyways actually basically literally seriously honestly damn bloody freaking stupid
  app machine robot computer system service team madam fine cool awesome super mega swift drop slide sling shove ping
  beam transferral wiretransfer remittance
`;
const german = `
  abend abheben abschicken ach achtung aha ahoi aktuell alter anweisen anweisung auftrag ausführen banküberweisung
  bar bekommt beitrag bestens bezahl bezahle bezahlen bitteschön bitteschon biste bring bringe buch buche buchen cent
  dank dankeschön dar deutsch dich diese diesen dieser digga digger diggi dir direkt dringend eben echt eil eilig
  einbezahlen einfach eins einzahlen empfänger empfängerin endlich erhalten erhält erledige erledigen euer ey fertig
  flott fix freund freundin freundlich freundlicherweise freundliche freundlichen gar geb gebe gemacht genau gerade
  geschickt gibst giro girokonto gleich grad grade grüß gruß grüße gruss gut guten gutes halloechen hallöchen hätt
  hätten hau heißt herr herrn herzlich herzlichen heut heute hin hinüber hol hole holen hüpf ihm ihn ihnen ihre ihrem
  ihren jo kaution klar kollege kollegin können könnt könnte könnten kontos krieg kriegen kriegt kumpel lasse lassen
  laufen leg lege leih leite leiten lieb liebe lieber liebes ma mach machen machst machste macht mag magst meins
  miete moechte moechten mitgliedsbeitrag möge morjen muss müsst müssen musst nebenkosten nem nen nimm nimmst nochmal
  nochmals pack packe prima rasch rauf rein reich reiche rüber rueber rum rüberschicken rüberschieben rüberwachsen
  sachen sag sage schatz schau schickst schicket schieb schiebe schieben schieß schmeiß schmeiss schnell schnellst
  schnellstmöglich schnellstens schulde schuldet schuldige schön schöne schönen sei selbe sende senden sendest servus
  setz setze sofort sofortüberweisung somit spar sparkonto steck stell stelle tach tagchen tag tagesgeld
  tagesgeldkonto transferier transferiere transferieren tu tue tun überbring überlass übersende übertrag übertrage
  übertragen überweis überweise überweisen überweist überweisung überwiesen ueberweis ueberweise ueberweisen
  ueberweisung überweißen überweisse umbuch umbuche umbuchen umbuchung unser unsere unserem unseren unverzüglich
  veranlasse veranlassen verschieb verschiebe verschieben verehrte vielen wachsen wäre wären wärst weil weise weist
  weiter weiterleiten werf werfe willst wirf wohl wolle wollen wollt würd würde würden würdest zack zahl zahle zahlen
  zahlst zahlt zieh ziehe zügig zuerst zukommen zusenden zuschicken zusatz zuhause komm gell kurz kurzfristig
  netterweise nett alda bruder dicker chef chefin maus mäuschen leute leutchen kinder mensch verdammt verflixt mist
  boah puh wow toll geil
`;

export const orderWords: ReadonlySet<string> = new Set([...smallWords, ...wordsOf(`${english} ${german}`)]);
