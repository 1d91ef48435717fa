/** What accounts, customers, members, policies and contracts are called where their number is given. */

/** "number", as it stands behind or before such a word. */
const NUMBER = "numbers?|num|nbr|no|nr|id|ref(?:erence)?|#";

/** English: "customer no", "loan account number", "acctNo", "mandate reference". */
const ENGLISH = [
  "accounts?|acct?s?|accnt|acc|a/c|customer|client|cust|member(?:ship)?|policy(?:[ -]?holder)?|insurance|contract|agreement",
  "loan|mortgage|credit line|brokerage|portfolio|savings|deposit|checking|chequing|loyalty|rewards?|bonus|points|club|library",
  "frequent[ -]?flyer|mileage|subscriber|subscription|subscr|patient|user|meter|supply(?: point)?|installation|student|pupil|matriculation|enrol?ment",
  "employee|staff|personnel|payroll|tenant|tenancy|landlord|vendor|supplier|creditor|debtor|borrower|investor|donor|guest|participant|payee|beneficiary|(?:sepa |direct debit )?mandate",
].join("|");

/** German: the first half of "Kundennummer", "Vertragskonto-Nr.", "Teilnehmerkennung". */
const GERMAN = [
  "konto|depot|kunden?|kd|mitglieds?|versicherungs?(?:schein|vertrags)?|policen?|vertrags?|darlehens?|kredit|leasing|finanzierungs|hypotheken|bauspar(?:vertrags)?",
  "zähler|zaehler|anschluss|verbrauchsstellen|marktlokations|messlokations|abo|abonnenten|teilnehmer|be?nutzer|patienten|matrikel|schüler|studenten|studierenden",
  "personal|mitarbeiter|mieter|mandanten|mandats|gläubiger|debitoren?|kreditoren?|lieferanten|spender|leser|gäste|vielflieger|meilen|bonus|treue|payback|(?:geschäfts)?partner|kundenkarten",
].join("|");
const KINDS_OF_KONTO =
  "giro|spar|kunden|tages?geld|festgeld|gehalts|lohn|gemeinschafts|mitglieds|verrechnungs|referenz|haupt|unter|depot|vertrags|darlehens|kredit|buchungs|firmen|privat|geschäfts|miet|mietkautions|bank";

/** What stands behind "numéro de", "codice", "número de", "numer". */
const ROMANCE = [
  "comptes?(?: bancaire)?|clients?|clientes?|usager|membre|fidélité|police|contrat|adhérente?|sociétaire|abonnée?|allocataire|assurée?|banque|guichet|prêt|mandat|salarié|étudiante?|identifiant client",
  "cuenta|cliente|usuario|socio|soci[ao]|contrato|póliza|abonad[oa]|afiliad[oa]|préstamo|hipoteca|suministro|empleado",
  "conto(?: corrente)?|c/c|contratto|polizza|utente|utenza|tessera|abbonat[oa]|mutuo|socia|iscritt[oa]|dipendente|pod|pdr",
].join("|");
const ROMANCE_NUMBER = "n[uúù]m[eé]ro|n[úu]m|num|numero|codice|código|code|identifiant|r[eé]f(?:[eé]rence)?|n[°ºo.]";
const DUTCH =
  "rekening|bankrekening|klant|polis|lid(?:maatschaps?)?|contract|relatie|debiteur(?:en)?|crediteur(?:en)?|abonnee|personeels|leerling|student(?:en)?|patiënt(?:en)?|klantenkaart|meter|lening";
const POLISH =
  "konta|rachunku|klienta|klientki|polisy|umowy|abonenta|członka|członkowski|licznika|kredytu|pożyczki|pracownika|płatnika|karty (?:stałego )?klienta|ppe|użytkownika|studenta|pacjenta";

/** Says by itself that a number follows. */
export const SURE = [
  `(?<!national |social |health |tax )(?:bank[ _-]?)?(?:${ENGLISH})(?:[ _-]?(?:account|acct|card|plan|policy))?(?:'s)?[ _.-]{0,2}(?:${NUMBER})`,
  "sort[ -]?code|sort(?= ?\\d\\d-)|(?:aba )?routing|ABA|IFSC|BSB|CLABE",
  `(?:${GERMAN})[ -]?(?:konto[ -]?)?(?:nummer|nr|id|kennung|referenz)|(?:${KINDS_OF_KONTO})konto[ -]?(?:nummer|nr|id)`,
  "(?:kto|kd|vers|mitgl|vertr|vs)[. -]{0,3}(?:nummer|nr)|postkonto|pc-konto|versicherungsschein|bankleitzahl|blz|sparbuch|kassenzeichen|anschlusskennung|nutzerkennung",
  "(?:konto|depot|vertrag|police|zähler|sparbuch) mit der (?:nummer|nr)",
  `(?:${ROMANCE_NUMBER})\\.?(?: ?d[ei]l?| de la)?(?: | d['’]| l['’])?(?:${ROMANCE})(?: d['’]assurance)?`,
  `(?:${ROMANCE})(?: d['’]assurance)?[ .]{1,2}(?:${ROMANCE_NUMBER})`,
  "číslo účtu|(?:réf(?:érence)?|ref\\.?|identifiant) client|matricule|NRB|bankgiro|plusgiro|codice (?:POD|PDR|IBAN)|CUPS",
  `(?:${DUTCH})[ -]?(?:nummer|nr|id|code)`,
  `(?:nr|numer)\\.? (?:${POLISH})`,
].join("|");

/** Stands in many a sentence without a number of its own: only little may stand between. */
export const PERHAPS = [
  "account|acct?|acc|a/c|customer|client|transit|institution|policy|member|loan|mortgage|subscriber|loyalty card|bonus card",
  `(?:${KINDS_OF_KONTO})?konto|kto|depot|wertpapierdepot|kunde|kundin|kundennr|mitglied|police|(?:bauspar|miet|handy|strom|gas|versicherungs|darlehens|leasing)?vertrag|darlehen|kundenkarte|bonuskarte|payback|mandat|mandatsreferenz`,
  "compte|rib|banque|guichet|cliente?|contrat|police|abonnée?|adhérente?|sociétaire",
  "cuenta|socio|CCC|contrato|póliza|abonad[oa]|conto(?: corrente)?|c/c|CAB|ABI|polizza|contratto|tessera|utenza",
  "rekening|klant|polis|lid|rachun(?:ek|ku)|konta|klienta?|polisa|umowa|abonent",
].join("|");

/** Between such a word and its number. */
export const FILLER =
  "account|acct|acc|konto|is|was|ist|war|die|der|das|the|lautet|lautete|hat|has|est|es|è|jest|to|numbers?|nummer|n[uú]m[eé]ro|numero|numer|nr|no|n°|nº|n|id|code|ref|mit|with|my|meine|antiguo|ancien|old|new|neu|la|le|el|il|soy|bancaire|corriente|oszczędnościowe";
