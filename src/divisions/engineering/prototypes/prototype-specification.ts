import { type Colour, colourFrom } from "../colour.ts";
import { type Place, at, complain, entriesOf, fieldsOf, flagOf, numberOf, textOf, wordOf } from "../specification.ts";

/** One thing on a screen. */
export type PrototypeElement =
  | { readonly kind: "heading"; readonly level: number; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[]; readonly ordered: boolean }
  | { readonly kind: "link" | "button"; readonly text: string; readonly to: string }
  | { readonly kind: "navigation"; readonly label: string; readonly items: readonly { readonly text: string; readonly to: string }[] }
  | { readonly kind: "notice"; readonly tone: Tone; readonly text: string }
  | { readonly kind: "image"; readonly alt: string; readonly caption: string }
  | { readonly kind: "table"; readonly caption: string; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | {
      readonly kind: "input";
      readonly input: InputKind;
      readonly label: string;
      readonly hint: string;
      readonly value: string;
      readonly error: string;
      readonly options: readonly string[];
    }
  | { readonly kind: "group"; readonly title: string; readonly elements: readonly PrototypeElement[] };

const tones = ["info", "success", "warning", "error"] as const;
export type Tone = (typeof tones)[number];
const inputs = ["text", "email", "tel", "number", "date", "password", "search", "textarea", "checkbox", "select", "radio"] as const;
export type InputKind = (typeof inputs)[number];

export interface PrototypeScreen {
  readonly id: string;
  readonly title: string;
  /** The screen of which this is a state, and what the state is called; null for a screen itself. */
  readonly stateOf: { readonly screen: string; readonly name: string } | null;
  readonly elements: readonly PrototypeElement[];
  readonly path: string;
}

export interface PrototypeSpecification {
  readonly title: string;
  readonly language: string;
  readonly accent: Colour;
  readonly start: string;
  readonly screens: readonly PrototypeScreen[];
}

const limits = { screens: 80, states: 10, elements: 100, depth: 3, items: 50, rows: 100, short: 200, long: 4_000 };
const defaultAccent: Colour = [42, 59, 208];

const short = (place: Place, otherwise?: string): string =>
  textOf(place, { most: limits.short, ...(otherwise === undefined ? {} : { otherwise }) });

/** Reads a prototype; what is wrong is gathered in the place's problems. */
export function readPrototype(root: Place): PrototypeSpecification {
  fieldsOf(root, ["title", "language", "accent", "start", "screens"]);
  const screens = entriesOf(at(root, "screens"), { least: 1, most: limits.screens }).flatMap(screensOf);
  const known = new Set(screens.map(({ id }) => id));
  if (known.size < screens.length) complain(at(root, "screens"), "Two screens, or a screen and a state, have one id.");
  const start = short(at(root, "start"), screens[0]?.id ?? "");
  if (!known.has(start)) complain(at(root, "start"), "There is no screen of this id.");
  return {
    title: short(at(root, "title")),
    language: textOf(at(root, "language"), {
      most: 20,
      otherwise: "en",
      form: [/^[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*$/u, "a language such as en or de-CH"],
    }),
    accent: accentOf(at(root, "accent")),
    start,
    screens,
  };
}

function accentOf(place: Place): Colour {
  if (place.value === undefined) return defaultAccent;
  const colour = colourFrom(short(place));
  if (colour === null) complain(place, "It must be a colour such as #2a3bd0.");
  return colour ?? defaultAccent;
}

const idForm = [/^[a-z][a-z0-9-]{0,60}$/u, "a name of small letters, digits and hyphens"] as const;

/** A screen and its states: each is shown by itself. */
function screensOf(place: Place): readonly PrototypeScreen[] {
  fieldsOf(place, ["id", "title", "elements", "states"]);
  const id = textOf(at(place, "id"), { most: 61, form: idForm });
  const title = short(at(place, "title"));
  const own = { id, title, stateOf: null, elements: elementsOf(at(place, "elements"), 1), path: place.path };
  const states = entriesOf(at(place, "states"), { most: limits.states }).map((state) => {
    fieldsOf(state, ["id", "name", "elements"]);
    const name = short(at(state, "name"));
    const stateId = `${id}--${textOf(at(state, "id"), { most: 61, form: idForm })}`;
    return { id: stateId, title, stateOf: { screen: id, name }, elements: elementsOf(at(state, "elements"), 1), path: state.path };
  });
  return [own, ...states];
}

function elementsOf(place: Place, depth: number): readonly PrototypeElement[] {
  const entries = entriesOf(place, { most: limits.elements });
  let level = 1;
  return entries.map((entry) => {
    const element = elementOf(entry, depth);
    if (element.kind === "heading") {
      if (element.level > level + 1)
        complain(entry, `A heading of level ${element.level} follows one of level ${level}; no level may be left out.`);
      level = element.level;
    }
    return element;
  });
}

const kinds = ["heading", "text", "list", "link", "button", "navigation", "notice", "image", "table", "input", "group"] as const;

function elementOf(place: Place, depth: number): PrototypeElement {
  const kind = wordOf(at(place, "kind"), kinds);
  switch (kind) {
    case "heading":
      fieldsOf(place, ["kind", "level", "text"]);
      return {
        kind,
        level: numberOf(at(place, "level"), { least: 2, most: 6, whole: true, otherwise: 2 }),
        text: short(at(place, "text")),
      };
    case "text":
      fieldsOf(place, ["kind", "text"]);
      return { kind, text: textOf(at(place, "text"), { most: limits.long }) };
    case "link":
    case "button":
      fieldsOf(place, ["kind", "text", "to"]);
      return { kind, text: short(at(place, "text")), to: short(at(place, "to")) };
    case "notice":
      fieldsOf(place, ["kind", "tone", "text"]);
      return { kind, tone: wordOf(at(place, "tone"), tones, "info"), text: textOf(at(place, "text"), { most: limits.long }) };
    case "image":
      fieldsOf(place, ["kind", "alt", "caption"]);
      return { kind, alt: short(at(place, "alt")), caption: short(at(place, "caption"), "") };
    default:
      return composedOf(place, kind, depth);
  }
}

function composedOf(place: Place, kind: "list" | "navigation" | "table" | "input" | "group", depth: number): PrototypeElement {
  switch (kind) {
    case "list":
      fieldsOf(place, ["kind", "items", "ordered"]);
      return { kind, items: textsOf(at(place, "items"), limits.items), ordered: flagOf(at(place, "ordered"), false) };
    case "navigation":
      fieldsOf(place, ["kind", "label", "items"]);
      return {
        kind,
        label: short(at(place, "label"), "Main"),
        items: entriesOf(at(place, "items"), { least: 1, most: limits.items }).map(linkOf),
      };
    case "table":
      return tableOf(place);
    case "input":
      return inputOf(place);
    case "group":
      fieldsOf(place, ["kind", "title", "elements"]);
      if (depth >= limits.depth) complain(place, `Groups are nested deeper than ${limits.depth}.`);
      return {
        kind,
        title: short(at(place, "title")),
        elements: depth >= limits.depth ? [] : elementsOf(at(place, "elements"), depth + 1),
      };
  }
}

const textsOf = (place: Place, most: number): readonly string[] => entriesOf(place, { least: 1, most }).map((one) => short(one));

function linkOf(place: Place): { readonly text: string; readonly to: string } {
  fieldsOf(place, ["text", "to"]);
  return { text: short(at(place, "text")), to: short(at(place, "to")) };
}

function tableOf(place: Place): PrototypeElement {
  fieldsOf(place, ["kind", "caption", "columns", "rows"]);
  const columns = textsOf(at(place, "columns"), 12);
  const rows = entriesOf(at(place, "rows"), { most: limits.rows }).map((row) => {
    const cells = entriesOf(row, { most: 12 }).map((cell) => short(cell, ""));
    if (cells.length !== columns.length) complain(row, `It has ${cells.length} cells for ${columns.length} columns.`);
    return cells;
  });
  return { kind: "table", caption: short(at(place, "caption")), columns, rows };
}

function inputOf(place: Place): PrototypeElement {
  fieldsOf(place, ["kind", "input", "label", "hint", "value", "error", "options"]);
  const input = wordOf(at(place, "input"), inputs, "text");
  const chooses = input === "select" || input === "radio";
  if (!chooses && at(place, "options").value !== undefined) complain(at(place, "options"), "Only select and radio have options.");
  return {
    kind: "input",
    input,
    label: short(at(place, "label")),
    hint: short(at(place, "hint"), ""),
    value: short(at(place, "value"), ""),
    error: short(at(place, "error"), ""),
    options: chooses ? textsOf(at(place, "options"), limits.items) : [],
  };
}
