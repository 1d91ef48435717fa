import { z } from "zod";
import type { Check } from "../../../adapter.ts";
import { describeError } from "../../../adapter.ts";
import type { CloudSettings } from "../settings.ts";
import { readNumber } from "./connect.ts";
import type { Graph } from "./graph.ts";
import { createGraph } from "./graph.ts";

const Apps = z.object({ data: z.array(z.unknown()) });
const Templates = z.object({
  data: z.array(
    z.object({
      name: z.string(),
      language: z.string(),
      status: z.string(),
      components: z.array(z.object({ type: z.string(), text: z.string().optional() })).default([]),
    }),
  ),
});

/** For `parley doctor`: token and number, the webhook's subscription, the template. Nothing is sent. */
export async function probeCloud(settings: CloudSettings): Promise<readonly Check[]> {
  const graph = createGraph(settings);
  const number = await probeNumber(graph, settings);
  if (number.status === "error") return [number];
  const { businessAccountId, template } = settings;
  if (businessAccountId === undefined) {
    const detail = "not looked at: businessAccountId is not set";
    return [number, { name: "whatsapp webhook", status: "ok", detail }, ...noTemplate(settings)];
  }
  return [
    number,
    await probeSubscription(graph, businessAccountId),
    ...(template === undefined ? noTemplate(settings) : [await probeTemplate(graph, businessAccountId, template)]),
  ];
}

async function probeNumber(graph: Graph, settings: CloudSettings): Promise<Check> {
  const name = "whatsapp token and number";
  try {
    const {
      display_phone_number: shown,
      verified_name: verified,
      quality_rating: quality,
    } = await readNumber(graph, settings);
    return {
      name,
      status: "ok",
      detail: [shown, verified, quality && `quality ${quality}`].filter(Boolean).join(", "),
    };
  } catch (thrown) {
    return {
      name,
      status: "error",
      detail: describeError(thrown),
      remedy: "See adapters/whatsapp/README.md, Cloud API.",
    };
  }
}

async function probeSubscription(graph: Graph, account: string): Promise<Check> {
  const name = "whatsapp webhook";
  const remedy = `Subscribe the app to the account: POST /${account}/subscribed_apps, and to the field "messages" in the Meta app.`;
  try {
    const { data } = await graph.call(`${account}/subscribed_apps`, { answer: Apps });
    if (data.length > 0) return { name, status: "ok", detail: "an app is subscribed to the account" };
    return { name, status: "error", detail: "no app is subscribed: nothing will ever arrive", remedy };
  } catch (thrown) {
    const detail = `the subscription cannot be read (${describeError(thrown)})`;
    return {
      name,
      status: "warning",
      detail,
      remedy: "Give the token whatsapp_business_management to have it checked.",
    };
  }
}

async function probeTemplate(
  graph: Graph,
  account: string,
  { name: wanted, language }: NonNullable<CloudSettings["template"]>,
): Promise<Check> {
  const name = `whatsapp template ${wanted}`;
  const remedy = `Create "${wanted}" (${language}) in the WhatsApp manager with one variable in its body, and have it approved.`;
  try {
    const { data } = await graph.call(`${account}/message_templates?name=${wanted}`, { answer: Templates });
    const found = data.find((one) => one.name === wanted && one.language === language);
    if (found === undefined) return { name, status: "error", detail: `it does not exist in ${language}`, remedy };
    if (found.status !== "APPROVED") return { name, status: "error", detail: `it is ${found.status}`, remedy };
    const body = found.components.find(({ type }) => type === "BODY")?.text ?? "";
    const variables = new Set(body.match(/\{\{\w+\}\}/gu) ?? []).size;
    if (variables === 1) return { name, status: "ok", detail: "approved, one variable" };
    return { name, status: "error", detail: `its body has ${variables} variables instead of one`, remedy };
  } catch (thrown) {
    return { name, status: "warning", detail: `it cannot be read (${describeError(thrown)})`, remedy };
  }
}

function noTemplate({ template }: CloudSettings): readonly Check[] {
  if (template !== undefined) return [];
  return [
    {
      name: "whatsapp template",
      status: "warning",
      detail: "none: a reply to somebody whose last message is more than 24 hours old fails",
      remedy: "Set template: { name, language } if the bot may have to answer that late.",
    },
  ];
}
