import type { Letter } from "../../core/oversight/compose-letter.ts";

const named: { readonly [character: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

const escaped = (text: string): string => text.replaceAll(/[&<>"']/gu, (character) => named[character] ?? "");

/** A letter as plain text, the form that every reader shows. */
export const letterText = ({ lead, facts, others, links, foot }: Letter): string =>
  [
    lead,
    "",
    ...facts.map(({ name, value }) => `${name}: ${value}`),
    ...(others.length === 0 ? [] : ["", "Also:", ...others.map((line) => `- ${line}`)]),
    "",
    ...links.map(({ label, url }) => `${label}:\n${url}`),
    "",
    "--",
    foot,
    "",
  ].join("\n");

/** A letter as simple HTML: our own elements around escaped text; no image, style sheet or script, so opening it tells nobody. */
export const letterHtml = ({ subject, lead, facts, others, links, foot }: Letter): string =>
  [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head><body>`,
    `<p>${escaped(lead)}</p>`,
    facts.length === 0
      ? ""
      : `<table>${facts.map(({ name, value }) => `<tr><th scope="row" align="left">${escaped(name)}</th><td>${escaped(value)}</td></tr>`).join("")}</table>`,
    others.length === 0 ? "" : `<p>Also:</p><ul>${others.map((line) => `<li>${escaped(line)}</li>`).join("")}</ul>`,
    ...links.map(({ label, url }) => `<p><a href="${escaped(url)}">${escaped(label)}</a></p>`),
    `<p><small>${escaped(foot)}</small></p></body></html>`,
  ].join("");
