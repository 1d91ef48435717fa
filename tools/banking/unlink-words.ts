import { asksPlainly } from "../../core/language/plain-requests.ts";

/** The chat and the accounts, not a card, an app or a payee that can be separated too. */
const ENGLISH =
  /^(?=.*\b(?:unl?i?nk|un-?link|disconnect|separate|detach|sever|no longer (?:be )?(?:connected|linked)|log\b.*\bout|(?:undo|remove|delete|cut|break|end|dissolve)\b.*\b(?:link|connection))\b)(?!.*\b(?:pay ?pal|apple|google|phone|app|card|payee|device|gym)\b)(?=.*(?:\bme\b|\b(?:chat|conversation|bank|customer|acc?ounts?)\b|^\W*(?:please\W+)?unlink\W*(?:please\W*)?$))/iu;
const GERMAN =
  /^(?=.*(?:\b(?:trenn\w*|entkopp\w*|entknüpf\w*)\b|(?:verbindung|verknüpfung)\b.*\b(?:lös\w*|löse\w*|trenn\w*|weg|auf|entfern\w*|beend\w*)|\b(?:lös\w*|trenn\w*|entfern\w*|beend\w*|mach)\b.*(?:verbindung|verknüpfung)|kontoverknüpfung lösch))(?!.*(?:paypal|karte|handy|app\b|empfänger|gerät))(?=.*(?:\bchats?\b|konto|konten|\bbank\b|mich\b))/iu;

/** Whether the person plainly asks to separate this chat from their accounts. */
export function asksToUnlink(text: string): boolean {
  return [ENGLISH, GERMAN].some((asks) => asksPlainly(text, asks));
}
