import { type Colour, hexOf, readableOn } from "../colour.ts";
import { escaped } from "../markup.ts";
import type { PrototypeElement, PrototypeScreen, PrototypeSpecification } from "./prototype-specification.ts";

const grounds = { light: [255, 255, 255], dark: [22, 24, 29] } as const satisfies { readonly [theme: string]: Colour };

/** The accent as it is shown: moved only as far as text in it, and on it, can be read. */
export const accents = (accent: Colour): { readonly light: Colour; readonly dark: Colour } => ({
  light: readableOn(accent, grounds.light, 4.5),
  dark: readableOn(accent, grounds.dark, 4.5),
});

/**
 * The whole prototype as one file without a script: a screen is shown when it is the target of the address. Nothing is loaded and nothing
 * can be sent; the policy in its head says so to the browser.
 */
export function prototypePage(specification: PrototypeSpecification): string {
  const { title, language, screens, start } = specification;
  const first = screens.filter(({ id }) => id === start);
  const others = screens.filter(({ id }) => id !== start);
  return [
    `<!doctype html>`,
    `<html lang="${escaped(language)}"><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">`,
    `<title>${escaped(title)}</title><style>${styleOf(specification)}</style></head><body>`,
    `<header><p class="name">${escaped(title)}</p><p class="soft">Prototype: nothing here is saved or sent.</p></header>`,
    "<main>",
    ...[...first, ...others].map((screen) => screenHtml(screen, screens)),
    "</main>",
    `<footer><details><summary>All screens</summary><ul>${screens
      .filter(({ stateOf }) => stateOf === null)
      .map(({ id, title: name }) => `<li><a href="#${id}">${escaped(name)}</a></li>`)
      .join("")}</ul></details></footer>`,
    "</body></html>\n",
  ].join("\n");
}

function screenHtml(screen: PrototypeScreen, all: readonly PrototypeScreen[]): string {
  const { id, title, stateOf, elements } = screen;
  const base = stateOf?.screen ?? id;
  const states = all.filter((one) => one.stateOf?.screen === base);
  const shownStates = [{ id: base, name: "usual" }, ...states.map((one) => ({ id: one.id, name: one.stateOf?.name ?? "" }))];
  const switcher =
    states.length === 0
      ? ""
      : `<nav class="states" aria-label="States of ${escaped(title)}"><ul>${shownStates
          .map((one) => `<li><a href="#${one.id}"${one.id === id ? ' aria-current="page"' : ""}>${escaped(one.name)}</a></li>`)
          .join("")}</ul></nav>`;
  const name = `${escaped(title)}${stateOf === null ? "" : `<span class="soft"> (${escaped(stateOf.name)})</span>`}`;
  const body = elements.map((element, index) => elementHtml(element, `${id}-${index}`)).join("\n");
  return `<section id="${id}" tabindex="-1" aria-labelledby="${id}-title"><h1 id="${id}-title">${name}</h1>${switcher}\n${body}\n</section>`;
}

const link = (to: string, text: string, kind = ""): string => `<a${kind} href="#${to}">${escaped(text)}</a>`;
const items = (texts: readonly string[]): string => texts.map((text) => `<li>${text}</li>`).join("");

function elementHtml(element: PrototypeElement, id: string): string {
  switch (element.kind) {
    case "heading":
      return `<h${element.level}>${escaped(element.text)}</h${element.level}>`;
    case "text":
      return element.text
        .split(/\n{2,}/u)
        .map((paragraph) => `<p>${escaped(paragraph).replaceAll("\n", "<br>")}</p>`)
        .join("");
    case "list": {
      const tag = element.ordered ? "ol" : "ul";
      return `<${tag}>${items(element.items.map(escaped))}</${tag}>`;
    }
    case "link":
      return `<p>${link(element.to, element.text)}</p>`;
    case "button":
      return `<p>${link(element.to, element.text, ' class="button"')}</p>`;
    case "navigation":
      return `<nav aria-label="${escaped(element.label)}"><ul>${items(element.items.map(({ text, to }) => link(to, text)))}</ul></nav>`;
    case "notice":
      return `<p class="notice ${element.tone}"><strong>${toneWords[element.tone]}</strong> ${escaped(element.text)}</p>`;
    default:
      return boxHtml(element, id);
  }
}

/** A tone is said in a word as well, never by its colour alone. */
const toneWords = { info: "Note:", success: "Done:", warning: "Careful:", error: "Error:" } as const;

type Box = Extract<PrototypeElement, { readonly kind: "image" | "table" | "input" | "group" }>;

function boxHtml(element: Box, id: string): string {
  switch (element.kind) {
    case "image": {
      const caption = element.caption === "" ? "" : `<figcaption>${escaped(element.caption)}</figcaption>`;
      return `<figure><div class="image" role="img" aria-label="${escaped(element.alt)}"><span aria-hidden="true">${escaped(element.alt)}</span></div>${caption}</figure>`;
    }
    case "table": {
      const head = element.columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join("");
      const rows = element.rows.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`).join("");
      return `<div class="scroll" tabindex="0" role="group" aria-label="${escaped(element.caption)}"><table><caption>${escaped(element.caption)}</caption><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
    }
    case "group": {
      const inner = element.elements.map((one, index) => elementHtml(one, `${id}-${index}`)).join("\n");
      return `<div class="group" role="group" aria-label="${escaped(element.title)}"><p class="title">${escaped(element.title)}</p>${inner}</div>`;
    }
    case "input":
      return inputHtml(element, id);
  }
}

type Input = Extract<PrototypeElement, { readonly kind: "input" }>;

function inputHtml(element: Input, id: string): string {
  const { hint, error } = element;
  const hintHtml = hint === "" ? "" : `<span class="soft" id="${id}-hint">${escaped(hint)}</span>`;
  const errorHtml = error === "" ? "" : `<span class="wrong" id="${id}-error">Error: ${escaped(error)}</span>`;
  const told = [hint === "" ? "" : `${id}-hint`, error === "" ? "" : `${id}-error`].filter((one) => one !== "").join(" ");
  const described = told === "" ? "" : ` aria-describedby="${told}"`;
  return controlHtml(element, { id, notes: hintHtml + errorHtml, described, invalid: error === "" ? "" : ' aria-invalid="true"' });
}

interface Control {
  readonly id: string;
  /** Hint and error, and the attributes that tie them to the control. */
  readonly notes: string;
  readonly described: string;
  readonly invalid: string;
}

function controlHtml({ input, label, options, value }: Input, { id, notes, described, invalid }: Control): string {
  const name = `<label for="${id}">${escaped(label)}</label>`;
  const common = `${described}${invalid}`;
  const field = (control: string): string => `<div class="field">${name}${notes}${control}</div>`;
  const chosen = (option: string, word: string): string => (option === value ? ` ${word}` : "");
  switch (input) {
    case "checkbox":
      return `<div class="field check"><input type="checkbox" id="${id}"${common}${value === "" ? "" : " checked"}>${name}${notes}</div>`;
    case "radio":
      return `<fieldset class="field"${described}><legend>${escaped(label)}</legend>${notes}${options
        .map(
          (option, index) =>
            `<div class="check"><input type="radio" name="${id}" id="${id}-${index}"${chosen(option, "checked")}><label for="${id}-${index}">${escaped(option)}</label></div>`,
        )
        .join("")}</fieldset>`;
    case "select":
      return field(
        `<select id="${id}"${common}>${options.map((option) => `<option${chosen(option, "selected")}>${escaped(option)}</option>`).join("")}</select>`,
      );
    case "textarea":
      return field(`<textarea id="${id}" rows="4"${common}>${escaped(value)}</textarea>`);
    default:
      return field(`<input type="${input}" id="${id}" value="${escaped(value)}" autocomplete="off"${common}>`);
  }
}

function styleOf({ accent, start }: PrototypeSpecification): string {
  const { light, dark } = accents(accent);
  return `:root{color-scheme:light dark;--paper:#ffffff;--ink:#1a1b1f;--soft:#5a5d66;--line:#8b8fa3;--raised:#f4f4f7;--accent:${hexOf(light)};--on:#ffffff;--wrong:#a3182a;--good:#1d6b35;--careful:#7a4a00}
@media(prefers-color-scheme:dark){:root{--paper:#16181d;--ink:#e9e8e4;--soft:#a9acb7;--line:#7d8194;--raised:#242730;--accent:${hexOf(dark)};--on:#16181d;--wrong:#ff9aa0;--good:#7fd79a;--careful:#efb45f}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:760px;margin:0 auto;padding:16px}header{border-bottom:1px solid var(--line)}header p{margin:0}.name{font-weight:650}.soft,figcaption{color:var(--soft);font-size:14px;font-weight:400}
section{display:none;outline:none}section:target,main:not(:has(section:target))>#${start}{display:block}
h1{font-size:28px;line-height:1.2;margin:8px 0 16px}h2{font-size:20px;margin:24px 0 8px}h3,h4,h5,h6{font-size:16px;margin:16px 0 8px}p{margin:0 0 12px}
a{color:var(--accent);text-underline-offset:2px}a:focus-visible,summary:focus-visible,input:focus-visible,select:focus-visible,textarea:focus-visible,.scroll:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;list-style:none;margin:0 0 16px;padding:0}nav a{display:inline-block;padding:6px 0;min-width:24px}nav a[aria-current]{font-weight:650;color:var(--ink);text-decoration:none}
.states{border:1px dashed var(--line);border-radius:4px;padding:0 12px;margin:0 0 16px}.states ul{margin:0}
.button{display:inline-block;background:var(--accent);color:var(--on);padding:10px 20px;border-radius:6px;text-decoration:none;font-weight:600}
.field{display:grid;gap:4px;margin:0 0 16px;border:0;padding:0}label,legend{font-weight:600;padding:0}input,select,textarea{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:6px;padding:10px;width:100%;min-height:44px}
.check{display:flex;flex-wrap:wrap;align-items:center;gap:8px}.check input{width:24px;height:24px;min-height:24px;margin:0;accent-color:var(--accent)}.check label{font-weight:400}
.wrong{color:var(--wrong);font-size:14px}[aria-invalid]{border-color:var(--wrong);border-width:2px}
.notice{border-left:4px solid var(--accent);background:var(--raised);padding:12px}.success{border-color:var(--good)}.warning{border-color:var(--careful)}.error{border-color:var(--wrong)}
.group{border:1px solid var(--line);border-radius:8px;padding:16px;margin:0 0 16px}.title{font-weight:650}
figure{margin:0 0 16px}.image{display:grid;place-items:center;min-height:160px;padding:16px;text-align:center;color:var(--soft);background:var(--raised);border:1px dashed var(--line);border-radius:6px}
.scroll{overflow-x:auto;margin:0 0 16px}table{border-collapse:collapse;width:100%}caption{text-align:left;color:var(--soft);font-size:14px}th,td{text-align:left;padding:8px 12px 8px 0;border-bottom:1px solid var(--line);vertical-align:top}
footer{border-top:1px solid var(--line);margin-top:32px}summary{cursor:pointer;padding:6px 0}footer li{margin:8px 0}`;
}
