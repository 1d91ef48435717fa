import { describe, expect, it } from "vitest";
import { adapterConformance, sampleReplies } from "../../core/testing/index.ts";
import type { OpenSubject } from "../../core/testing/index.ts";
import type { AdapterSession } from "../../core/adapter.ts";
import type { AnyAdapter, SealedPayload } from "../../core/adapter-binding.ts";
import { parseMarkdown, toPlainText } from "../../core/markdown/index.ts";
import { createGateway, type Gateway } from "../../gateway/index.ts";
import { quietGateway } from "../../test/support/web-chat.ts";
import { openSocket, type TestSocket } from "../../test/support/web-socket.ts";
import { webAdapter } from "./index.ts";
import { markdownToHtml, plainToHtml } from "./html.ts";
import { normalizeWeb } from "./normalize.ts";
import { renderWeb } from "./render.ts";

const at = "2026-11-21T10:00:00.000Z";
const common = { chat: "chat-1", userId: "ann", at };

/** The adapter as it is, telling which session was connected last. */
const latest: { session?: AdapterSession<SealedPayload>; socket?: TestSocket } = {};
const watched: AnyAdapter = {
  ...webAdapter,
  bind: (settings) => {
    const bound = webAdapter.bind(settings);
    return {
      ...bound,
      connect: async (context) => {
        const session = await bound.connect(context);
        latest.session = session;
        // The suite looks as soon as a send resolves; the person's end of the wire is a moment later.
        return {
          ...session,
          send: async (outgoing) => {
            const receipt = await session.send(outgoing);
            await latest.socket?.until(({ reply }) => isReply(reply, receipt.messageId));
            return receipt;
          },
        };
      },
    };
  },
};

function isReply(reply: unknown, id: string): boolean {
  return typeof reply === "object" && reply !== null && "id" in reply && reply.id === id;
}

/** A gateway over that session, and a person at a socket of it. */
function openPlatform(): OpenSubject {
  const open: { gateway?: Gateway } = {};
  let said = 0;
  return {
    settings: {},
    connected: async () => {
      const { routes = [], sockets = [] } = latest.session ?? {};
      const gateway = await createGateway({ ...quietGateway, routes, sockets });
      const socket = await openSocket(gateway.url);
      open.gateway = gateway;
      latest.socket = socket;
      return {
        say: async (text) => {
          said += 1;
          const messageId = `m${said}`;
          socket.send({ type: "message", messageId, text });
          await socket.until(({ type, ...frame }) => /accepted|error/u.test(type) && frame["messageId"] === messageId);
        },
        seen: () => socket.frames.filter(({ type }) => type === "reply").map(({ html }) => String(html)),
      };
    },
    close: async () => await open.gateway?.close(),
  };
}

describe("web adapter", () => {
  const cases = adapterConformance({
    adapter: watched,
    settings: {},
    fixtures: [
      {
        raw: { type: "message", messageId: "1", text: "hello", ...common },
        type: "message",
        text: "hello",
        userId: "ann",
      },
      {
        raw: { type: "message", messageId: "2", text: "/balance today", ...common },
        type: "command",
        text: "/balance today",
        userId: "ann",
      },
      {
        raw: { type: "action", messageId: "3", choiceId: "a", value: "savings", ...common },
        type: "action",
        text: "savings",
        userId: "ann",
      },
    ],
    open: async () => openPlatform(),
  });
  it.each(cases.map((one) => [`${one.group}: ${one.name}`, one] as const))("%s", async (_name, { run }) => await run());
});

describe("normalize", () => {
  it("takes uploads along by their place in the spool", () => {
    const upload = { key: "k", name: "bill.pdf", mediaType: "application/pdf", sizeBytes: 9 };
    expect(normalizeWeb({ type: "message", messageId: "1", text: "", attachments: [upload], ...common })).toMatchObject(
      {
        event: { attachments: [{ kind: "document", spoolKey: "k", sizeBytes: 9 }] },
      },
    );
  });

  it("keeps two sessions' equal message ids apart", () => {
    const keys = ["chat-1", "chat-2"].map((chat) => {
      const normalized = normalizeWeb({ type: "message", messageId: "1", text: "x", ...common, chat });
      return "event" in normalized ? normalized.event.key : "";
    });
    expect(new Set(keys).size).toBe(2);
  });
});

describe("html of a message", () => {
  it("shows raw HTML as text, and lets no script, handler or remote image through", () => {
    const html = markdownToHtml(
      [
        "<script>alert(1)</script> <img src=x onerror=alert(1)>",
        "[a](javascript:alert(1)) [b](data:text/html,x) [c](vbscript:x) [d](JaVaScRiPt:alert(1))",
        "![pixel](https://evil.example/p.png)",
        '<https://evil.example/"onmouseover=alert(1)>',
      ].join("\n\n"),
    );
    expect(html).not.toMatch(/<(?:script|img|iframe|style)/iu);
    expect(html).not.toMatch(/href="(?:javascript|data|vbscript)/iu);
    expect(html).not.toMatch(/<[^>]*\son\w+=/iu);
    expect(html).toContain('<a href="https://evil.example/p.png"');
    expect(html).toContain("&#x3C;script>");
  });

  it("opens links in a new page that cannot reach back", () => {
    for (const address of [
      "https://a.example/x",
      "http://a.example",
      "mailto:a@b.example",
      "/documents/harbour/cards#fees",
    ]) {
      expect(markdownToHtml(`[x](${address})`)).toContain(
        `<a href="${address}" target="_blank" rel="noopener noreferrer nofollow">x</a>`,
      );
    }
  });

  it("makes citations buttons, as many as there are sources, and never in code or links", () => {
    const html = markdownToHtml("Free [1], not [3]. `a[1]` [see [1]](https://a.example)", 2);
    expect(html).toContain('<button type="button" class="cite" data-source="1" aria-label="Source 1">1</button>');
    expect(html.match(/<button/gu)).toHaveLength(1);
    expect(html).toContain("[3]");
  });

  it("keeps tables, lists, code and alignment", () => {
    const html = markdownToHtml(
      "# T\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n3. x\n4. y\n\n- [x] done\n\n```sql\nselect 1;\n```",
    );
    expect(html).toContain("<h3>T</h3>");
    expect(html).toContain('<td align="right">2</td>');
    expect(html).toContain('<ol start="3">');
    expect(html).toContain('<input type="checkbox" checked disabled>');
    expect(html).toContain("<pre><code>select 1;\n</code></pre>");
  });

  it.each(["-€4.90", "4–6", "DE34 9998 0010 4149 9914 00", "DE•• •••• 2500", "1.835,81 €", "2026-11-29"])(
    "web-and-operations E: keeps the figure %s of a table whole",
    (figure) => {
      const html = markdownToHtml(`| a |\n|---|\n| about ${figure} now |`);
      expect(html).toContain(`<td>about <span class="whole">${figure}</span> now</td>`);
    },
  );

  it("survives Markdown bombs", () => {
    for (const bomb of ["[".repeat(50_000), "*a_".repeat(30_000), "> ".repeat(20_000), "|".repeat(60_000)]) {
      expect(markdownToHtml(bomb).length).toBeGreaterThan(0);
    }
  });

  it("escapes plain text whole", () => {
    expect(plainToHtml("<b>&\n  x")).toBe('<p class="plain">&#x3C;b>&#x26;\n  x</p>');
  });

  it("renders one part with nothing degraded, whatever the reply carries", () => {
    for (const reply of Object.values(sampleReplies)) {
      const { text: markdown, ...others } = reply;
      const text = toPlainText(parseMarkdown(markdown));
      expect(renderWeb(reply, { plain: false })).toMatchObject({
        parts: [{ reply: { ...others, text, markdown } }],
        degraded: [],
      });
    }
  });
});
