/** What the kinds of messages say in words. */
import { placeText } from "../normalize.ts";
import type { Contact, Said } from "./message.ts";

/** The words of a message; undefined where it has none. */
export function wordsOf(said: Said): string | undefined {
  const { text, button, image, video, document, location, contacts, order, interactive } = said;
  if (location !== undefined) return placeText(location);
  const captions = [image, video, document].map((media) => media?.caption);
  const words = [text?.body, button?.text, ...captions].find((one) => one !== undefined);
  if (words !== undefined) return words;
  if (order !== undefined) return orderText(order);
  if (interactive?.nfm_reply !== undefined) return formText(interactive.nfm_reply);
  return contacts.length === 0 ? undefined : contacts.map(contactText).join("\n");
}

function contactText({ name, phones }: Contact): string {
  return [name?.formatted_name, ...phones.map(({ phone }) => phone)].filter((part) => part !== undefined).join(" ");
}

function orderText({ text, product_items: items }: NonNullable<Said["order"]>): string | undefined {
  const lines = items.map(({ product_retailer_id: id, quantity = 1, item_price: price, currency }) => {
    const each = price === undefined ? "" : ` (${[price, currency].filter((part) => part !== undefined).join(" ")})`;
    return `- ${quantity} × ${id}${each}`;
  });
  const words = [text, ...lines].filter((part) => part !== undefined && part !== "").join("\n");
  return words === "" ? undefined : words;
}

/** What Meta needs to know a form again: nobody typed it. */
const TOKEN = "flow_token";

type Form = NonNullable<NonNullable<Said["interactive"]>["nfm_reply"]>;

/** The answers that were given in a form, one a line. */
function formText({ body, response_json: json }: Form): string | undefined {
  const answers = Object.entries(objectIn(json ?? "")).filter(([name]) => name !== TOKEN);
  if (answers.length === 0) return body;
  return answers
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("\n");
}

function objectIn(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    // The form's own words are what is left.
    return {};
  }
}
