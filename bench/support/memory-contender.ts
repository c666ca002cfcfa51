import type { Item } from "./memory-items.ts";

/** One way to keep documents with their past; every one is asked the same. */
export interface Contender {
  readonly name: string;
  /** In large transactions: how the data got there is not what is measured. */
  load(items: readonly Item[]): Promise<void>;
  reload(items: readonly Item[]): Promise<void>;
  /** Statistics and clean pages, as after a quiet while. */
  settle(): Promise<void>;
  /** One transaction, durable when it resolves. */
  create(item: Item): Promise<void>;
  update(item: Item): Promise<void>;
  /** Each answers how many documents it found. */
  read(id: string): Promise<number>;
  tagged(tags: readonly { readonly key: string; readonly value: string }[]): Promise<number>;
  newest(): Promise<number>;
  asOf(id: string, atMs: number): Promise<number>;
  /** The first hundred changes after a point that `mark` gave. */
  mark(): Promise<string>;
  changes(mark: string): Promise<number>;
  search(word: string): Promise<number>;
  /** Everything that is kept, indexes included. */
  bytes(): Promise<number>;
}

export const pageSize = 20;
export const changesPage = 100;
