import { type Colour, colourFrom, contrast, hexOf, readableOn } from "../colour.ts";
import { escaped, shortHash } from "../markup.ts";
import type { SvgPiece } from "./svg-elements.ts";

/** A picture before its colours. */
export interface Picture {
  readonly title: string;
  readonly description: string;
  readonly box: readonly [left: number, top: number, width: number, height: number];
  readonly pieces: readonly SvgPiece[];
}

const paper = { light: [255, 255, 255], dark: [22, 24, 29] } as const satisfies { readonly [theme: string]: Colour };
const raised: Colour = [36, 39, 48];
/** What is written in no colour of its own. */
const ink = { light: [26, 27, 31], dark: [233, 232, 228] } as const satisfies { readonly [theme: string]: Colour };
/** WCAG 2.2 asks for 4.5 for text and 3 for lines; a thin line on a dark ground needs more to be seen. */
const enough = { text: 4.5, line: 3, darkLine: 4.5 };

interface Ground {
  readonly box: readonly [left: number, top: number, right: number, bottom: number];
  readonly light: Colour;
  readonly dark: Colour;
}

interface Painting {
  readonly key: string;
  readonly grounds: Ground[];
  /** Rules of the dark theme by what they say, so that each is written once. */
  readonly rules: Map<string, string>;
}

/**
 * Writes a picture as one SVG element with its own paper, a title and a description. Each colour is kept where it stands out enough and
 * moved towards black or white where it does not, in light and dark; text is judged against the shape it stands on.
 */
export function paint({ title, description, box, pieces }: Picture): string {
  const painting: Painting = { key: `x${shortHash(`${title}\n${JSON.stringify(pieces)}`)}`, grounds: [], rules: new Map() };
  const [left, top, width, height] = box;
  const body = pieces.map((piece) => written(painting, piece, false)).join("");
  const rules = [...painting.rules].map(([rule, name]) => `.${name}{${rule}}`).join("");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${rounded(width)}" height="${rounded(height)}" viewBox="${[left, top, width, height].map(rounded).join(" ")}">`,
    `<title>${escaped(title)}</title><desc>${escaped(description)}</desc>`,
    `<style>@media (prefers-color-scheme:dark){.${painting.key}-p{fill:${hexOf(paper.dark)}}${rules}}</style>`,
    `<rect class="${painting.key}-p" x="${rounded(left)}" y="${rounded(top)}" width="${rounded(width)}" height="${rounded(height)}" fill="${hexOf(paper.light)}"/>`,
    body,
    "</svg>\n",
  ].join("\n");
}

const rounded = (value: number): string => String(Math.round(value * 100) / 100);

function written(painting: Painting, piece: SvgPiece, isEdge: boolean): string {
  const { class: kind, fill: _fill, stroke: _stroke, ...plain } = piece.attributes;
  if (piece.name === "g") {
    const inner = piece.children.map((child) => written(painting, child, isEdge || kind === "edge")).join("");
    return inner === "" ? "" : `<g${attributesOf(plain)}>${inner}</g>`;
  }
  if (isBackground(piece)) return "";
  const classes: string[] = [];
  const colours = piece.name === "text" ? { fill: textFill(painting, piece, classes) } : shapeColours(painting, { piece, isEdge }, classes);
  const named = classes.length === 0 ? "" : ` class="${classes.join(" ")}"`;
  const content = piece.name === "text" ? escaped(piece.text) : "";
  return `<${piece.name}${named}${attributesOf({ ...plain, ...colours })}>${content}</${piece.name}>`;
}

/** The head of an arrow is painted like its line; everything else that is filled is an area. */
function shapeColours(
  painting: Painting,
  { piece, isEdge }: { readonly piece: SvgPiece; readonly isEdge: boolean },
  classes: string[],
): { readonly fill: string; readonly stroke: string } {
  const { fill = "none", stroke = "none" } = piece.attributes;
  return {
    fill: isEdge ? line(painting, { name: "fill", value: fill }, classes) : shapeFill(painting, piece, classes),
    stroke: line(painting, { name: "stroke", value: stroke }, classes),
  };
}

const attributesOf = (attributes: { readonly [name: string]: string }): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join("");

/** The layout's own white ground; the picture has a paper instead. */
const isBackground = ({ name, attributes }: SvgPiece): boolean =>
  name === "polygon" && attributes["fill"] === "white" && ["transparent", "none", undefined].includes(attributes["stroke"]);

function ruled(painting: Painting, rule: string): string {
  const known = painting.rules.get(rule) ?? `${painting.key}-${painting.rules.size}`;
  painting.rules.set(rule, known);
  return known;
}

/** A line, or what is painted like one: seen against the paper of both themes. */
function line(
  painting: Painting,
  { name, value }: { readonly name: "fill" | "stroke"; readonly value: string },
  classes: string[],
): string {
  if (value === "none" || value === "transparent") return "none";
  const colour = own(value);
  classes.push(ruled(painting, `${name}:${hexOf(readableOn(colour, paper.dark, enough.darkLine))}`));
  return hexOf(readableOn(colour, paper.light, enough.line));
}

/** Black is what somebody writes who chose no colour. */
function own(value: string): Colour {
  const colour = colourFrom(value) ?? ink.light;
  return hexOf(colour) === "#000000" ? ink.light : colour;
}

/** Text without a colour of its own takes the ink that stands out more. */
function textOn(colour: Colour, ground: Colour): Colour {
  if (colour !== ink.light) return readableOn(colour, ground, enough.text);
  return contrast(ink.light, ground) >= contrast(ink.dark, ground) ? ink.light : ink.dark;
}

/** An area keeps its colour in both themes; white is the paper's raised part. */
function shapeFill(painting: Painting, piece: SvgPiece, classes: string[]): string {
  const value = piece.attributes["fill"];
  const colour = value === undefined ? null : colourFrom(value);
  if (colour === null) return "none";
  const isWhite = hexOf(colour) === "#ffffff";
  const dark = isWhite ? raised : colour;
  if (isWhite) classes.push(ruled(painting, `fill:${hexOf(raised)}`));
  const box = extentOf(piece);
  if (box !== null) painting.grounds.push({ box, light: colour, dark });
  return hexOf(colour);
}

function textFill(painting: Painting, { attributes }: SvgPiece, classes: string[]): string {
  const [x, y] = [Number(attributes["x"] ?? 0), Number(attributes["y"] ?? 0) - 4];
  const ground =
    painting.grounds.findLast(({ box: [left, top, right, bottom] }) => x >= left && x <= right && y >= top && y <= bottom) ?? paper;
  const colour = own(attributes["fill"] ?? "black");
  classes.push(ruled(painting, `fill:${hexOf(textOn(colour, ground.dark))}`));
  return hexOf(textOn(colour, ground.light));
}

/** The upright rectangle around a shape. */
function extentOf({ name, attributes }: SvgPiece): Ground["box"] | null {
  const at = (key: string): number => Number(attributes[key] ?? 0);
  if (name === "ellipse") return [at("cx") - at("rx"), at("cy") - at("ry"), at("cx") + at("rx"), at("cy") + at("ry")];
  if (name === "rect") return [at("x"), at("y"), at("x") + at("width"), at("y") + at("height")];
  const found = [...(attributes["points"] ?? attributes["d"] ?? "").matchAll(/-?\d+(?:\.\d+)?/gu)].map(([digits]) => Number(digits));
  const [xs, ys] = [0, 1].map((side) => found.filter((_, index) => index % 2 === side));
  return xs === undefined || ys === undefined || xs.length === 0 || ys.length === 0
    ? null
    : [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
