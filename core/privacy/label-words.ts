/** Words that say what a value beside them is, lower case and without marks on letters, in the languages that people write. */

const labels = ["account", "code", "password", "key", "other"] as const;
export type Label = (typeof labels)[number];

const words = (text: string): readonly string[] => text.trim().split(/\s+/u);

const LABELS: Readonly<Record<Label, readonly string[]>> = {
  account: words(`
    account acct acc accnt checking chequing savings member membership policy loan mortgage customer client subscriber
    subscription contract agreement endowment payee creditor debtor mandate policyholder barclays monzo revolut hsbc lloyds natwest santander sparkasse
    konto kto depot kunde kundin kunden kundennr kdnr mitglied police vertrag darlehen kredit debitor kreditor versichert versicherung
    versicherungsschein versicherungsnehmer krankenkasse bausparer bausparvertrag giro girokonto sparkonto sparbuch blz bankleitzahl kassenzeichen
    vertragskonto beitragsnummer zahler zahlernummer
    compte contrat adherent adherente allocataire societaire abonne abonnee assure assuree matricule rib
    cuenta contrato poliza socio socia abonado abonada afiliado afiliada hipoteca prestamo
    conto contratto polizza utenza tessera abbonato abbonata mutuo
    rekening rekeningnummer klant klantnummer polis polisnummer lidnummer relatienummer lidmaatschap
    konta rachunek rachunku klienta polisa polisy umowa umowy abonenta czlonka
    conta contrato apolice assinante agencia broadband pension membre giro gironummer gironr kontonr kundenummer kundenr szamlaszam ugyfelszam uctu ucet zakaznicke hesap musteri tilinumero asiakasnumero cont`),
  code: words(`
    pin pins pincode pinnumber puk cvv cvc cvv2 cvc2 csc otp tan mtan phototan passcode digicode code codes combination combo unlock
    geheimzahl zahlencode kombination freigabecode einmalcode bestatigungscode sicherheitscode turcode zugangscode tresor safe
    tresorcode alarm alarmcode keypad lockbox padlock kod kodu kode codigo codice pruefziffer prufziffer kartenpin
    cadenas coffre kluis sejf candado cassaforte toegangscode pukcode`),
  password: words(`
    password passwords passwort passworter passwd pwd pw passphrase pass kennwort losungswort codewort wlan wifi login logins credentials
    mdp contrasena clave senha wachtwoord wachtwoordje haslo heslo hasla parola zugangsdaten anmeldedaten identifiants
    inloggegevens losung memorable`),
  key: words(
    `token tokens secret secrets apikey key keys webhook bearer schlussel zugriffstoken cle chiave sleutel klucz`,
  ),
  other: words(`
    order orders bestellung bestellnummer bestellnr auftrag auftragsnummer invoice rechnung rechnungsnummer ticket tickets case vorgang vorgangsnummer
    tracking parcel package sendung sendungsnummer paket paczka isbn issn ean sku article artikel artikelnummer part parts teil ersatzteil model
    modell serial seriennummer imei room zimmer flight flug vol vuelo volo train zug ice gate gleis platform version build commit release
    page seite pagina line zeile ligne year jahr since seit depuis desde dal phone tel telefon telephone telefono telefoon handy mobile
    mobil mobilnummer festnetz call called ring text whatsapp sms ruf anrufen anruf ruckruf rufnummer fax hotline zip plz postleitzahl postal postcode
    pocztowy error fehler erreur fout promo promotional discount rabatt gutschein coupon voucher booking buchung buchungsnummer reservation reservierung
    balance saldo solde limit amount minor betrag total totale sum summe euro euros eur usd dollars pounds price preis prix
    score isbn paragraf aktenzeichen az port ip step schritt count rows row atm bus tram linie halle box shelf regal kilometer km
    born geboren birthday geburtstag date datum fecha data expires expiry gultig valid until bis am lot charge batch
    area country lander vorwahl status exit http dress source qr bar barcode tax steuer ssn passport reisepass ausweis
    personalausweis dni nie nif nhs sin bsn pesel ppsn cpf kfz kennzeichen plate zamowienie zamowienia pedido commande ordine ordre bestelling
    article lei wkn isin bic swift hash sha256 md5 uuid trace request transaction transaktion tx block
    product produkt item line review gas eth btc channel server discord guild host hostname user network netzwerk reseau red ssid siec branch clearing reg facture fattura factuur faktura pedido linked kontakt contact agence filiale message hausnummer street strasse postfach packstation locker`),
};

const LABEL_OF = new Map<string, Label>(labels.flatMap((label) => LABELS[label].map((word) => [word, label] as const)));

/** Ends of compounds: "Stromvertragsnummer", "Netflixpasswort". */
const COMPOUNDS: readonly (readonly [RegExp, Label])[] = [
  [/(?:passwort|kennwort|password|wachtwoord)$/u, "password"],
  [
    /(?:bestell|auftrags|rechnungs|sendungs|artikel|serien|telefon|handy|vorgangs|ticket|haus|steuer|ausweis|pass|zug|flug)(?:nummer|nr)$/u,
    "other",
  ],
  [
    /(?:konto|kunden|vertrags|versicherungs|mitglieds|policen|depot|zahler|bauspar|klant|polis|lid|rekening)(?:nummer|nr|id|nummern)?$/u,
    "account",
  ],
  [/(?:vertrag|versicherung|konto|police)s?$/u, "account"],
  [/(?:pin|tan|geheimzahl)$/u, "code"],
  [/\p{L}{3}code$/u, "code"],
];

const MARKS = /\p{M}/gu;

/** What a word says of a value beside it; undefined for the many that say nothing. */
export function labelOf(word: string): Label | undefined {
  const plain = word.normalize("NFD").replaceAll(MARKS, "").toLowerCase().replaceAll("ł", "l").replaceAll("ø", "o");
  return LABEL_OF.get(plain) ?? COMPOUNDS.find(([ending]) => ending.test(plain))?.[1];
}
