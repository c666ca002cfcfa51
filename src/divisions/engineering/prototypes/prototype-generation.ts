import type { Computation, Material, SpecificationProblem } from "../../../core/gate/computation.ts";
import { contrast, hexOf } from "../colour.ts";
import { placeOf, refusedAt, refusedFor, rounded } from "../specification.ts";
import { accents, prototypePage } from "./prototype-page.ts";
import { type PrototypeElement, type PrototypeScreen, readPrototype } from "./prototype-specification.ts";

/** Makes one self-contained file that can be clicked through from a specification; links that lead nowhere and screens that nothing leads to are refused. */
export function generatePrototype({ specification, files }: Material): Computation {
  if (files.length > 0) return refusedAt("", "It takes a specification, and no files beside it.");
  const root = placeOf(specification);
  const read = readPrototype(root);
  if (root.problems.length > 0) return refusedFor(root.problems);
  const { screens, start, accent, title } = read;
  const problems = [...brokenLinks(screens), ...unreached(screens, start)];
  if (problems.length > 0) return refusedFor(problems);
  const { light, dark } = accents(accent);
  const text = prototypePage(read);
  return {
    kind: "done",
    result: {
      schema: "xvc.prototype/1",
      title,
      start,
      screens: screens.map(({ id, title: name, stateOf, elements }) => ({
        id,
        title: name,
        state: stateOf?.name ?? null,
        leadsTo: [...new Set(elements.flatMap(targetsOf))],
      })),
      checked: {
        links: screens.reduce((sum, { elements }) => sum + elements.flatMap(targetsOf).length, 0),
        screensReached: screens.length,
        accent: {
          given: hexOf(accent),
          light: hexOf(light),
          lightContrast: rounded(contrast(light, [255, 255, 255])),
          dark: hexOf(dark),
          darkContrast: rounded(contrast(dark, [22, 24, 29])),
          needed: 4.5,
        },
      },
    },
    file: { mediaType: "text/html", text },
  };
}

const targetsOf = (element: PrototypeElement): readonly string[] => {
  if (element.kind === "link" || element.kind === "button") return [element.to];
  if (element.kind === "navigation") return element.items.map(({ to }) => to);
  return element.kind === "group" ? element.elements.flatMap(targetsOf) : [];
};

function brokenLinks(screens: readonly PrototypeScreen[]): readonly SpecificationProblem[] {
  const known = new Set(screens.map(({ id }) => id));
  return screens.flatMap(({ elements, path }) =>
    elements.flatMap((element, index) =>
      targetsOf(element)
        .filter((to) => !known.has(to))
        .map((to) => ({
          path: `${path}.elements[${index}]`,
          message: `It leads to ${JSON.stringify(to.slice(0, 80))}, and there is no such screen.`,
        })),
    ),
  );
}

/** States count as reached with their screen: each shows a way to the others. */
function unreached(screens: readonly PrototypeScreen[], start: string): readonly SpecificationProblem[] {
  const byId = new Map(screens.map((screen) => [screen.id, screen]));
  const reached = new Set<string>();
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const screen = byId.get(id);
    if (screen === undefined || reached.has(id)) continue;
    reached.add(id);
    const base = screen.stateOf?.screen ?? id;
    const siblings = screens.filter((one) => one.id === base || one.stateOf?.screen === base).map((one) => one.id);
    open.push(...siblings, ...screen.elements.flatMap(targetsOf));
  }
  return screens
    .filter(({ id }) => !reached.has(id))
    .map(({ id, path }) => ({ path, message: `Nothing leads to ${JSON.stringify(id)} from ${JSON.stringify(start)}.` }));
}
