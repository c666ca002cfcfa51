import type { Json, JsonObject } from "../shared/json.ts";
import type { Notice } from "./notice.ts";

/** A message as text in parts, so that each adapter writes it in its own form. No part has a control character. */
export interface Letter {
  /** One line of at most 150 characters. */
  readonly subject: string;
  readonly lead: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** Further news that were held back and are sent along. */
  readonly others: readonly string[];
  readonly links: readonly { readonly label: string; readonly url: string }[];
  readonly foot: string;
}

/** Addresses that a letter points to. */
export interface LetterLinks {
  /** Where the page is reached, without a slash at the end. */
  readonly baseUrl: string;
  /** Proves who reads the letter; null: the reader signs in. */
  readonly confirmToken: string | null;
}

/**
 * One line of inert text: no control, line-breaking or direction-changing characters, which could forge headers or hide
 * what a link says; at most `length` characters.
 */
export function inertLine(value: unknown, length: number): string {
  const text = typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
  const plain = text
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replaceAll(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, "")
    .replaceAll(/ {2,}/gu, " ")
    .trim();
  const points = Array.from(plain);
  return points.length <= length ? plain : `${points.slice(0, length - 1).join("")}\u2026`;
}

const leads: { readonly [topic: string]: string } = {
  "needs-you": "Something waits for your answer.",
  reminder: "This still waits for your answer.",
  escalation: "This was not answered in time and comes to you.",
  due: "The time for this is over.",
  mention: "You were mentioned.",
  delivered: "A request of yours was delivered.",
  "channel-paused": "A channel could not be reached and was paused. Look at it under Settings, Notifications.",
};

const subjects: { readonly [topic: string]: string } = {
  "needs-you": "Needs you",
  reminder: "Reminder",
  escalation: "Escalated to you",
  due: "Overdue",
  mention: "You were mentioned",
  delivered: "Delivered",
  "channel-paused": "A channel was paused",
};

const headline = (topic: string, payload: JsonObject): string => {
  const label = inertLine(payload["requestLabel"], 30);
  const title = inertLine(payload["title"], 110);
  const what = [label, title].filter((part) => part !== "").join(" ");
  return what === "" ? (subjects[topic] ?? "News") : `${subjects[topic] ?? "News"}: ${what}`;
};

/** Builds the words of one message from its row. `formatInstant` writes times for people. */
export function composeLetter(
  notice: Pick<Notice, "topic" | "payload">,
  links: LetterLinks,
  formatInstant: (atMs: number) => string,
): Letter {
  const { topic, payload } = notice;
  const bundle = bundleOf(payload);
  const isMany = bundle.count > 0;
  return {
    subject: inertLine(isMany ? `${String(bundle.count + 1)} things happened: ${headline(topic, payload)}` : headline(topic, payload), 150),
    lead: leads[topic] ?? "There is news.",
    facts: factsOf(payload, formatInstant),
    others: bundle.lines,
    links: linksOf(topic, payload, links),
    foot: "Opening a link changes nothing; you confirm on the page. Choose what is sent to you under Settings, Notifications.",
  };
}

function factsOf(payload: JsonObject, formatInstant: (atMs: number) => string): Letter["facts"] {
  const { dueAtMs, defaultChoice, risk } = payload;
  const due = typeof dueAtMs === "number" ? formatInstant(dueAtMs) : "";
  const facts = [
    { name: "What", value: inertLine(payload["title"], 300) },
    {
      name: "Request",
      value: inertLine([payload["requestLabel"], payload["requestTitle"]].filter((part) => typeof part === "string").join(" "), 250),
    },
    { name: "Risk", value: inertLine(risk, 20) },
    { name: "Due", value: due },
    { name: "If nobody answers", value: due === "" || typeof defaultChoice !== "string" ? "" : inertLine(defaultChoice, 60) },
    { name: "Why", value: inertLine(payload["reason"], 300) },
  ];
  return facts.filter(({ value }) => value !== "");
}

function linksOf(topic: string, payload: JsonObject, { baseUrl, confirmToken }: LetterLinks): Letter["links"] {
  const itemId = inertLine(payload["itemId"], 60);
  const label = inertLine(payload["requestLabel"], 60);
  const links: { label: string; url: string }[] = [];
  if (confirmToken !== null) links.push({ label: "Look at it and answer", url: `${baseUrl}/confirm/${encodeURIComponent(confirmToken)}` });
  if (itemId !== "") links.push({ label: "Open it in the inbox", url: `${baseUrl}/inbox?item=${encodeURIComponent(itemId)}` });
  else if (label !== "") links.push({ label: "Open the request", url: `${baseUrl}/requests/${encodeURIComponent(label)}` });
  if (topic === "channel-paused") links.push({ label: "Open the notifications", url: `${baseUrl}/settings/notifications` });
  return links;
}

function bundleOf(payload: JsonObject): { readonly count: number; readonly lines: readonly string[] } {
  const { bundle, bundleCount } = payload;
  if (!Array.isArray(bundle) || typeof bundleCount !== "number") return { count: 0, lines: [] };
  const lines = (bundle as readonly Json[]).map((one) => {
    const { topic, payload: told } = one as { readonly topic: string; readonly payload: JsonObject }; // written by `decideRelease`
    return headline(topic, told);
  });
  const more = bundleCount - lines.length;
  return { count: bundleCount, lines: more > 0 ? [...lines, `and ${String(more)} more`] : lines };
}
