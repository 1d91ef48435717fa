/** What the library tells, as plain JSON for `normalize`: the fields that are read, the ids behind LIDs beside them. */
import { z } from "zod";
import type { Client, GroupNotification, Message, PollVote, Reaction } from "whatsapp-web.js";
import type { WebRaw } from "../web-raw.ts";

/** Fields of a message that `normalize` reads. The rest (thumbnails, keys of media) stays in the browser. */
const FIELDS = [
  "id",
  "type",
  "body",
  "caption",
  "t",
  "from",
  "to",
  "author",
  "notifyName",
  "mimetype",
  "filename",
  "size",
  "isViewOnce",
  "directPath",
  "lat",
  "lng",
  "loc",
  "vcardFormattedName",
  "vcardList",
  "isForwarded",
  "pollName",
  "pollOptions",
  "mentionedJidList",
  "quotedStanzaID",
  "quotedParticipant",
  "quotedMsg",
  "latestEditSenderTimestampMs",
  "protocolMessageKey",
  "isStatusV3",
  "broadcast",
] as const;

/** Makes raw events of one connected client. */
export interface RawMaker {
  readonly message: (kind: "message" | "edit" | "delete", message: Message, own: boolean) => Promise<WebRaw>;
  readonly reaction: (reaction: Reaction) => Promise<WebRaw>;
  readonly vote: (vote: PollVote) => Promise<WebRaw>;
  readonly membership: (change: "added" | "removed", notification: GroupNotification) => Promise<WebRaw>;
}

export function createRawMaker(client: Client): RawMaker {
  const phones = new Map<string, string>();

  /** The numbers behind LIDs. One that WhatsApp does not tell stays a LID. */
  async function phonesOf(value: unknown): Promise<Readonly<Record<string, string>>> {
    const lids = new Set(JSON.stringify(value).match(/[\w.:-]+@lid/gu) ?? []);
    const unknown = [...lids].filter((lid) => !phones.has(lid));
    if (unknown.length > 0) {
      const found = await client.getContactLidAndPhone(unknown).catch(() => []);
      for (const [index, lid] of unknown.entries()) {
        const phone = found[index]?.pn;
        if (phone !== undefined) phones.set(lid, phone);
      }
    }
    return Object.fromEntries([...lids].flatMap((lid) => (phones.has(lid) ? [[lid, phones.get(lid) ?? lid]] : [])));
  }

  const around = async <Raw extends object>(raw: Raw): Promise<Raw & Around> => ({
    ...raw,
    phones: await phonesOf(raw),
  });
  return {
    message: async (kind, message, own) => await around({ kind, own, data: pick(message.rawData) }),
    reaction: async ({ msgId, senderId, reaction, timestamp }) =>
      await around({
        kind: "reaction" as const,
        message: plain(msgId),
        sender: idOf(senderId),
        emoji: reaction,
        at: timestamp,
      }),
    vote: async ({ voter, selectedOptions, interractedAtTs, parentMessage }) =>
      await around({
        kind: "vote" as const,
        message: plain(parentMessage.id),
        voter: idOf(voter),
        options: selectedOptions.map((option) => localIdOf(option)),
        at: interractedAtTs,
      }),
    membership: async (change, { id, chatId, author, recipientIds, timestamp }) =>
      await around({
        kind: "membership" as const,
        change,
        id: plain(id),
        chat: chatId,
        author: idOf(author),
        recipients: recipientIds.map(idOf),
        at: timestamp,
      }),
  };
}

interface Around {
  readonly phones: Readonly<Record<string, string>>;
}

function pick(data: object): unknown {
  return plain(
    Object.fromEntries(FIELDS.flatMap((name) => (Object.hasOwn(data, name) ? [[name, Reflect.get(data, name)]] : []))),
  );
}

/** JSON through and through: what cannot travel is left out. */
function plain(value: unknown): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(value ?? null));
  return copy;
}

/** Ids come as text or as the page's own objects, whatever the types say. */
export function idOf(id: unknown): string {
  if (typeof id === "string") return id;
  const parsed = PageId.safeParse(id);
  return parsed.success ? parsed.data : "";
}

const PageId = z.object({ _serialized: z.string() }).transform(({ _serialized: whole }) => whole);

function localIdOf(option: object): number {
  return "localId" in option && typeof option.localId === "number" ? option.localId : -1;
}
