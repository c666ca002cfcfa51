import { type ToolCall, toolCallKind } from "../../core/gate/tool-call.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Decided } from "../../core/shared/transition.ts";

export type Answered = { readonly ok: true; readonly answer: JsonObject } | { readonly ok: false; readonly code: string };

/** An open question with the calls that it asks about. */
export interface OpenQuestion {
  readonly item: InboxItem;
  readonly calls: readonly ToolCall[];
}

/** Rows in memory, with the few ways by which the gate finds calls again. */
export class ReplicaRows {
  private readonly rows = new Map<string, Map<string, Entity>>();
  /** Open questions as they were last looked at; forgotten when a call or an item changes. */
  private readonly open = new Map<string, OpenQuestion | null>();
  private readonly byHash = new Map<string, Set<string>>();
  private readonly byAttempt = new Map<string, Set<string>>();
  private readonly byItem = new Map<string, Set<string>>();
  private readonly itemOf = new Map<string, string>();
  private ids = 0;

  newId(): string {
    this.ids += 1;
    return `id-${this.ids}`;
  }

  row<Row extends Entity>(kind: EntityKind<Row>, id: string): Row | undefined {
    return this.rows.get(kind.name)?.get(id) as Row | undefined; // keyed by kind
  }

  put<Row extends Entity>(kind: EntityKind<Row>, row: Row): void {
    const known = this.rows.get(kind.name);
    if (known === undefined) this.rows.set(kind.name, new Map([[row.id, row]]));
    else known.set(row.id, row);
    if (kind.name === toolCallKind.name || kind.name === inboxItemKind.name) this.open.clear();
    if (kind.name === toolCallKind.name) this.index(row as unknown as ToolCall); // the kind says so
  }

  commit(decided: Decided): Answered {
    if (decided.kind === "refused") return { ok: false, code: decided.code };
    for (const { kind, after } of decided.transition.changes) this.put(kind, after);
    return { ok: true, answer: decided.transition.answer };
  }

  private index(call: ToolCall): void {
    if (call.callSha256 !== "") add(this.byHash, call.callSha256, call.id);
    add(this.byAttempt, call.attemptId, call.id);
    if (call.itemId === null) return;
    add(this.byItem, call.itemId, call.id);
    this.itemOf.set(call.attemptId, call.itemId);
  }

  private callsOf(ids: Iterable<string> | undefined): readonly ToolCall[] {
    return [...(ids ?? [])].flatMap((id) => this.row(toolCallKind, id) ?? []);
  }

  /** All calls of one hash, the latest last. */
  earlier(callSha256: string): readonly ToolCall[] {
    return this.callsOf(this.byHash.get(callSha256));
  }

  countOf(attemptId: string): number {
    return this.byAttempt.get(attemptId)?.size ?? 0;
  }

  /** What is asked about under an item now. */
  askedUnder(itemId: string): readonly ToolCall[] {
    return this.callsOf(this.byItem.get(itemId)).filter((call) => call.itemId === itemId);
  }

  openQuestion(attemptId: string): OpenQuestion | null {
    const known = this.open.get(attemptId);
    if (known !== undefined) return known;
    const item = this.row(inboxItemKind, this.itemOf.get(attemptId) ?? "");
    const question = item?.state === "open" ? { item, calls: this.askedUnder(item.id) } : null;
    this.open.set(attemptId, question);
    return question;
  }

  /** Every item that was ever opened, the oldest first. */
  items(): readonly InboxItem[] {
    return [...this.byItem.keys()].flatMap((id) => this.row(inboxItemKind, id) ?? []);
  }

  get itemCount(): number {
    return this.byItem.size;
  }
}

function add(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, new Set([id]));
  else ids.add(id);
}
