import { type Colour, contrast } from "../colour.ts";
import { rounded } from "../specification.ts";
import { type DesignComponent, type Role, type State, type Themed, interactive } from "./design-specification.ts";

export interface DesignFinding {
  readonly rule: string;
  /** AA has to hold; AAA and `advice` may. */
  readonly level: "AA" | "AAA" | "advice";
  readonly path: string;
  readonly message: string;
  readonly measured: number | null;
  readonly needed: number | null;
  readonly source: string;
}

interface Compared {
  readonly rule: string;
  readonly source: string;
  readonly what: string;
  readonly path: string;
  readonly one: Themed;
  readonly other: Themed;
}

/** States that each kind of control has to say how it looks in. */
const needed: { readonly [role in Role]?: readonly State[] } = {
  button: ["default", "hover", "focus", "disabled"],
  link: ["default", "hover", "focus"],
  input: ["default", "focus", "disabled", "error"],
  checkbox: ["default", "focus", "disabled", "selected"],
  radio: ["default", "focus", "disabled", "selected"],
  select: ["default", "focus", "disabled", "error"],
  tab: ["default", "focus", "selected"],
};

/** Everything about one component that does not depend on where it lies. */
export function judgeComponent(component: DesignComponent, hasDark: boolean): readonly DesignFinding[] {
  return [
    ...textContrast(component, hasDark),
    ...boundaryContrast(component, hasDark),
    ...focusFindings(component, hasDark),
    ...namesAndStates(component),
    ...missingStates(component),
  ];
}

interface Shown {
  readonly theme: string;
  readonly ratio: number;
}

/** Contrast in each theme; a colour with one value is the same in both. */
function ratiosOf(one: Themed, other: Themed, hasDark: boolean): readonly Shown[] {
  const inTheme = (theme: string, first: Colour, second: Colour): Shown => ({ theme, ratio: contrast(first, second) });
  const dark = hasDark ? [inTheme("dark", one.dark ?? one.light, other.dark ?? other.light)] : [];
  return [inTheme("light", one.light, other.light), ...dark];
}

function below(
  { rule, source, what, path, one, other }: Compared,
  hasDark: boolean,
  bar: { readonly level: "AA" | "AAA"; readonly ratio: number },
): readonly DesignFinding[] {
  return ratiosOf(one, other, hasDark).flatMap(({ theme, ratio }) =>
    ratio >= bar.ratio
      ? []
      : [
          {
            rule,
            level: bar.level,
            path,
            message: `${what}: ${one.name} on ${other.name} has a contrast of ${rounded(Math.floor(ratio * 100) / 100)} to 1 in the ${theme} theme; ${bar.ratio} is needed for ${bar.level}.`,
            measured: rounded(Math.floor(ratio * 100) / 100),
            needed: bar.ratio,
            source,
          },
        ],
  );
}

/** Large is 24 px, or bold from 18.66 px on (18 and 14 points). */
const isLarge = ({ sizePx, bold }: { readonly sizePx: number; readonly bold: boolean }): boolean =>
  sizePx >= 24 || (bold && sizePx >= 18.66);

function textContrast({ text, path, name }: DesignComponent, hasDark: boolean): readonly DesignFinding[] {
  if (text === null) return [];
  const large = isLarge(text);
  const compared = { what: `Text of ${name}${large ? " (large)" : ""}`, path: `${path}.text`, one: text.colour, other: text.background };
  const plain = below({ ...compared, rule: "text-contrast", source: "WCAG 2.2, 1.4.3" }, hasDark, { level: "AA", ratio: large ? 3 : 4.5 });
  if (plain.length > 0) return plain;
  return below({ ...compared, rule: "text-contrast-enhanced", source: "WCAG 2.2, 1.4.6" }, hasDark, {
    level: "AAA",
    ratio: large ? 4.5 : 7,
  });
}

function boundaryContrast({ boundary, path, name }: DesignComponent, hasDark: boolean): readonly DesignFinding[] {
  if (boundary === null) return [];
  return below(
    {
      rule: "non-text-contrast",
      source: "WCAG 2.2, 1.4.11",
      what: `The boundary of ${name}`,
      path: `${path}.boundary`,
      one: boundary.colour,
      other: boundary.around,
    },
    hasDark,
    { level: "AA", ratio: 3 },
  );
}

const finding = (found: Omit<DesignFinding, "measured" | "needed"> & Partial<DesignFinding>): DesignFinding => ({
  measured: null,
  needed: null,
  ...found,
});

function focusFindings({ role, focus, path, name }: DesignComponent, hasDark: boolean): readonly DesignFinding[] {
  if (!interactive.has(role)) return [];
  if (focus === null)
    return [
      finding({
        rule: "focus-visible",
        level: "AA",
        path: `${path}.focus`,
        message: `${name} does not say how its focus looks.`,
        source: "WCAG 2.2, 2.4.7",
      }),
    ];
  const compared = {
    rule: "focus-contrast",
    source: "WCAG 2.2, 1.4.11 and 2.4.13",
    what: `The focus of ${name}`,
    path: `${path}.focus`,
    one: focus.colour,
    other: focus.around,
  };
  const thin = focus.widthPx < 2;
  return [
    ...below(compared, hasDark, { level: "AA", ratio: 3 }),
    ...(thin
      ? [
          finding({
            rule: "focus-size",
            level: "AAA",
            path: `${path}.focus.widthPx`,
            message: `The focus of ${name} is ${focus.widthPx} px thick; 2 px are needed.`,
            measured: focus.widthPx,
            needed: 2,
            source: "WCAG 2.2, 2.4.13",
          }),
        ]
      : []),
  ];
}

function namesAndStates(component: DesignComponent): readonly DesignFinding[] {
  const { role, label, alt, decorative, path, name, meaningBy } = component;
  const isBlank = (text: string | null): boolean => text === null || text.trim() === "";
  const noName = interactive.has(role) && isBlank(label);
  const noAlt = (role === "image" || role === "icon") && !decorative && isBlank(alt);
  const onlyColour = meaningBy.length > 0 && meaningBy.every((way) => way === "colour");
  const all: readonly (readonly [boolean, DesignFinding])[] = [
    [
      noName,
      finding({
        rule: "label",
        level: "AA",
        path: `${path}.label`,
        message: `${name} has no label that can be read out.`,
        source: "WCAG 2.2, 4.1.2 and 3.3.2",
      }),
    ],
    [
      noAlt,
      finding({
        rule: "alt",
        level: "AA",
        path: `${path}.alt`,
        message: `${name} has no text in its place; say decorative if it says nothing.`,
        source: "WCAG 2.2, 1.1.1",
      }),
    ],
    [
      decorative && !isBlank(alt),
      finding({
        rule: "decorative-alt",
        level: "advice",
        path: `${path}.alt`,
        message: `${name} is decorative and has a text all the same.`,
        source: "WCAG 2.2, 1.1.1",
      }),
    ],
    [
      onlyColour,
      finding({
        rule: "colour-alone",
        level: "AA",
        path: `${path}.meaningBy`,
        message: `What ${name} means is told by its colour alone.`,
        source: "WCAG 2.2, 1.4.1",
      }),
    ],
  ];
  return all.flatMap(([found, one]) => (found ? [one] : []));
}

function missingStates({ role, path, name, states }: DesignComponent): readonly DesignFinding[] {
  const missing = (needed[role] ?? []).filter((state) => !states.includes(state));
  if (missing.length === 0) return [];
  const message = `${name} does not say how it looks: ${missing.join(", ")}.`;
  return [finding({ rule: "states", level: "advice", path: `${path}.states`, message, source: "states that a control of this kind has" })];
}
