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

export type Addresses = ReturnType<typeof createAddresses>;

/** Where people are addressed: by number, or by LID. */
export function createAddresses() {
  const phones: Record<string, string> = {};
  const lids = new Map<string, string>();
  return {
    /** Numbers by LID. */
    phones,
    /** From now on this person appears under a LID, as WhatsApp moves its users step by step. */
    giveLid: (person: string): void => {
      const lid = `${person.replaceAll(/\d/gu, (digit) => String(9 - Number(digit)))}@lid`;
      lids.set(person, lid);
      phones[lid] = `${person}@c.us`;
    },
    /** The id that the page uses for a chat or person of the ledger. */
    toPage: (id: string): string => lids.get(id) ?? (id.includes("@") ? id : `${id}@c.us`),
    /** And back. */
    fromPage: (wid: string): string => (phones[wid] ?? wid).replace(/@c\.us$/u, ""),
  };
}
