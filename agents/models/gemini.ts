/** What LangChain's client of Gemini gets wrong, put right where it hands a request over. */
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { z } from "zod";

interface StreamClient {
  generateContentStream: (
    request: unknown,
    ...options: readonly unknown[]
  ) => Promise<{ readonly response: Promise<unknown> }>;
}

const Content = z.looseObject({ role: z.string(), parts: z.array(z.unknown()) });
const Request = z.looseObject({ contents: z.array(Content) });
type Content = z.infer<typeof Content>;

/**
 * Gemini wants the results of calls that it made at once in one content; each is sent in one of its own, and refused. And the client
 * collects the whole answer besides, for which nobody waits: where a stream breaks off, that is a rejection that nobody
 * handles, and the end of a process that does not expect one. Leaves every other model as it is.
 */
export function mendGemini(model: BaseChatModel): void {
  const client: unknown = Reflect.get(model, "client");
  if (!isStreamClient(client)) return;
  const open = client.generateContentStream.bind(client);
  client.generateContentStream = async (request, ...options) => {
    const read = Request.safeParse(request).data;
    const opened = await open(read === undefined ? request : { ...read, contents: joined(read.contents) }, ...options);
    opened.response.catch(() => undefined);
    return opened;
  };
}

function joined(contents: readonly Content[]): readonly Content[] {
  const whole: Content[] = [];
  for (const content of contents) {
    const before = whole.at(-1);
    if (before?.role === content.role) before.parts.push(...content.parts);
    else whole.push({ ...content, parts: [...content.parts] });
  }
  return whole;
}

function isStreamClient(client: unknown): client is StreamClient {
  return (
    typeof client === "object" &&
    client !== null &&
    "generateContentStream" in client &&
    typeof client.generateContentStream === "function"
  );
}
