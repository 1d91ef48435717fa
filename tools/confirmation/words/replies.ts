/** How people answer a request that waits, by language. Data: a phrase a line, the accents folded when it is read. */

export interface ReplyWords {
  /** "No", in all its forms; alone, or as the beginning of what is wanted instead. */
  readonly refusals: string;
  readonly affirmations: string;
  /** Said beside either, and meaning nothing of its own. */
  readonly fillers: string;
  /** Looks like a refusal and is none. */
  readonly courtesies: string;
  /** Says that something else is wanted. */
  readonly changes: string;
  /** Something besides what waits: "also". */
  readonly additions: string;
  /** The same once more: "another". */
  readonly repetitions: string;
  /** When, other than now. */
  readonly times: string;
  /** Begins a question, or a request that is no answer. */
  readonly questions: string;
  /** Asks for what the waiting request itself says. */
  readonly inquiries: string;
  /** Written numbers, beside digits. */
  readonly numbers: string;
}

const english: ReplyWords = {
  refusals: `drop that; forget that; forget about it; forget about that; forget about this; leave that; leave it be; leave it there; let it go; let it be; lets leave it; lets leave that; lets drop it; lets forget it; lets skip it; bin that; ditch it; ditch that; scrap it; scrap; bin it; leave it out; forget the whole thing; dont bother; it is no longer needed; it is not needed anymore; thats no longer needed; that is no longer necessary; it is not necessary anymore; no longer needed; not needed anymore; not needed any more; no longer necessary; not necessary; not necessary anymore; no need; no need anymore; already sorted; already settled; no; nope; nah; nay; no way; hell no; god no; no no; no thanks; no thank you; stop; stop it; stop that; halt; abort; cancel; cancel it; cancel that;
    cancel this; cancel everything; never mind; nevermind; forget it; leave it; drop it; nothing; dont; do not; dont do it; dont do that; do not do it; dont send; do not send;
    dont send it; do not send it; dont send anything; please dont; dont confirm; do not confirm; dont pay; do not pay; dont transfer; do not transfer; dont execute;
    i dont want this anymore; i dont want it anymore; i dont want that; i dont want this; i dont want it; i do not want it; i do not want this; id rather not; i would rather not; rather not;
    better not; i changed my mind; ive changed my mind; changed my mind; not now; not today; not yet; reject; decline; discard; scrap it; scrap that; withdraw it; undo; call it off; hold it; refuse;
    on second thought no; no deal; negative; i refuse; n; nvm; naw; hell naw; nuh uh; my bad; absolutely not; definitely not; certainly not; of course not; not really; not like this; not like that; lets not; not ok; not okay; not good;
    not right; thats not right; that is not right; not correct; thats not correct; that is not correct; incorrect; not it; not what i wanted; thats not what i wanted; that is not what i wanted; that isnt what i wanted; mistake; a mistake; that was a mistake;
    it was a mistake; this is a mistake; by mistake; my mistake; i made a mistake; typo; that was a typo; i mistyped; mistyped; oops; whoops; back; go back; quit; exit; skip; skip it; skip that; kill it; delete it; delete that; delete this; remove it; remove that; never;
    scratch that; just kidding; only kidding; kidding; jk; joke; just a joke; it was a joke; that was a joke; cancelled; dont want to; wait no; hold on; wait; ❌; 👎; 🛑; 🚫; ✋`,
  affirmations: `yes; y; yeah; yep; yup; yea; ok; okay; k; kk; sure; sure thing; of course; confirm; confirmed; i confirm; go; go ahead; go for it; do it; send it; please do; proceed; please proceed; right;
    correct; that is correct; thats correct; thats right; that is right; approve; approved; i approve; absolutely; fine; sounds good; looks good; perfect; make it so; exactly; why not; agreed; execute; execute it; do that; 👍; ✅; 👌; 🆗; ✔`,
  fillers: `one; ones; about; please; plz; pls; thanks; thank you; thx; it; that; this; the; a; my; now; then; just; oh; um; uh; m; mm; hmm; hm; well; so; sorry; sry; sory; man; mate; and; i; want; to; would; like; actually; transfer;
    payment; order; request; proposal; money; whole; thing; everything; anything; again; all; of; for; me; you; can; could; is; lol; haha; really; anymore; with; after all; here; at all; what are you doing; send; pay; execute; happen; through`,
  courtesies: `hello; hi; hey; good morning; good evening; no problem; no worries; no doubt; no matter; no rush; no hurry; no idea; no question; not bad; no clue; no need to rush; no biggie; back to; go back to; going back to; by the way; btw; oh; ah; before that; one question; one more question`,
  changes: `instead; however; although; i meant; i mean; i ment; meant; rather; change; make it; make that; should be; wrong; not what i said; different; another; other; change the; but; only; correct it to; too much; too little; i said; replace; switch; except; reduce; increase; lower; higher; schedule; monthly; weekly; recurring`,
  additions: `also; too; as well; in addition; additionally; besides; plus; same for; same to; same again for; the same for; the same to; likewise`,
  repetitions: `another; once more; one more; on top; extra; additional; a second; again; more`,
  times: `tomorrow; later; next week; next month; monday; tuesday; wednesday; thursday; friday; saturday; sunday; tonight; january; february; march; april; june; july; august; september; october; november; december; every month; every week; monthly; weekly`,
  questions: `what; whats; how; where; when; who; why; which; whose; is; are; do; does; did; can; could; should; would; will; may; have; has; show; list; tell; explain; give; find; search; check; recommend; compare`,
  inquiries: `which account; what account; from which account; from what account; which of my accounts; to whom; who is it to; who gets it; who gets that; who does it go to; whom is it for; what amount; how much was it; how much was that; how much did i say; how much are you sending; which one is left; which ones are left; what is left over; whats left over; which is left; what is waiting; whats waiting; what is still open; whats still open; what is pending; whats pending; did you send; have you sent; did it go; has it gone; is it sent; was it sent; has it been sent; did you transfer; have you transferred; did you pay; have you paid; is it done; is that done; did it go through; has it gone through; anything pending; anything waiting; what am i confirming; what would i confirm; what exactly`,
  numbers: `two; three; four; five; six; seven; eight; nine; ten; eleven; twelve; thirteen; fourteen; fifteen; sixteen; seventeen; eighteen; nineteen; twenty; thirty; forty; fifty; sixty; seventy; eighty; ninety; hundred; thousand; half; double; twice; grand; dozen`,
};

const german: ReplyWords = {
  refusals: `vergiss; vergesst; lass stecken; lass bleiben; lassen wir; lassen wir das; doch nich; lieber nich; besser nich; nich; es ist nicht mehr nötig; das ist nicht mehr nötig; ist nicht mehr nötig; ist nicht nötig; das hat sich erledigt; es hat sich erledigt; nicht mehr nötig; nicht nötig; nicht mehr notwendig; nicht mehr erforderlich; erledigt; hat sich erledigt; schon erledigt; bereits erledigt; brauche ich nicht mehr; brauch ich nicht mehr; braucht es nicht mehr; nein; ne; nee; nö; noe; nix; nix da; nichts; nichts da; auf keinen fall; keinesfalls; bloß nicht; halt; stopp; stop; abbrechen; abbruch; brich ab; brich das ab; storniere; storniere das; storniere es; stornieren; net; doch net; lieber net; lass ma; lass ma gut sein; lass ma jut sein; lass mal gut sein; lass mal jut sein; lass jut sein; lass es gut sein; lassen wir es; lassen wir lieber; lassen wir doch; lassen wir bleiben; lassen wir gut sein; kannst du knicken; kannste knicken; kannst du streichen; kannst du vergessen; streich das; streich es; vergiss das; brauchts nicht; brauchts nich;
    lass es; lass das; lass mal; lass ma; lass gut sein; lass mal gut sein; lass ma gut sein; lass ma jut sein; lass stecken; lassen wir; lassen wir das; lassen wir es; lassen wir mal; vergiss es; lieber nicht; doch nicht; besser nicht; eher nicht; bitte nicht; nicht; mach das nicht; mach es nicht; tu das nicht; tu es nicht; nicht ausführen; nicht senden; nicht schicken; nicht überweisen; nicht bestätigen;
    nicht machen; kein geld schicken; kein geld senden; schick das nicht; schick es nicht; sende das nicht; sende es nicht; überweise das nicht; überweise nicht; führ das nicht aus; bestätige nicht; bestätige das nicht; nicht jetzt; jetzt nicht; heute nicht; noch nicht; verwerfen; ablehnen; abgelehnt;
    ich lehne ab; ich will nicht; ich will das nicht; will ich nicht; ich möchte nicht; ich möchte das nicht; hab es mir anders überlegt; habe es mir anders überlegt; ich habe es mir anders überlegt; ich hab es mir anders überlegt; habs mir anders überlegt; anders überlegt; danke nein; nein danke; warte; moment; zurückziehen; widerrufen;
    stimmt nicht; das stimmt nicht; stimmt so nicht; das stimmt so nicht; passt nicht; das passt nicht; passt so nicht; nicht so; so nicht; nicht richtig; das ist nicht richtig; nicht korrekt; das ist nicht korrekt; inkorrekt; das wollte ich nicht; wollte ich nicht;
    so wollte ich das nicht; mag ich nicht; niemals; nie; nimmer; storno; rückgängig; mach das rückgängig; mach es rückgängig; zurück; vorgang abbrechen; versehen; ein versehen; war ein versehen; das war ein versehen bitte; das war ein versehen; fehler; ein fehler; war ein fehler; das war ein fehler; mein fehler;
    irrtum; ein irrtum; das war ein irrtum; vertippt; hab mich vertippt; ich hab mich vertippt; ich habe mich vertippt; verschrieben; quatsch; spaß; nur spaß; war nur spaß; war spaß; scherz; nur ein scherz; witz; nur ein witz; war nur ein witz; weg damit; lass stecken; kein bock; kein bock mehr;
    nichts überweisen; nichts senden; nichts schicken; ach ne; ach nee; ach nein; ach ne doch nicht; ups; hoppla; auf gar keinen fall; ne lass; nee lass; nö lass; ney`,
  affirmations: `ja; jo; jep; jup; jap; jawohl; ja klar; na klar; klar; genau; gern; gerne; einverstanden; passt; passt so; stimmt; stimmt so; richtig; korrekt; bestätigt; bestätigen; bestätige; ich bestätige; mach das; mach es; mach; mach mal; los; los gehts; in ordnung; ausführen; bitte ausführen; schick es; schick ab; abschicken; senden; sende es; freigeben; okay; ok; abgemacht; unbedingt; natürlich; sicher; überweisen; führe aus`,
  fillers: `bitte; danke; das mit; den mit; die mit; mal; doch; das; die; den; der; es; dies; diese; dieses; nun; jetzt; dann; also; wieder; den; ihn; eh; oh; äh; hm; hmm; ich; will; möchte; nur; überweisung; zahlung; auftrag; anfrage; geld; alles; so; und; du; depp; einfach; aber; wirklich; gar; überhaupt; noch; mehr; schicken; senden; ma; mit; der mit; wir`,
  courtesies: `hallo; guten tag; guten morgen; guten abend; moin; servus; kein problem; keine sorge; keine ahnung; kein thema; keine frage; kein ding; keine eile; nicht schlecht; keine ursache; zurück zu; zurück zur; zurück zum; achso; ach so; ach ja; ach; oh; äh; hm; hmm; übrigens; apropos; vorher noch; eine frage; noch eine frage`,
  changes: `stattdessen; allerdings; jedoch; aber; statt; anstatt; sondern; lieber; ich meinte; gemeint; ändern; ändere; änder; mach draus; draus; falsch; falsche; falscher; falsches; falschen; anderes; andere; anderer; anderen; anders; sollte; soll; aber; ich sagte; sagte; reichen; reicht; zu viel; zu wenig; erst; nur; monatlich; wöchentlich; verdopple; halbiere; erhöhe; ersetze`,
  additions: `auch; auch noch; dasselbe für; dasselbe an; das gleiche für; das gleiche an; genauso an; genauso für; außerdem; zusätzlich; sowie; plus; dazu; ebenfalls`,
  repetitions: `noch mal; nochmal; nochmals; noch einmal; noch eine; noch ein; weitere; weiteren; erneut; obendrauf`,
  times: `morgen; übermorgen; später; nächste woche; nächsten monat; montag; dienstag; mittwoch; donnerstag; freitag; samstag; sonntag; heute abend; januar; februar; märz; mai; juni; juli; oktober; dezember; monatlich; wöchentlich`,
  questions: `was; wie; wo; wann; wer; warum; wieso; weshalb; welche; welcher; welches; wem; wen; woher; wohin; ist; sind; gibt; kann; können; kannst; darf; hat; habe; haben; muss; soll; ab; zeig; zeige; liste; erkläre; sag; nenne; suche; empfiehl; vergleiche`,
  inquiries: `welches konto; welchem konto; von welchem; von wo; welchen konten; an wen; wer bekommt das; wer bekommt es; wer kriegt das; wem schickst; welcher betrag; welchen betrag; wie viel war das; wieviel war das; wie viel war es; was wartet; hast du es gesendet; hast du das gesendet; hast du es überwiesen; hast du das überwiesen; hast du überwiesen; hast du das geld; haben sie das geld; haben sie es überwiesen; haben sie überwiesen; ist es schon raus; ist das schon raus; ist das geld raus; ist es raus; ist das raus; ist es gesendet; wurde es gesendet; ist es überwiesen; was ist noch offen; was steht noch aus; was steht aus; welche ist noch offen; welcher ist noch offen; was ist offen; was genau; was bestätige ich; was soll ich bestätigen; noch was offen; noch etwas offen`,
  numbers: `zwei; drei; vier; fünf; sechs; sieben; acht; neun; zehn; elf; zwölf; dreizehn; vierzehn; fünfzehn; sechzehn; siebzehn; achtzehn; neunzehn; zwanzig; dreißig; vierzig; fünfzig; sechzig; siebzig; achtzig; neunzig; hundert; tausend; doppelt; halb; hälfte`,
};

/** The others say no, yes and "instead"; their questions are known by the question mark and the words that begin them. */
const others: Partial<Record<string, Partial<ReplyWords>>> = {
  es: {
    refusals: `no; no gracias; cancela; he cambiado de opinión; cambié de opinión; me arrepentí; no lo mandes; no mandes; no lo envíe; no envíe; para para; cancelar; cancela eso; cancélalo; déjalo; para; no lo envíes; no envíes; no lo hagas; mejor no; olvídalo; anula; anular; anúlalo; ya no; detente; nada; ni hablar`,
    affirmations: `sí; si; vale; claro; de acuerdo; confirmo; confirmar; adelante; hazlo; envíalo; correcto; perfecto; dale`,
    fillers: `por favor; gracias; eso; esto; lo; la; el; transferencia; pago; ya; pues; todo`,
    courtesies: `no hay problema; no importa; sin problema`,
    changes: `en vez; mejor; quise decir; quería decir; cambia; cambiar; pero; sino; otro; otra; equivocado`,
    inquiries: `de qué cuenta; qué cuenta; a quién; qué importe; qué está pendiente; qué falta`,
    additions: `también; además`,
    repetitions: `otra vez; otros; más`,
    times: `mañana; luego; después; lunes; martes; miércoles; jueves; viernes; sábado; domingo`,
    questions: `qué; cómo; cuánto; cuánta; cuántos; dónde; cuándo; quién; cuál; puedo; hay`,
  },
  fr: {
    refusals: `non; non merci; annule; j ai changé d avis; jai changé davis; finalement non; ne l envoyez pas; ne lenvoyez pas; ne l envoie pas; ne lenvoie pas; n envoyez pas; surtout pas; surtout ne l envoyez pas; annuler; annulez; arrête; arrêtez; laisse tomber; laissez tomber; n envoie pas; nenvoie pas; ne fais pas ça; ne le fais pas; ne pas envoyer; nenvoyez pas; pas maintenant; plutôt pas; stop; surtout pas; jamais; oublie; oubliez; refuse`,
    affirmations: `oui; d accord; daccord; ok; vas y; allez y; confirme; je confirme; confirmer; bien sûr; parfait; c est bon; cest bon; envoie; envoyez; exact`,
    fillers: `s il te plaît; stp; svp; surtout; finalement; sil te plait; s il vous plaît; sil vous plait; merci; ça; cela; le; la; les; ce; virement; paiement; tout; donc; alors`,
    courtesies: `pas de problème; pas de souci; aucun problème`,
    changes: `plutôt; à la place; je voulais dire; change; changer; mais; autre; faux; mauvais`,
    inquiries: `quel compte; de quel compte; à qui; quel montant; qu est ce qui attend; qu est ce qui reste`,
    additions: `aussi; en plus; également`,
    repetitions: `encore; de nouveau; autre`,
    times: `demain; plus tard; lundi; mardi; mercredi; jeudi; vendredi; samedi; dimanche`,
    questions: `quel; quelle; quels; quelles; comment; combien; où; quand; qui; pourquoi; est ce; puis je; que; qu`,
  },
  it: {
    refusals: `no; no grazie; annulla; ho cambiato idea; ci ho ripensato; non mandarlo; non lo mandare; non inviatelo; annullare; annullalo; ferma; fermati; lascia stare; lascia perdere; non inviare; non inviarlo; non farlo; non mandare; meglio di no; non ora; basta; niente; rifiuto`,
    affirmations: `sì; si; va bene; certo; confermo; conferma; procedi; fallo; invia; invialo; d accordo; daccordo; perfetto; esatto`,
    fillers: `per favore; grazie; lo; la; il; questo; quello; bonifico; pagamento; tutto; allora`,
    courtesies: `nessun problema; non importa; non fa niente`,
    changes: `invece; facciamo; volevo dire; intendevo; cambia; ma; altro; altra; sbagliato; anzi`,
    inquiries: `quale conto; da quale conto; a chi; quale importo; cosa aspetta; cosa resta`,
    additions: `anche; inoltre`,
    repetitions: `ancora; di nuovo`,
    times: `domani; dopo; più tardi; lunedì; martedì; mercoledì; giovedì; venerdì; sabato; domenica`,
    questions: `che; cosa; come; quanto; quanta; dove; quando; chi; perché; quale; posso`,
  },
  pt: {
    refusals: `não; não obrigado; mudei de ideia; mudei de ideias; não mande; não mandes; não manda; não obrigada; cancela; cancelar; cancele; para; pare; deixa pra lá; deixa para lá; deixa; não envie; não envies; não faças; não faça isso; melhor não; agora não; nada; esquece; anula`,
    affirmations: `sim; claro; confirmo; confirmar; pode; pode ser; vá em frente; faz; faça; envia; envie; está bem; tudo bem; certo; correto`,
    fillers: `por favor; obrigado; obrigada; isso; isto; o; a; transferência; pagamento; tudo`,
    courtesies: `sem problema; não faz mal; não há problema`,
    changes: `em vez; melhor; quis dizer; queria dizer; muda; mudar; mas; outro; outra; errado`,
    inquiries: `qual conta; de que conta; para quem; qual valor; o que falta; o que está pendente`,
    additions: `também; além disso`,
    repetitions: `mais uma vez; de novo; outra vez`,
    times: `amanhã; depois; mais tarde; segunda; terça; quarta; quinta; sexta; sábado; domingo`,
    questions: `que; o que; como; quanto; onde; quando; quem; qual; posso; há`,
  },
  tr: {
    refusals: `hayır; hayir; yok; istemiyorum; iptal; iptal et; iptal edin; vazgeçtim; fikrimi değiştirdim; vazgec; vazgeç; boş ver; boşver; dur; durdur; gönderme; göndermeyin; yapma; olmaz; şimdi değil; hayır teşekkürler; gerek yok`,
    affirmations: `evet; tamam; olur; onaylıyorum; onayla; gönder; yap; tabii; tabi; doğru; kabul`,
    fillers: `lütfen; teşekkürler; sağol; bunu; onu; şunu; bu; o; havale; ödeme`,
    courtesies: `sorun değil; sorun yok; önemli değil`,
    changes: `yerine; demek istedim; değiştir; ama; başka; yanlış; olsun`,
    inquiries: `hangi hesap; hangi hesaptan; kime; ne kadar; ne bekliyor`,
    additions: `ayrıca`,
    repetitions: `bir daha; tekrar`,
    times: `yarın; sonra; pazartesi; salı; çarşamba; perşembe; cuma; cumartesi; pazar`,
    questions: `ne; nasıl; nerede; kim; kaç; hangi; neden; niye; var`,
  },
  pl: {
    refusals: `nie; nie dziękuję; rozmyśliłam się; rozmyśliłem się; zmieniłem zdanie; zmieniłam zdanie; jednak nie; nie wysyłajcie; anuluj; anulować; stop; zatrzymaj; zostaw; nie wysyłaj; nie rób tego; nie rób; lepiej nie; nie teraz; rezygnuję; zapomnij; odrzuć; przestań`,
    affirmations: `tak; dobrze; jasne; oczywiście; potwierdzam; potwierdź; wyślij; zrób to; zgoda; ok; w porządku`,
    fillers: `proszę; dziękuję; dzięki; to; tego; ten; przelew; płatność; wszystko`,
    courtesies: `nie ma problemu; nie ma sprawy; nie szkodzi`,
    changes: `zamiast; raczej; miałem na myśli; miałam na myśli; zmień; ale; inny; inna; źle; jednak`,
    inquiries: `z którego konta; które konto; do kogo; jaka kwota; co czeka`,
    additions: `też; także; również`,
    repetitions: `jeszcze; jeszcze raz; ponownie`,
    times: `jutro; później; poniedziałek; wtorek; środa; czwartek; piątek; sobota; niedziela`,
    questions: `co; jak; ile; gdzie; kiedy; kto; dlaczego; który; która; czy`,
  },
  nl: {
    refusals: `nee; nee bedankt; ik ben van gedachten veranderd; ik heb me bedacht; bedacht; maar niet; niet verzenden; niet sturen; nee dank je; annuleer; annuleren; stop; laat maar; laat zitten; niet versturen; niet doen; doe het niet; stuur niet; liever niet; toch maar niet; toch niet; nu niet; vergeet het; weiger; niet`,
    affirmations: `ja; oké; oke; prima; zeker; bevestig; bevestigen; ik bevestig; doe maar; ga door; verstuur; akkoord; klopt; graag`,
    fillers: `alsjeblieft; alstublieft; aub; hoor; toch; bedankt; dank; dat; dit; het; de; betaling; overboeking; alles`,
    courtesies: `geen probleem; maakt niet uit; geen zorgen`,
    changes: `in plaats; liever; ik bedoelde; bedoelde; verander; maar; andere; ander; fout; verkeerd; maak er`,
    inquiries: `welke rekening; van welke rekening; aan wie; welk bedrag; wat wacht; wat staat open`,
    additions: `ook; daarnaast; bovendien`,
    repetitions: `nog een; nogmaals; opnieuw`,
    times: `morgen; later; maandag; dinsdag; woensdag; donderdag; vrijdag; zaterdag; zondag`,
    questions: `wat; hoe; waar; wanneer; wie; waarom; welke; kan; hoeveel; is`,
  },
  ru: {
    refusals: `нет; не надо; я передумала; я передумал; передумала; передумал; не нужно; отмена; отмени; отменить; отмените; стоп; остановись; не отправляй; не отправляйте; не делай; не делай этого; передумал; передумала; лучше не надо; не сейчас; забудь; нет спасибо; не хочу; отказ; отклонить; не`,
    affirmations: `да; хорошо; ладно; конечно; подтверждаю; подтвердить; отправь; отправляй; давай; сделай; верно; согласен; согласна; ок`,
    fillers: `пожалуйста; спасибо; это; этот; эту; перевод; платеж; платёж; всё; все; ну`,
    courtesies: `нет проблем; не проблема; ничего страшного`,
    changes: `вместо; лучше; имел в виду; имела в виду; измени; но; другой; другая; другому; неправильно; не тот`,
    inquiries: `с какого счёта; с какого счета; какой счёт; кому; какая сумма; что ждёт`,
    additions: `также; ещё и; тоже`,
    repetitions: `ещё; еще; снова; повторно`,
    times: `завтра; позже; потом; понедельник; вторник; среда; четверг; пятница; суббота; воскресенье`,
    questions: `что; как; сколько; где; когда; кто; почему; какой; какая; какие; можно; есть`,
  },
  uk: {
    refusals: `ні; не треба; я передумала; я передумав; передумала; передумав; не надсилайте; не відправляйте; не потрібно; скасувати; скасуй; скасуй це; скасуйте; стоп; зупинись; не надсилай; не відправляй; не роби; не роби цього; передумав; передумала; краще не треба; не зараз; забудь; ні дякую; не хочу; відхилити; не`,
    affirmations: `так; добре; гаразд; звичайно; підтверджую; підтвердити; надсилай; надішли; відправляй; давай; зроби; згоден; згодна; вірно; ок`,
    fillers: `будь ласка; дякую; це; цей; цю; переказ; платіж; все; ну`,
    courtesies: `немає проблем; без проблем; нічого страшного`,
    changes: `замість; краще; мав на увазі; мала на увазі; зміни; але; інший; інша; іншому; неправильно; не той`,
    inquiries: `з якого рахунку; який рахунок; кому; яка сума; що чекає`,
    additions: `також; теж`,
    repetitions: `ще; знову`,
    times: `завтра; пізніше; потім; понеділок; вівторок; середа; четвер; пятниця; субота; неділя`,
    questions: `що; як; скільки; де; коли; хто; чому; який; яка; які; можна; є`,
  },
  ar: {
    refusals: `لا; لا شكرا; لا ترسل; لا ترسلها; لا تفعل; إلغاء; ألغ; ألغِ; ألغي; الغاء; الغي; توقف; قف; ليس الآن; لا أريد; غيرت رأيي; انس الأمر; كلا`,
    affirmations: `نعم; أجل; حسنا; موافق; أؤكد; تأكيد; أرسل; تمام; أكيد; صحيح`,
    fillers: `من فضلك; شكرا; هذا; هذه; ذلك; العملية; التحويل; الدفع; كل شيء`,
    courtesies: `لا مشكلة; لا بأس; لا داعي للقلق`,
    changes: `بدلا; بدل; قصدت; أقصد; غير; لكن; آخر; خطأ`,
    inquiries: `أي حساب; من أي حساب; لمن; ما المبلغ; ماذا ينتظر`,
    additions: `أيضا; كذلك`,
    repetitions: `مرة أخرى; المزيد`,
    times: `غدا; لاحقا; الاثنين; الثلاثاء; الأربعاء; الخميس; الجمعة; السبت; الأحد`,
    questions: `ما; ماذا; كيف; كم; أين; متى; من; لماذا; هل; أي`,
  },
};

/** What a language that is not listed leaves out. */
export const replyWords: readonly Partial<ReplyWords>[] = [
  english,
  german,
  ...Object.values(others).flatMap((one) => one ?? []),
];
