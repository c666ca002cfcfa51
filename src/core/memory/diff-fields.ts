import type { Json, JsonObject } from "../shared/json.ts";

/** Where in a row a value stands: names of fields and places in lists. */
export type FieldPath = readonly (string | number)[];

/** One value that is not the same any more. What was not there has no `before`, what is gone no `after`. */
export type FieldChange =
  | { readonly kind: "added"; readonly path: FieldPath; readonly after: Json }
  | { readonly kind: "removed"; readonly path: FieldPath; readonly before: Json }
  | { readonly kind: "changed"; readonly path: FieldPath; readonly before: Json; readonly after: Json };

/**
 * What changed from one row to another, in the order of names. Lists are compared place by place, lists of plain values as one value.
 * Law: `applyFieldDiff(before, fieldDiff(before, after))` equals `after`. `O(size of both)`.
 */
export const fieldDiff = (before: JsonObject, after: JsonObject): readonly FieldChange[] => objectDiff([], before, after);

const objectDiff = (path: FieldPath, before: JsonObject, after: JsonObject): readonly FieldChange[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .toSorted()
    .flatMap((name) => partDiff([...path, name], own(before, name), own(after, name)));

function partDiff(path: FieldPath, had: Json | undefined, has: Json | undefined): readonly FieldChange[] {
  if (had === undefined) return has === undefined ? [] : [{ kind: "added", path, after: has }];
  return has === undefined ? [{ kind: "removed", path, before: had }] : valueDiff(path, had, has);
}

function listDiff(path: FieldPath, before: readonly Json[], after: readonly Json[]): readonly FieldChange[] {
  const shared = Math.min(before.length, after.length);
  return [
    ...after.flatMap((value, place) => partDiff([...path, place], before[place], value)),
    // From the end, so that what is taken away moves nothing that is still named by its place.
    ...before
      .slice(shared)
      .map((value, beyond): FieldChange => ({ kind: "removed", path: [...path, shared + beyond], before: value }))
      .toReversed(),
  ];
}

function valueDiff(path: FieldPath, before: Json, after: Json): readonly FieldChange[] {
  if (isObject(before) && isObject(after)) return objectDiff(path, before, after);
  if (isListOfParts(before) && isListOfParts(after)) return listDiff(path, before, after);
  return isSame(before, after) ? [] : [{ kind: "changed", path, before, after }];
}

/** A list is taken apart when its elements have parts themselves; a list of names changes as a whole. */
const isListOfParts = (value: Json): value is readonly Json[] =>
  Array.isArray(value) && value.some((element) => typeof element === "object" && element !== null);

const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

const own = (value: JsonObject, name: string): Json | undefined => (Object.hasOwn(value, name) ? value[name] : undefined);

function isSame(left: Json, right: Json): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((element: Json, place) => isSame(element, (right as readonly Json[])[place] ?? null));
  if (!isObject(left) || !isObject(right)) return false;
  return fieldDiff(left, right).length === 0;
}

/** The row after the changes of `fieldDiff`, which are applied in their order. */
export function applyFieldDiff(before: JsonObject, changes: readonly FieldChange[]): JsonObject {
  let row: Json = before;
  for (const change of changes) row = changedAt(row, change.path, change.kind === "removed" ? undefined : change.after);
  return row as JsonObject; // an object's fields changed, not the object
}

/** The value with another at the path; undefined takes it away. */
function changedAt(value: Json, [step, ...further]: FieldPath, put: Json | undefined): Json {
  if (step === undefined) return put ?? null;
  const isGone = further.length === 0 && put === undefined;
  if (Array.isArray(value)) {
    const list: readonly Json[] = value;
    const place = Number(step);
    return isGone
      ? list.toSpliced(place, 1)
      : [...list.slice(0, place), changedAt(list[place] ?? null, further, put), ...list.slice(place + 1)];
  }
  const { [String(step)]: held = null, ...others } = isObject(value) ? value : {};
  return isGone ? others : { ...others, [String(step)]: changedAt(held, further, put) };
}

/** The path as one text: `spec.outputs[0].name`. */
export const pathText = (path: FieldPath): string =>
  path.reduce<string>((text, step) => (typeof step === "number" ? `${text}[${step}]` : text === "" ? step : `${text}.${step}`), "");
