import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { InboxItemDetail } from "../../../../contract/inbox-contract.ts";
import { peopleQuery } from "../../queries.ts";
import { Ago } from "../../shell/clock.tsx";

/** The comment in which the reader is named: its words, its author, and the way to where it stands. */
export function MentionQuote({ item }: { readonly item: InboxItemDetail }) {
  const people = useQuery(peopleQuery);
  const author = people.data?.items.find((person) => person.id === item.evidence["authorId"])?.name;
  return (
    <figure className="flex max-w-[75ch] flex-col gap-1.5 border-l-2 border-accent py-1 pl-4">
      <blockquote className="leading-6 wrap-anywhere whitespace-pre-wrap">{item.detail}</blockquote>
      <figcaption className="flex flex-wrap gap-x-3 text-sm text-ink-3">
        <span>
          {author !== undefined && <span className="font-medium text-ink-2">{author} </span>}
          <Ago atMs={item.askedAtMs} rehearsal={item.rehearsal} />
        </span>
        <Where item={item} />
      </figcaption>
    </figure>
  );
}

const linkLook = "text-accent underline";

function Where({ item }: { readonly item: InboxItemDetail }) {
  const { about, aboutId } = item.evidence;
  if (about === "task" && typeof aboutId === "string")
    return (
      <Link to="/task/$" params={{ _splat: aboutId }} className={linkLook}>
        Open the task it is about
      </Link>
    );
  return (
    <Link
      to="/requests/$reference"
      params={{ reference: item.requestLabel }}
      search={{ tab: about === "plan" ? "plan" : "brief" }}
      className={linkLook}
    >
      {about === "plan" ? "Open the plan it is about" : "Open the conversation"}
    </Link>
  );
}
