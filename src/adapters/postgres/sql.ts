import { createHash } from "node:crypto";
import { invariant } from "../../core/shared/failure.ts";

/** A statement whose values never become text. `name` makes the server keep its plan per connection. */
export interface Statement {
  readonly text: string;
  readonly values: readonly SqlValue[];
  readonly name?: string;
}

/** What may be bound. Lists become arrays; JSON is bound as text and cast in the statement. */
export type SqlValue = string | number | boolean | null | readonly string[];

class Fragment {
  readonly text: readonly string[];
  readonly values: readonly SqlValue[];
  constructor(text: readonly string[], values: readonly SqlValue[]) {
    this.text = text;
    this.values = values;
  }
}

export type { Fragment };

/** Builds a piece of SQL: every `${value}` is bound, only another fragment is put in as SQL. */
export function sql(strings: TemplateStringsArray, ...parts: readonly (SqlValue | Fragment)[]): Fragment {
  const text: string[] = [strings[0] ?? ""];
  const values: SqlValue[] = [];
  for (const [index, part] of parts.entries()) {
    const after = strings[index + 1] ?? "";
    if (part instanceof Fragment) {
      append(text, part.text);
      values.push(...part.values);
      text[text.length - 1] += after;
    } else {
      values.push(part);
      text.push(after);
    }
  }
  return new Fragment(text, values);
}

/** A name from a constant of ours. Anything but lower-case words is our own bug. */
export function identifier(name: string): Fragment {
  invariant(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$/.test(name), `"${name}" is no identifier of the schema`);
  return new Fragment([name], []);
}

export function joined(fragments: readonly Fragment[], separator: string): Fragment {
  const text: string[] = [""];
  const values: SqlValue[] = [];
  for (const [index, fragment] of fragments.entries()) {
    if (index > 0) text[text.length - 1] += separator;
    append(text, fragment.text);
    values.push(...fragment.values);
  }
  return new Fragment(text, values);
}

function append(text: string[], more: readonly string[]): void {
  text[text.length - 1] += more[0] ?? "";
  text.push(...more.slice(1));
}

/** Planned anew on every call: for conditions that differ from call to call. */
export function statement(fragment: Fragment): Statement {
  const text = fragment.text.reduce((all, piece, index) => (index === 0 ? piece : `${all}$${index}${piece}`), "");
  return { text, values: fragment.values };
}

/** Planned once per connection: for the few fixed texts of the hot path. */
export function prepared(fragment: Fragment): Statement {
  const plain = statement(fragment);
  return { ...plain, name: nameOf(plain.text) };
}

/** Texts are constants, so this stays small: a few per state table. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  invariant(names.size < 1_000, "prepared statements have a fixed set of texts");
  const name = `xvc_${createHash("sha256").update(text).digest("hex").slice(0, 24)}`;
  names.set(text, name);
  return name;
}
