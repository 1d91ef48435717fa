import type { OpenApiDocument, OperationDocument } from "./open-api-document.ts";

/** The description as one self-contained page: no script, readable in any browser. */
export function docsPage({ info, paths }: OpenApiDocument): string {
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(method.toUpperCase(), path, operation)),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(info.title)} ${escapeHtml(info.version)}: the calls</title>
<style>
:root { color-scheme: light dark; --line: light-dark(#d7dce2, #343a42); --soft: light-dark(#f4f6f8, #1c2026); --accent: light-dark(#0b5cad, #7ab8ff); }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 54rem; margin: 2rem auto; padding: 0 1rem; background: light-dark(#fff, #14171b); color: light-dark(#16191d, #e7eaee); }
details { border: 1px solid var(--line); border-radius: .6rem; margin: .6rem 0; padding: .7rem 1rem; }
summary { cursor: pointer; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { background: var(--soft); padding: .8rem; border-radius: .4rem; overflow: auto; }
.method { color: var(--accent); font-weight: 700; display: inline-block; min-width: 4.5rem; }
</style>
</head>
<body>
<h1>${escapeHtml(info.title)} ${escapeHtml(info.version)}</h1>
<p>${escapeHtml(info.description)} The same as data: <a href="/openapi.json">/openapi.json</a>.</p>
${calls.join("\n")}
</body>
</html>`;
}

function section(method: string, path: string, operation: OperationDocument): string {
  const parameters = operation.parameters.map(
    (one) => `<li><code>${escapeHtml(one.name)}</code> (${one.in}${one.required ? ", required" : ""})</li>`,
  );
  const body = operation.requestBody?.content["application/json"]?.schema;
  return `<details>
<summary><span class="method">${method}</span> <code>${escapeHtml(path)}</code> ${escapeHtml(operation.summary)}</summary>
${parameters.length > 0 ? `<h2>Parameters</h2><ul>${parameters.join("")}</ul>` : ""}
${body === undefined ? "" : `<h2>Body</h2><pre>${escapeHtml(JSON.stringify(body, null, 2))}</pre>`}
<h2>Answers</h2><pre>${escapeHtml(JSON.stringify(operation.responses, null, 2))}</pre>
</details>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
