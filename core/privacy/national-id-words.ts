/** What papers and numbers that a state gives its people are called. Words of three letters that mean other things too are left out. */

/** Papers: their numbers often have letters. */
export const DOCUMENTS = [
  "passports?|passport[ _-]?(?:no|nr|number|id)|identity (?:card|document)|id[- ]?card|driv(?:ing|er'?s?|ers)[ _-]?licen[cs]e|residence (?:permit|card)|green card|alien (?:registration )?(?:no|number)|a-number|uscis|visa (?:no|number|grant)|voter(?: id)?|medicare(?: (?:card|number|no))?|birth certificate|document (?:no|number|nr|id)",
  "reisepass\\p{L}*|(?:reise)?pass(?:nummer|-?nr)|\\p{L}*ausweis\\p{L}*|dokumentennummer|perso(?:nummer)?|führerschein\\p{L}*|aufenthalts\\p{L}*|seriennummer des ausweises|gesundheitskarte|egk(?:-?(?:nummer|nr))?|identitätskarte|ident-?nr",
  "passeport|carte (?:nationale )?d['’]identité|cni|titre de séjour|carte de séjour|permis de conduire|carte vitale",
  "pasaporte|(?:documento|tarjeta|carnet|carné) (?:nacional )?de identidad|(?:carné|carnet|permiso) de (?:conducir|conducción)|tarjeta (?:sanitaria|de residencia)|c[eé]dula(?: de (?:identidad|ciudadanía))?",
  "passaporto|carta d['’]identit[àa]|\\bcie|patente(?: di guida)?|permesso di soggiorno|tessera sanitaria|paspoort\\p{L}*|identiteitskaart\\p{L}*|id-?kaart\\p{L}*|rijbewijs\\p{L}*|verblijfsdocument\\p{L}*",
  "paszport\\p{L}*|dow[óo]d\\p{L}*|praw[oa] jazdy|legitymacj\\p{L}*|kart[ay] pobytu|passaporte|cartão de cidadão|bilhete de identidade",
].join("|");

/** Numbers of persons, taxes and insurances. */
export const NUMBERS = [
  // English
  "ssn|social(?: security)?(?: (?:number|no|nr|num|#))?|itin|national insurance(?: (?:number|no|nr))?|nino|ni (?:number|no|nr)|nhs(?: (?:number|no|nr))?|tax(?:payer)?[ _-]?(?:id|number|no|nr|ref(?:erence)?|identification|file number)|tfn|ird (?:number|no)|social insurance(?: (?:number|no))?|pps(?:n|[ -]?(?:number|no|nummer))?",
  "(?:national|personal|citizen|government|state|resident|identity|south african|thai|emirates|israeli|turkish|chinese|korean)[ _-]?(?:id(?:entification|entity)?|code|number|no)(?:[ _-]?(?:number|no|nr|code))?|identity (?:number|no)|(?:my|his|her|your) id(?: (?:number|no|is))?|birth number|personal (?:number|code|identity code)|aadhaa?r|uidai?|pan (?:card|number|no)|nric|hkid|mykad|cnic|(?<!\\p{L})my number|resident registration(?: number)?|rrn|bvn|medicare(?: (?:number|no))?",
  // German, also of Austria and Switzerland
  "steuer[ -]?(?:id|idnr|nummer|nr|identnr|ident(?:ifikations)?(?:nummer|nr)?)\\p{L}*|steuerliche\\p{L}? identifikationsnummer|st\\.?-?nr|idnr|sozialversicherungs-?(?:nummer|nr)|sozialvers\\.?-?(?:nummer|nr)|sv-?(?:nummer|nr)|rentenversicherungs-?(?:nummer|nr)|rvnr|rv-nummer|(?:kranken)?versicherten-?(?:nummer|nr|id)|kranken(?:versicherungs|versicherten|kassen)-?(?:nummer|nr)|kvnr|ahv(?:-?(?:nummer|nr|nr\\.))?|svnr|e-card|personenkennzahl|zmr(?:-zahl)?|bpk|personen-?id",
  // French
  "insee|nir|avs|naf|cnp|egn|oib|sécurité sociale|sécu\\p{L}*|num[ée]ro (?:fiscal|national)|n° fiscal|registre national|niss",
  // Spanish and Portuguese, also of Latin America
  "seguridad social|n(?:ú|u)mero de afiliación|dni|nif|n\\.?u\\.?ss|curp|cuit|cuil|cpf|pis(?:/pasep)?|identificación fiscal|contribuinte|número de utente",
  // Italian
  "codice fiscale|c\\.?f\\.?|cod\\.? ?fisc\\.?|partita iva personale",
  // Polish, Dutch, Belgian
  "pesel|regon|bsn(?:-?nummer)?|burgerservicenummer|sofi-?nummer|rijksregister(?:nummer)?|insz|numéro national|v-nummer",
  // The north and the Baltics
  "person-?nummer|personnr|samordningsnummer|cpr(?:-?(?:nummer|nr))?|fødselsnummer|fodselsnummer|d-nummer|hetu|henkilötunnus|kennitala|isikukood|asmens kodas|personas kods",
  // The east and south
  "rodné? číslo|rodne cislo|r\\.č\\.|cod numeric personal|егн|amka|αμκα|αφμ|em[šs]o|jmbg|taj(?:[ -]?szám)?|adóazonosító(?: jel)?|személyi(?: (?:szám|azonosító))?|tc ?kimlik(?: no)?|tckn|kimlik|teudat zehut|snils|снилс|инн|рнокпп|іпн",
].join("|");

/** Words of other meanings in small letters, such as "sin" and "nie": in capitals, or right before a number. */
export const ACRONYMS =
  "NIE|SIN|TIN|PAN|FIN|NIP|NIN|NIK|NIS|SPI|RG|RN|INN|EIN|UTR|RFC|RUN|RUT|IPN|NIR|AFM|OIB|EGN|CNP|NAF|INSEE|AVS|IRD|NI|CF";
