/** Messages of a webhook, in the fields that are read. A field that does not fit costs itself, not the message. */
import { z } from "zod";
import { optionalPart, readableItems } from "../../../adapter.ts";
import { Numeric } from "../normalize.ts";

const Text = z.string();
const Address = z.union([z.string().min(1).max(256), z.number().int().transform(String)]);
const MessageId = z.string().min(1).max(512);

const Media = z.object({
  id: MessageId,
  mime_type: optionalPart(Text),
  caption: optionalPart(Text),
  filename: optionalPart(Text),
});
const Reply = z.object({ id: z.string().min(1).max(200) });
const Contact = z.object({
  name: optionalPart(z.object({ formatted_name: Text })),
  phones: readableItems(z.object({ phone: Text })),
});
export type Contact = z.infer<typeof Contact>;

const Item = z.object({
  product_retailer_id: Text,
  quantity: optionalPart(Numeric),
  item_price: optionalPart(Numeric),
  currency: optionalPart(Text),
});

/** What a message says and holds, also the changed message inside an edit. */
const content = {
  type: z.string().catch("unknown"),
  text: optionalPart(z.object({ body: Text })),
  image: optionalPart(Media),
  audio: optionalPart(Media),
  video: optionalPart(Media),
  document: optionalPart(Media),
  sticker: optionalPart(Media),
  location: optionalPart(
    z.object({ latitude: Numeric, longitude: Numeric, name: optionalPart(Text), address: optionalPart(Text) }),
  ),
  contacts: readableItems(Contact),
  interactive: optionalPart(
    z.object({
      button_reply: optionalPart(Reply),
      list_reply: optionalPart(Reply),
      /** A filled form. */
      nfm_reply: optionalPart(z.object({ body: optionalPart(Text), response_json: optionalPart(Text) })),
    }),
  ),
  /** A quick reply of a template. */
  button: optionalPart(z.object({ text: Text })),
  /** A cart of a catalogue. */
  order: optionalPart(z.object({ text: optionalPart(Text), product_items: readableItems(Item) })),
  /** The advertisement or post that the person came from. */
  referral: optionalPart(
    z.object({ headline: optionalPart(Text), body: optionalPart(Text), source_url: optionalPart(Text) }),
  ),
  context: optionalPart(
    z.object({
      id: optionalPart(MessageId),
      from: optionalPart(Address),
      forwarded: optionalPart(z.boolean()),
      frequently_forwarded: optionalPart(z.boolean()),
    }),
  ),
};
export type Said = z.infer<z.ZodObject<typeof content>>;

export const CloudMessage = z.object({
  ...content,
  id: MessageId,
  /** The number; left out for people who show their user name alone. */
  from: optionalPart(Address),
  from_user_id: optionalPart(Address),
  /** Where this cannot be read, the message is not: it would be answered to one person alone. */
  group_id: Address.nullish(),
  timestamp: optionalPart(Numeric),
  reaction: optionalPart(z.object({ message_id: MessageId, emoji: optionalPart(Text) })),
  edit: optionalPart(z.object({ original_message_id: MessageId, message: z.object(content) })),
  revoke: optionalPart(z.object({ original_message_id: MessageId })),
  /** News of the person's number or user id. */
  system: optionalPart(z.object({ type: Text })),
});
export type CloudMessage = z.infer<typeof CloudMessage>;
