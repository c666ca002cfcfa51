/** Colours as people write them and as contrast is measured. Channels are 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/* The named colours of CSS that diagrams and designs use; the long tail is written as a number. Source: CSS Color Module Level 4, §6.1 */
const named: ReadonlyMap<string, Colour> = new Map(
  `black 000000 white ffffff red ff0000 lime 00ff00 blue 0000ff yellow ffff00 cyan 00ffff aqua 00ffff magenta ff00ff fuchsia ff00ff silver c0c0c0
gray 808080 grey 808080 maroon 800000 olive 808000 green 008000 purple 800080 teal 008080 navy 000080 orange ffa500 gold ffd700 pink ffc0cb
brown a52a2a beige f5f5dc ivory fffff0 khaki f0e68c lavender e6e6fa lightblue add8e6 lightgreen 90ee90 lightgray d3d3d3 lightgrey d3d3d3
lightyellow ffffe0 lightpink ffb6c1 lightcyan e0ffff lightcoral f08080 lightsalmon ffa07a lightskyblue 87cefa lightsteelblue b0c4de
darkblue 00008b darkgreen 006400 darkred 8b0000 darkgray a9a9a9 darkgrey a9a9a9 darkorange ff8c00 dimgray 696969 dimgrey 696969
steelblue 4682b4 skyblue 87ceeb royalblue 4169e1 slateblue 6a5acd slategray 708090 slategrey 708090 tomato ff6347 coral ff7f50 salmon fa8072
crimson dc143c firebrick b22222 chocolate d2691e peru cd853f tan d2b48c wheat f5deb3 linen faf0e6 snow fffafa whitesmoke f5f5f5
gainsboro dcdcdc aliceblue f0f8ff azure f0ffff honeydew f0fff0 mintcream f5fffa mistyrose ffe4e1 lemonchiffon fffacd palegreen 98fb98
seagreen 2e8b57 forestgreen 228b22 limegreen 32cd32 springgreen 00ff7f turquoise 40e0d0 orchid da70d6 plum dda0dd violet ee82ee indigo 4b0082
dodgerblue 1e90ff cornflowerblue 6495ed cadetblue 5f9ea0 midnightblue 191970 antiquewhite faebd7 cornsilk fff8dc moccasin ffe4b5 bisque ffe4c4
peachpuff ffdab9 papayawhip ffefd5 goldenrod daa520 darkgoldenrod b8860b sienna a0522d sandybrown f4a460 rosybrown bc8f8f thistle d8bfd8
powderblue b0e0e6 paleturquoise afeeee aquamarine 7fffd4 hotpink ff69b4 deeppink ff1493 orangered ff4500 yellowgreen 9acd32 olivedrab 6b8e23
darkviolet 9400d3 rebeccapurple 663399 mediumpurple 9370db mediumseagreen 3cb371 darkslategray 2f4f4f darkslategrey 2f4f4f deepskyblue 00bfff`
    .split(/\s+/u)
    .flatMap((word, index, all) => (index % 2 === 0 ? [[word, fromHex(all[index + 1] ?? "000000")] as const] : [])),
);

function fromHex(digits: string): Colour {
  const value = Number.parseInt(digits, 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** `#rgb`, `#rrggbb` or a name; null for anything else. What shines through cannot be judged and is none here. */
export function colourFrom(text: string): Colour | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/iu.exec(text);
  if (short !== null) return fromHex([1, 2, 3].map((place) => (short[place] ?? "0").repeat(2)).join(""));
  return /^#[0-9a-f]{6}$/iu.test(text) ? fromHex(text.slice(1)) : (named.get(text.toLowerCase()) ?? null);
}

export const hexOf = (colour: Colour): string => `#${colour.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;

/** 0 for black to 1 for white. Source: WCAG 2.2, relative luminance (with the threshold 0.04045 of the corrected sRGB definition) */
export function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

/** 1 to 21, the same both ways round. Source: WCAG 2.2, contrast ratio */
export function contrast(one: Colour, other: Colour): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((left, right) => right - left);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

const white: Colour = [255, 255, 255];
const black: Colour = [0, 0, 0];

/** The colour itself where it stands out enough, else mixed step by step with black or white, whichever stands out more, until it does. */
export function readableOn(colour: Colour, ground: Colour, ratio: number): Colour {
  const away = contrast(black, ground) > contrast(white, ground) ? black : white;
  for (let step = 0; step <= 20; step++) {
    const mixed: Colour = [mix(colour[0], away[0], step), mix(colour[1], away[1], step), mix(colour[2], away[2], step)];
    if (contrast(mixed, ground) >= ratio) return mixed;
  }
  return away;
}

const mix = (from: number, to: number, step: number): number => Math.round(from + ((to - from) * step) / 20);
