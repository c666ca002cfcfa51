import { setTimeout as pause } from "node:timers/promises";
import type { InboxItemDetail, InboxItemSummary, InboxPage } from "../../src/contract/inbox-contract.ts";
import type { NoticePage } from "../../src/contract/channel-contract.ts";
import type { ClientEntry, ReceiverEntry } from "../../verify/world.ts";
import type { Product } from "./crash-product.ts";
import { heardNotices } from "./file-notices.ts";
import { readLines } from "./file-receivers.ts";

/** A person outside of the product, who writes down what they were told and says everything again that was not answered. */
export interface CrashPerson {
  readonly log: ClientEntry[];
  readonly receiversFile: string;
  /** Requests that were acknowledged, by the name that this person gave them. */
  readonly filed: Map<string, string>;
}

export const projectKeys = ["CRA", "CRB", "CRC"] as const;

const script = {
  seed: 7,
  quality: 1,
  costPerHourMicro: 90_000_000,
  tasks: {
    architecture_design: { question: "Which customers come first?" },
    ui_design: { failedReviews: 1 },
    backend_implementation: { failedReviews: 2 },
  },
} as const;

/** Of a round between two kills: short, and still with a rework. */
const shortScript = { ...script, tasks: { ui_design: { failedReviews: 1 } } } as const;

/** Longest wait for rest, milliseconds. */
const patienceMs = 120_000;
const callLimitMs = 30_000;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Undefined: no answer came. */
async function call(
  product: Product,
  method: "GET" | "POST",
  path: string,
  sent: { readonly key?: string; readonly body?: object } = {},
): Promise<Answer | undefined> {
  const headers = {
    authorization: `Bearer ${product.token}`,
    "content-type": "application/json",
    ...(sent.key === undefined ? {} : { "idempotency-key": sent.key }),
  };
  const body = sent.body === undefined ? {} : { body: JSON.stringify(sent.body) };
  try {
    const response = await fetch(`${product.url}${path}`, { method, headers, ...body, signal: AbortSignal.timeout(callLimitMs) });
    return { status: response.status, body: await response.json() };
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") throw new Error(`${method} ${path} hung`, { cause: error });
    return undefined;
  }
}

const read = async <Page>(product: Product, path: string): Promise<Page | undefined> => {
  const answer = await call(product, "GET", path);
  return answer?.status === 200 ? (answer.body as Page) : undefined; // the contract of the path
};

/** Sends a command under a key of its own and writes down what was said to it. */
async function tell(
  person: CrashPerson,
  product: Product,
  said: { readonly path: string; readonly key: string; readonly projectId: string | null; readonly body: object },
): Promise<Answer | undefined> {
  const answer = await call(product, "POST", said.path, said);
  const outcome = answer === undefined || answer.status >= 500 ? "unknown" : answer.status < 300 ? "ok" : "refused";
  const { organizationId, personId } = product;
  person.log.push({
    client: "crash-person",
    organizationId,
    projectId: said.projectId,
    key: `http:${personId}:${said.key}`,
    outcome,
    answer: null,
  });
  return answer;
}

/** The project of real work, whose questions reach the person by a webhook; a rehearsal reaches nobody. */
const realKey = "CRN";

/** Opens the projects and a way to be reached; said again at each start, since the same key changes nothing. */
export async function openProjects(person: CrashPerson, product: Product): Promise<void> {
  await tell(person, product, {
    path: "/api/projects",
    key: `project:${realKey}`,
    projectId: null,
    body: { key: realKey, name: "Crash news", mode: "real" },
  });
  await tell(person, product, {
    path: "/api/channels",
    key: "channel",
    projectId: null,
    body: { form: "webhook", name: "Program", url: "https://hooks.example.org/in", topics: ["needs-you"] },
  });
  for (const key of projectKeys)
    await tell(person, product, {
      path: "/api/projects",
      key: `project:${key}`,
      projectId: null,
      body: { key, name: `Crash ${key}`, mode: "rehearsal" },
    });
}

/** Work that nobody knows how to do: its one question is told to the person, who then gives it up. */
const isNote = (name: string): boolean => name.startsWith("note");

const rehearsalOf = (key: string, name: string): object => ({
  project: key,
  title: `Portal ${name}`,
  text: "Build customer portal",
  rehearsal: true,
  script: name.startsWith("round") ? shortScript : script,
});

async function file(person: CrashPerson, product: Product, name: string): Promise<void> {
  const { items } = (await read<{ readonly items: readonly { readonly id: string; readonly key: string }[] }>(
    product,
    "/api/projects",
  )) ?? { items: [] };
  const key = isNote(name) ? realKey : (projectKeys[Number(/\d+$/u.exec(name)?.[0] ?? 0) % projectKeys.length] ?? "CRA");
  const projectId = items.find((project) => project.key === key)?.id;
  if (projectId === undefined) return;
  const body = isNote(name) ? { project: key, title: name, text: "Nobody here knows how to do this." } : rehearsalOf(key, name);
  const answer = await tell(person, product, { path: "/api/requests", key: `request:${name}`, projectId, body });
  if (answer?.status === 422) throw new Error(`The request was refused: ${JSON.stringify(answer.body)}`);
  if (answer?.status === 201) person.filed.set(name, (answer.body as { readonly id: string }).id);
}

const choices: { readonly [kind in InboxItemSummary["kind"]]: string } = {
  approval: "approve",
  question: "answer",
  escalation: "retry",
  check: "pass",
  "unknown-effect": "done",
  patch: "go-on",
  mention: "seen",
};

async function answer(person: CrashPerson, product: Product, item: InboxItemSummary): Promise<void> {
  if (item.requestLabel.startsWith(`${realKey}-`)) {
    if (!heardNotices(person.receiversFile).some(({ itemId }) => itemId === item.id)) return; // not told of it yet
    const path = `/api/requests/${item.requestLabel}/cancel`;
    await tell(person, product, { path, key: `cancel:${item.id}`, projectId: item.projectId, body: { reason: "Given up." } });
    return;
  }
  const choice = item.kind === "unknown-effect" ? await whatHappened(person, product, item) : choices[item.kind];
  if (choice === undefined) return;
  const confirm = item.kind === "unknown-effect" ? item.id.slice(0, 8) : item.requestLabel;
  const body = { choice, value: "Companies.", reason: "It is so.", confirm };
  await tell(person, product, { path: `/api/inbox/${item.id}/answer`, key: `answer:${item.id}`, projectId: item.projectId, body });
}

/** The person looks at the receiver, as the item asks. */
async function whatHappened(person: CrashPerson, product: Product, item: InboxItemSummary): Promise<"done" | "failed" | undefined> {
  const detail = await read<InboxItemDetail>(product, `/api/inbox/${item.id}`);
  if (detail === undefined) return undefined;
  const key = detail.evidence["effectKey"];
  return readLines<ReceiverEntry>(person.receiversFile).some((entry) => entry.effectKey === key && entry.outcome === "applied")
    ? "done"
    : "failed";
}

/** Looks once at everything and does what is asked. True: all that was wanted is delivered, and nothing is asked. */
async function lookAround(person: CrashPerson, product: Product, wanted: readonly string[]): Promise<boolean> {
  for (const name of wanted) if (!person.filed.has(name)) await file(person, product, name);
  const inbox = await read<InboxPage>(product, "/api/inbox?state=open");
  for (const item of inbox?.items ?? []) await answer(person, product, item);
  for (const name of wanted) {
    const progress = await read<{ readonly state: string }>(product, `/api/requests/${person.filed.get(name) ?? name}`);
    if (progress?.state !== (isNote(name) ? "cancelled" : "delivered")) return false;
  }
  const onTheirWay = await read<NoticePage>(product, "/api/notices?state=pending");
  return inbox?.items.length === 0 && onTheirWay?.items.length === 0;
}

/** Brings the wanted requests to their end. `died`: the product ended first. */
export async function workUntilRest(person: CrashPerson, product: Product, wanted: readonly string[]): Promise<"rest" | "died"> {
  void listen(product);
  for (const endMs = Date.now() + patienceMs; Date.now() < endMs; await pause(25)) {
    if (product.ended() !== undefined) return "died";
    if (await lookAround(person, product, wanted)) return "rest";
  }
  throw new Error(`${wanted.join(", ")} did not come to rest in ${String(patienceMs / 1000)} s.`);
}

const listening = new WeakSet<Product>();

/** An open page: what is published goes to it. */
async function listen(product: Product): Promise<void> {
  if (listening.has(product)) return;
  listening.add(product);
  try {
    const response = await fetch(`${product.url}/events`, { headers: { authorization: `Bearer ${product.token}` } });
    for await (const _ of response.body ?? []);
  } catch {
    // the product died, and its streams with it
  }
}
