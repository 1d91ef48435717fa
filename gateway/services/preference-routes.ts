/** How a person wants to be spoken to: kept in the bot's memory of them, as if they had asked for it in the chat. */
import { z } from "zod";
import { type AccountId, accountId } from "../../core/conversation-id.ts";
import { ParleyError } from "../../core/errors.ts";
import { type HttpRoute, ownedBy } from "../../core/http.ts";
import { SHORT_ANSWERS } from "../../core/short-answers.ts";
import { chosen, type ServiceParts } from "./parts.ts";

const Of = z.object({ userId: z.string().min(1).max(128) });
const OfOneBot = z.strictObject({ bot: z.string().min(1).max(64) });
const Preferences = z.strictObject({
  language: z.enum(["en", "de"]).optional().describe("Left out, that of the person's own words."),
  formOfAddress: z.enum(["formal", "informal"]).optional().describe("Sie or du, where the language has both."),
  answers: z.enum(["short"]).optional().describe("Left out, as long as they need to be."),
});
type Preferences = z.output<typeof Preferences>;

/** What is remembered, in words that every crew reads: the embedded brain knows them, and models see them as they are. */
const REMEMBERED = {
  language: { key: "preferred language", values: { en: "answer in English", de: "auf Deutsch antworten" } },
  formOfAddress: { key: "form of address", values: { formal: "siezen (formal)", informal: "duzen (informal)" } },
  answers: { key: SHORT_ANSWERS.key, values: { short: SHORT_ANSWERS.value } },
} as const;

const EXAMPLE = { language: "de", formOfAddress: "formal", answers: "short" } as const;

/** `GET` and `PUT /api/v1/preferences/{userId}`. */
export function preferenceRoutes(parts: ServiceParts): readonly HttpRoute[] {
  const shared = {
    path: "/api/v1/preferences/:userId",
    tags: ["preferences"],
    parameters: Of,
    query: OfOneBot,
    bot: ({ query }: { readonly query: unknown }) => OfOneBot.loose().parse(query).bot,
    owner: ownedBy("parameters", Of, ({ userId }) => ({ user: userId })),
    responses: { 200: Preferences },
  };
  const asked = { parameters: { userId: "01K2V8Q6Z9" }, query: { bot: "harbour" } };
  return [
    {
      ...shared,
      method: "GET",
      summary: "How a user wants to be spoken to on the web",
      permission: "preferences:read",
      examples: [{ ...asked, summary: "Of Jana", status: 200, answer: EXAMPLE }],
      handle: async ({ parameters, query }) => {
        const accounts = webAccountsOf(parts, OfOneBot.parse(query).bot);
        return answered(await read(parts, accounts, { ...Of.parse(parameters), ...OfOneBot.parse(query) }));
      },
    },
    {
      ...shared,
      method: "PUT",
      summary: "Set it: from the next message on. What is left out is as it was before anybody asked",
      permission: "preferences:write",
      body: Preferences,
      findsAnswer: true,
      examples: [
        { ...asked, summary: "In German, formally and in brief", body: EXAMPLE, status: 200, answer: EXAMPLE },
      ],
      handle: async ({ parameters, query, body }) => {
        const of = { ...Of.parse(parameters), ...OfOneBot.parse(query) };
        const wanted = Preferences.parse(body);
        await write(parts, webAccountsOf(parts, of.bot), { ...of, wanted });
        return answered(wanted);
      },
    },
  ];
}

interface OfUser {
  readonly bot: string;
  readonly userId: string;
}

function answered(preferences: z.input<typeof Preferences>): Response {
  return Response.json(preferences, { headers: { "cache-control": "no-store" } });
}

async function read(
  { store: { people, memory }, wishesIn }: ServiceParts,
  accounts: readonly AccountId[],
  { bot, userId }: OfUser,
): Promise<Preferences> {
  for (const account of accounts) {
    const person = await people.find(account, userId);
    if (person !== undefined) return wishesIn(await memory.list({ kind: "person", bot, person }));
  }
  return {};
}

async function write(
  { store: { people, memory }, environment, wishesIn }: ServiceParts,
  accounts: readonly AccountId[],
  { bot, userId, wanted }: OfUser & { readonly wanted: Preferences },
): Promise<void> {
  const at = new Date(environment.clock()).toISOString();
  const { language, formOfAddress, answers } = wanted;
  const facts = [
    { key: REMEMBERED.language.key, value: language && REMEMBERED.language.values[language] },
    { key: REMEMBERED.formOfAddress.key, value: formOfAddress && REMEMBERED.formOfAddress.values[formOfAddress] },
    { key: REMEMBERED.answers.key, value: answers && REMEMBERED.answers.values[answers] },
  ];
  for (const account of accounts) {
    const scope = { kind: "person", bot, person: await people.personOf(account, userId) } as const;
    // What they asked for before, here or in the chat, is over.
    for (const fact of await memory.list(scope))
      if (Object.keys(wishesIn([fact])).length > 0) await memory.forget(scope, fact.key);
    for (const { key, value } of facts) if (value !== undefined) await memory.set(scope, { key, value, at });
  }
}

/** Users write on the web. Throws `services/unknown-bot`. */
function webAccountsOf(parts: ServiceParts, bot: string): readonly AccountId[] {
  const [found] = chosen(parts, bot);
  if (found === undefined)
    throw new ParleyError("services/unknown-bot", "There is no such bot in this configuration.", { status: 404 });
  return found.config.accounts
    .filter(({ adapter }) => adapter.manifest.platform === "web")
    .map(({ adapter, name }) => accountId(adapter.manifest.platform, name));
}
