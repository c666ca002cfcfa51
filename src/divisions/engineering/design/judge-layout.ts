import { type DesignLayout, type LayoutBox, interactive } from "./design-specification.ts";
import type { DesignFinding } from "./judge-components.ts";

/** Everything about one width: what lies over what, what sticks out, what is too small to hit, and the order of headings. */
export function judgeLayout(layout: DesignLayout): readonly DesignFinding[] {
  return [...overlaps(layout), ...overflows(layout), ...targets(layout), ...headings(layout)];
}

const finding = (found: Omit<DesignFinding, "measured" | "needed"> & Partial<DesignFinding>): DesignFinding => ({
  measured: null,
  needed: null,
  ...found,
});

/** Half a pixel is drawing, not a fault. */
const slack = 0.5;

const cover = (one: LayoutBox, other: LayoutBox): boolean =>
  Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x) > slack &&
  Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y) > slack;

/** Ids of the boxes that a box lies in; a circle of parents ends where it closes. */
function around(box: LayoutBox, byId: ReadonlyMap<string, LayoutBox>): ReadonlySet<string> {
  const found = new Set<string>();
  for (let parent = box.parent; parent !== null && !found.has(parent); parent = byId.get(parent)?.parent ?? null) found.add(parent);
  return found;
}

function overlaps({ boxes, widthPx }: DesignLayout): readonly DesignFinding[] {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const inside = new Map(boxes.map((box) => [box.id, around(box, byId)]));
  return boxes.flatMap((one, index) =>
    boxes.slice(index + 1).flatMap((other) => {
      const nested = inside.get(one.id)?.has(other.id) === true || inside.get(other.id)?.has(one.id) === true;
      if (nested || one.layer !== other.layer || !cover(one, other)) return [];
      return [
        finding({
          rule: "overlap",
          level: "AA",
          path: other.path,
          message: `At ${widthPx} px, ${other.id} (${other.component.name}) and ${one.id} (${one.component.name}) cover each other.`,
          source: "WCAG 2.2, 1.4.10 (no loss of content)",
        }),
      ];
    }),
  );
}

function overflows({ boxes, widthPx }: DesignLayout): readonly DesignFinding[] {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  return boxes.flatMap((box) => {
    const right = box.x + box.width;
    const parent = box.parent === null ? undefined : byId.get(box.parent);
    if (box.x < -slack || right > widthPx + slack)
      return [
        finding({
          rule: "overflow",
          level: "AA",
          path: box.path,
          message: `At ${widthPx} px, ${box.id} (${box.component.name}) reaches from ${box.x} to ${right} px: the page would scroll sideways.`,
          measured: right,
          needed: widthPx,
          source: "WCAG 2.2, 1.4.10",
        }),
      ];
    if (parent !== undefined && isOutside(box, parent))
      return [
        finding({
          rule: "overflow",
          level: "advice",
          path: box.path,
          message: `At ${widthPx} px, ${box.id} sticks out of ${parent.id}.`,
          source: "a part lies within its whole",
        }),
      ];
    return [];
  });
}

const isOutside = (box: LayoutBox, parent: LayoutBox): boolean =>
  box.x < parent.x - slack ||
  box.y < parent.y - slack ||
  box.x + box.width > parent.x + parent.width + slack ||
  box.y + box.height > parent.y + parent.height + slack;

/**
 * Targets of at least 24 by 24 px, or with so much room that a circle of 24 px around their middle meets no other target and no such circle.
 * Links within text are left out, as the rule says.
 */
function targets({ boxes, widthPx }: DesignLayout): readonly DesignFinding[] {
  const all = boxes.filter(({ component, inline }) => interactive.has(component.role) && !inline);
  return all.flatMap((box) => {
    const size = Math.min(box.width, box.height);
    const told = { path: box.path, measured: size };
    const what = `At ${widthPx} px, ${box.id} (${box.component.name}) is ${box.width} by ${box.height} px`;
    if (isSmall(box) && all.some((other) => other !== box && other.layer === box.layer && crowds(box, other)))
      return [
        finding({
          ...told,
          rule: "target-size",
          level: "AA",
          message: `${what} and too close to another target; 24 by 24 px, or that much room, are needed.`,
          needed: 24,
          source: "WCAG 2.2, 2.5.8",
        }),
      ];
    return size < 44
      ? [
          finding({
            ...told,
            rule: "target-size-enhanced",
            level: "AAA",
            message: `${what}; 44 by 44 px are needed for AAA.`,
            needed: 44,
            source: "WCAG 2.2, 2.5.5",
          }),
        ]
      : [];
  });
}

const isSmall = ({ width, height }: LayoutBox): boolean => width < 24 || height < 24;
const middleOf = ({ x, y, width, height }: LayoutBox): readonly [number, number] => [x + width / 2, y + height / 2];

/** Whether the circle of 24 px around a small target meets another target, or that one's circle when it is small too. */
function crowds(box: LayoutBox, other: LayoutBox): boolean {
  const [x, y] = middleOf(box);
  const nearX = Math.max(other.x, Math.min(x, other.x + other.width));
  const nearY = Math.max(other.y, Math.min(y, other.y + other.height));
  if (Math.hypot(x - nearX, y - nearY) < 12) return true;
  const [otherX, otherY] = middleOf(other);
  return isSmall(other) && Math.hypot(x - otherX, y - otherY) < 24;
}

/** Headings as they are read: from the top down, and across. */
function headings({ boxes, widthPx, path }: DesignLayout): readonly DesignFinding[] {
  const found = boxes.filter(({ component }) => component.role === "heading").toSorted((one, other) => one.y - other.y || one.x - other.x);
  const first = found.filter(({ component }) => component.level === 1);
  const one =
    first.length === 1
      ? []
      : [
          finding({
            rule: "one-main-heading",
            level: "advice",
            path,
            message: `At ${widthPx} px there are ${first.length} headings of level 1; one says what the page is.`,
            measured: first.length,
            needed: 1,
            source: "WCAG 2.2, 2.4.6",
          }),
        ];
  const skipped = found.flatMap((box, index) => {
    const before = found[index - 1]?.component.level ?? 0;
    const level = box.component.level ?? 1;
    return level <= before + 1
      ? []
      : [
          finding({
            rule: "heading-order",
            level: "advice",
            path: box.path,
            message: `At ${widthPx} px, ${box.id} is a heading of level ${level} after one of level ${before}.`,
            measured: level,
            needed: before + 1,
            source: "WCAG 2.2, 1.3.1",
          }),
        ];
  });
  return [...one, ...skipped];
}
