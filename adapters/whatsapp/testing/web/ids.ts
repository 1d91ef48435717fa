/** WhatsApp's ids: of chats and people, with domain; of messages, with direction, chat and sender. */

/** The parts of a message's whole id, such as `false_15551234567@c.us_3EB0…`. */
export interface MessageKey {
  readonly fromMe: boolean;
  readonly remote: string;
  readonly id: string;
  readonly participant?: string;
}

export function wholeId({ fromMe, remote, id, participant }: MessageKey): string {
  return [fromMe, remote, id, participant].filter((part) => part !== undefined).join("_");
}

export function keyOf(whole: string): MessageKey {
  const [direction, remote = "", id = "", participant] = whole.split("_");
  return { fromMe: direction === "true", remote, id, ...(participant === undefined ? {} : { participant }) };
}

/** Where people are addressed: by number, or by LID. */
export interface Addresses {
  /** Numbers by LID. */
  readonly phones: Readonly<Record<string, string>>;
  /** From now on this person appears under a LID, as WhatsApp moves its users step by step. */
  readonly giveLid: (person: string) => void;
  /** The id that the page uses for a chat or person of the ledger. */
  readonly toPage: (id: string) => string;
  /** And back. */
  readonly fromPage: (wid: string) => string;
}

export function createAddresses(): Addresses {
  const phones: Record<string, string> = {};
  const lids = new Map<string, string>();
  return {
    phones,
    giveLid: (person) => {
      const lid = `${person.replaceAll(/\d/gu, (digit) => String(9 - Number(digit)))}@lid`;
      lids.set(person, lid);
      phones[lid] = `${person}@c.us`;
    },
    toPage: (id) => lids.get(id) ?? (id.includes("@") ? id : `${id}@c.us`),
    fromPage: (wid) => (phones[wid] ?? wid).replace(/@c\.us$/u, ""),
  };
}
