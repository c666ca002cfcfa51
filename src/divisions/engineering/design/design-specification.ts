import { type Colour, colourFrom } from "../colour.ts";
import { type Place, at, complain, entriesOf, fieldsOf, flagOf, isObject, numberOf, textOf, wordOf } from "../specification.ts";

export const roles = [
  "button",
  "link",
  "input",
  "checkbox",
  "radio",
  "select",
  "tab",
  "image",
  "icon",
  "heading",
  "text",
  "region",
] as const;
export type Role = (typeof roles)[number];
export const states = ["default", "hover", "focus", "active", "disabled", "error", "loading", "selected", "empty"] as const;
export type State = (typeof states)[number];

export const interactive: ReadonlySet<Role> = new Set(["button", "link", "input", "checkbox", "radio", "select", "tab"]);

/** A colour as it is in both themes. */
export interface Themed {
  readonly name: string;
  readonly light: Colour;
  readonly dark: Colour | null;
}

export interface DesignComponent {
  readonly name: string;
  readonly role: Role;
  readonly label: string | null;
  /** Null: not said; "" with `decorative`. */
  readonly alt: string | null;
  readonly decorative: boolean;
  readonly level: number | null;
  readonly text: { readonly colour: Themed; readonly background: Themed; readonly sizePx: number; readonly bold: boolean } | null;
  /** What shows where the control is, against what is around it. */
  readonly boundary: { readonly colour: Themed; readonly around: Themed } | null;
  readonly focus: { readonly colour: Themed; readonly around: Themed; readonly widthPx: number } | null;
  readonly states: readonly State[];
  readonly meaningBy: readonly ("colour" | "text" | "icon" | "shape" | "position")[];
  readonly path: string;
}

export interface LayoutBox {
  readonly id: string;
  readonly component: DesignComponent;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The box it lies in; null: the page. */
  readonly parent: string | null;
  /** Boxes of different layers may cover each other. */
  readonly layer: number;
  /** A link within a line of text: its size is that of the line. */
  readonly inline: boolean;
  readonly path: string;
}

export interface DesignLayout {
  readonly widthPx: number;
  readonly boxes: readonly LayoutBox[];
  readonly path: string;
}

export interface DesignSpecification {
  readonly name: string;
  readonly components: readonly DesignComponent[];
  readonly layouts: readonly DesignLayout[];
  readonly hasDark: boolean;
}

const limits = { colours: 200, components: 150, layouts: 8, boxes: 150 };
const black: Colour = [0, 0, 0];

/** Reads a design; what is wrong with its form is gathered in the place's problems. */
export function readDesign(root: Place): DesignSpecification {
  fieldsOf(root, ["name", "colours", "components", "layouts"]);
  const colours = coloursOf(at(root, "colours"));
  const components = entriesOf(at(root, "components"), { least: 1, most: limits.components }).map((one) => componentOf(one, colours));
  const byName = new Map(components.map((one) => [one.name, one]));
  if (byName.size < components.length) complain(at(root, "components"), "Two components have one name.");
  const layouts = entriesOf(at(root, "layouts"), { most: limits.layouts }).map((one) => layoutOf(one, byName));
  return {
    name: textOf(at(root, "name"), { most: 200, otherwise: "Design" }),
    components,
    layouts,
    hasDark: [...colours.values()].some(({ dark }) => dark !== null),
  };
}

type Colours = ReadonlyMap<string, Themed>;

function coloursOf(place: Place): Colours {
  if (place.value === undefined) return new Map();
  if (!isObject(place.value)) {
    complain(place, "It must be an object of names and colours.");
    return new Map();
  }
  const names = Object.keys(place.value);
  if (names.length > limits.colours) complain(place, `It has more than ${limits.colours} colours.`);
  return new Map(names.slice(0, limits.colours).map((name) => [name, themedOf(at(place, name), name)]));
}

function themedOf(place: Place, name: string): Themed {
  if (!isObject(place.value)) return { name, light: colourOf(place), dark: null };
  fieldsOf(place, ["light", "dark"]);
  return { name, light: colourOf(at(place, "light")), dark: colourOf(at(place, "dark")) };
}

function colourOf(place: Place): Colour {
  const colour = colourFrom(textOf(place, { most: 40 }));
  if (colour === null) complain(place, "It must be #rgb, #rrggbb or a name; what shines through cannot be judged.");
  return colour ?? black;
}

/** The name of one of the colours, or a colour by itself. */
function namedColour(place: Place, colours: Colours): Themed {
  const text = textOf(place, { most: 80 });
  const known = colours.get(text);
  if (known !== undefined) return known;
  const colour = colourFrom(text);
  if (colour === null && text !== "") complain(place, `${JSON.stringify(text)} is neither one of the colours nor a colour.`);
  return { name: text, light: colour ?? black, dark: null };
}

function componentOf(place: Place, colours: Colours): DesignComponent {
  fieldsOf(place, ["name", "role", "label", "alt", "decorative", "level", "text", "boundary", "focus", "states", "meaningBy"]);
  const optional = (key: string): string | null =>
    at(place, key).value === undefined ? null : textOf(at(place, key), { most: 200, otherwise: "" });
  const role = wordOf(at(place, "role"), roles);
  const bright = (key: string): Themed => namedColour(at(at(place, key), "colour"), colours);
  const around = (key: string): Themed => namedColour(at(at(place, key), "around"), colours);
  const has = (key: string, fields: readonly string[]): boolean =>
    at(place, key).value !== undefined && fieldsOf(at(place, key), fields) !== undefined;
  return {
    name: textOf(at(place, "name"), { most: 100 }),
    role,
    label: optional("label"),
    alt: optional("alt"),
    decorative: flagOf(at(place, "decorative"), false),
    level: role === "heading" ? numberOf(at(place, "level"), { least: 1, most: 6, whole: true }) : null,
    text: has("text", ["colour", "background", "sizePx", "bold"]) ? textStyleOf(at(place, "text"), colours) : null,
    boundary: has("boundary", ["colour", "around"]) ? { colour: bright("boundary"), around: around("boundary") } : null,
    focus: has("focus", ["colour", "around", "widthPx"])
      ? {
          colour: bright("focus"),
          around: around("focus"),
          widthPx: numberOf(at(at(place, "focus"), "widthPx"), { least: 0, most: 50, otherwise: 0 }),
        }
      : null,
    states: entriesOf(at(place, "states"), { most: states.length }).map((one) => wordOf(one, states)),
    meaningBy: entriesOf(at(place, "meaningBy"), { most: 5 }).map((one) => wordOf(one, ["colour", "text", "icon", "shape", "position"])),
    path: place.path,
  };
}

const textStyleOf = (place: Place, colours: Colours): DesignComponent["text"] => ({
  colour: namedColour(at(place, "colour"), colours),
  background: namedColour(at(place, "background"), colours),
  sizePx: numberOf(at(place, "sizePx"), { least: 1, most: 500, otherwise: 16 }),
  bold: flagOf(at(place, "bold"), false),
});

function layoutOf(place: Place, components: ReadonlyMap<string, DesignComponent>): DesignLayout {
  fieldsOf(place, ["widthPx", "boxes"]);
  const boxes = entriesOf(at(place, "boxes"), { least: 1, most: limits.boxes }).flatMap((box, index) => boxOf(box, components, index));
  const ids = new Set(boxes.map(({ id }) => id));
  if (ids.size < boxes.length) complain(at(place, "boxes"), "Two boxes have one id.");
  for (const { parent, path } of boxes)
    if (parent !== null && !ids.has(parent)) complain({ ...place, path: `${path}.parent` }, "There is no box of this id.");
  return { widthPx: numberOf(at(place, "widthPx"), { least: 100, most: 5_000, whole: true }), boxes, path: place.path };
}

function boxOf(place: Place, components: ReadonlyMap<string, DesignComponent>, index: number): readonly LayoutBox[] {
  fieldsOf(place, ["id", "component", "x", "y", "width", "height", "parent", "layer", "inline"]);
  const component = components.get(textOf(at(place, "component"), { most: 100 }));
  if (component === undefined) complain(at(place, "component"), "There is no component of this name.");
  const length = (key: string, least: number): number => numberOf(at(place, key), { least, most: 20_000 });
  const parent = at(place, "parent");
  const box = {
    id: textOf(at(place, "id"), { most: 100, otherwise: `box-${index + 1}` }),
    x: length("x", -20_000),
    y: length("y", -20_000),
    width: length("width", 0),
    height: length("height", 0),
    parent: parent.value === undefined ? null : textOf(parent, { most: 100 }),
    layer: numberOf(at(place, "layer"), { least: 0, most: 100, whole: true, otherwise: 0 }),
    inline: flagOf(at(place, "inline"), false),
    path: place.path,
  };
  return component === undefined ? [] : [{ ...box, component }];
}
