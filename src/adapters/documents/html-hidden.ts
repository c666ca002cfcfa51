import type { DefaultTreeAdapterTypes } from "parse5";

export type HtmlElement = DefaultTreeAdapterTypes.Element;
export type HtmlNode = DefaultTreeAdapterTypes.ChildNode;

export const attributeOf = (element: HtmlElement, name: string): string | undefined =>
  element.attrs.find((one) => one.name === name)?.value;

export const isElement = (node: HtmlNode): node is HtmlElement => "tagName" in node;

/** Elements that never show text, by what they are called in the count. */
const silent: { readonly [tag: string]: string } = {
  script: "scripts",
  style: "style sheets",
  template: "templates",
  noscript: "texts for browsers without scripts",
  iframe: "embedded pages",
  object: "embedded pages",
  embed: "embedded pages",
  svg: "drawings",
  math: "formulas as markup",
  title: "",
  meta: "",
  link: "",
  base: "",
};

/** Only the plain cases: what a style sheet computes from many rules is not known here. */
const hidingStyle =
  /display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0+)?(?:;|$)|font-size:0(?:px|pt|em|rem|%)?(?:;|$)|(?:max-)?(?:height|width):0(?:px)?(?:;|$)|(?:left|top|text-indent):-\d{4,}/u;

const hides = (style: string): boolean =>
  hidingStyle.test(
    style
      .slice(0, 4_000)
      .replaceAll(/\s+|!important/gu, "")
      .toLowerCase(),
  );

/** Classes, ids and names of elements that the page's own style sheets hide. */
export interface HidingRules {
  readonly selectors: ReadonlySet<string>;
}

const maxSheetChars = 500_000;

/** Rules whose selector is one class, id or element name. */
export function hidingRules(sheets: readonly string[]): HidingRules {
  const selectors = new Set<string>();
  for (const rule of sheets.join("\n").slice(0, maxSheetChars).split("}")) {
    const at = rule.lastIndexOf("{");
    if (at < 0 || !hides(rule.slice(at + 1))) continue;
    const heads = rule.slice(Math.max(0, rule.lastIndexOf("{", at - 1) + 1), at);
    for (const head of heads.split(",")) {
      const selector = head.trim();
      if (/^[.#]?[\w-]{1,200}$/u.test(selector)) selectors.add(selector.toLowerCase());
    }
  }
  return { selectors };
}

/** What an element that shows nothing is counted as; empty: it is not worth counting; null: it shows. */
export function hiddenAs(element: HtmlElement, rules: HidingRules): string | null {
  const { tagName } = element;
  if (Object.hasOwn(silent, tagName)) return silent[tagName] ?? "";
  if (tagName === "input" && attributeOf(element, "type")?.toLowerCase() === "hidden") return "hidden fields";
  return isHidden(element, rules) ? "hidden elements" : null;
}

const isHidden = (element: HtmlElement, rules: HidingRules): boolean =>
  attributeOf(element, "hidden") !== undefined ||
  hides(attributeOf(element, "style") ?? "") ||
  (rules.selectors.size > 0 && isNamed(element, rules));

function isNamed(element: HtmlElement, { selectors }: HidingRules): boolean {
  const classes = (attributeOf(element, "class") ?? "").slice(0, 4_000).toLowerCase().split(/\s+/u);
  const id = attributeOf(element, "id")?.toLowerCase();
  return (
    classes.some((name) => name !== "" && selectors.has(`.${name}`)) ||
    (id !== undefined && selectors.has(`#${id}`)) ||
    selectors.has(element.tagName)
  );
}
