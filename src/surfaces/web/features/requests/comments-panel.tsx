import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { CommentDocument } from "../../../../contract/comment-contract.ts";
import { Failure } from "../../../../core/shared/failure.ts";
import { announce } from "../../shell/announce.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Button } from "../../shell/controls.tsx";
import { isTextRecord, useDraft } from "../../shell/draft.ts";
import { useMoment } from "../../shell/moment-context.ts";
import { Section } from "../../shell/page.tsx";
import { ActError, Loaded } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";
import { CommentBox } from "./comments-box.tsx";
import {
  type About,
  type Mentionable,
  commentsQuery,
  editComment,
  mentionedIn,
  peopleQuery,
  postComment,
  removeComment,
} from "./comments-data.ts";

interface PanelProps {
  /** Label or id of the request. */
  readonly reference: string;
  /** The plan or task that is talked about; absent: the request itself. */
  readonly about?: About;
}

const nobody: readonly Mentionable[] = [];
const none: ReadonlySet<string> = new Set();
const nothing: Record<string, string> = {};

/** What people and agents said about a request, plan or task, and the place to say more. */
export function CommentsPanel({ reference, about }: PanelProps) {
  const query = useQuery(commentsQuery(reference, about));
  const people = useQuery(peopleQuery);
  const isPast = useMoment() !== null;
  const known = people.data?.items.filter((person) => person.state === "active") ?? nobody;
  return (
    <Section
      title={about === undefined ? "Comments" : `Comments on the ${about.kind}`}
      aside={query.data === undefined ? undefined : countText(query.data.items.length, "comment")}
    >
      <Loaded query={query} rows={2}>
        {(page) => (
          <div className="flex flex-col gap-4">
            {page.items.length === 0 ? (
              <p className="text-sm text-ink-2">{isPast ? "Nothing had been said." : "Nothing was said yet."}</p>
            ) : (
              <ol className="flex flex-col">
                {page.items.map((comment) => (
                  <CommentRow key={comment.id} comment={comment} people={known} />
                ))}
              </ol>
            )}
            {page.mayPost && <NewComment reference={reference} about={about} people={known} />}
            {!page.mayPost && !isPast && <p className="text-sm text-ink-2">You read here; auditors say nothing.</p>}
          </div>
        )}
      </Loaded>
    </Section>
  );
}

/** After a write the list is read again, so that both sides of a lost race can be shown. */
function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["comments"] });
}

function NewComment({
  reference,
  about,
  people,
}: {
  readonly reference: string;
  readonly about: About | undefined;
  readonly people: readonly Mentionable[];
}) {
  const draft = useDraft(`comment.${reference}.${about?.id ?? ""}`, nothing, isTextRecord);
  const text = draft.value["text"] ?? "";
  const [picked, setPicked] = useState(none);
  const refresh = useRefresh();
  const send = useMutation({
    mutationFn: () => postComment(reference, about, { text: text.trim(), mentions: mentionedIn(text, people, picked) }),
    onSuccess: async () => {
      draft.clear();
      setPicked(none);
      announce("Your comment is posted.");
      await refresh();
    },
  });
  const ready = text.trim() !== "" && !send.isPending;
  return (
    <form
      className="no-print flex max-w-[75ch] flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) send.mutate();
      }}
    >
      <CommentBox
        label={about === undefined ? "Add a comment" : `Comment on the ${about.kind}`}
        text={text}
        people={people}
        picked={picked}
        onChange={(next, chosen) => (draft.change({ text: next }), setPicked(chosen))}
        onSend={() => ready && send.mutate()}
      />
      <ActError error={send.error} />
      <Button type="submit" className="self-start" disabled={!ready}>
        Comment
      </Button>
    </form>
  );
}

function CommentRow({ comment, people }: { readonly comment: CommentDocument; readonly people: readonly Mentionable[] }) {
  const [isEditing, setEditing] = useState(false);
  const refresh = useRefresh();
  const remove = useMutation({
    mutationFn: () => removeComment(comment.id, comment.version),
    onSuccess: async () => {
      announce("The comment is removed.");
      await refresh();
    },
    onError: refresh,
  });
  const name = `${comment.author.name}'s comment`;
  return (
    <li className="flex max-w-[75ch] flex-col gap-1 border-b border-line py-2.5 first:pt-0">
      <div className="flex flex-wrap items-baseline gap-x-2 text-sm">
        <span className="font-medium">{comment.author.name}</span>
        <span className="text-ink-3">
          <Ago atMs={comment.postedAtMs} />
          {comment.editedAtMs !== null && comment.state === "posted" && ", edited"}
        </span>
        <span className="no-print ml-auto flex gap-1">
          {comment.mayEdit && !isEditing && (
            <Button tone="quiet" aria-label={`Edit ${name}`} onClick={() => setEditing(true)}>
              Edit
            </Button>
          )}
          {comment.mayRemove && (
            <Button tone="quiet" aria-label={`Remove ${name}`} disabled={remove.isPending} onClick={() => remove.mutate()}>
              Remove
            </Button>
          )}
        </span>
      </div>
      {isEditing ? (
        <EditComment comment={comment} people={people} onClose={() => setEditing(false)} />
      ) : comment.state === "removed" ? (
        <p className="text-sm text-ink-3">This comment was removed.</p>
      ) : (
        <p className="break-words whitespace-pre-wrap">{withLinks(comment.text)}</p>
      )}
      <ActError error={remove.error} />
    </li>
  );
}

function EditComment({
  comment,
  people,
  onClose,
}: {
  readonly comment: CommentDocument;
  readonly people: readonly Mentionable[];
  readonly onClose: () => void;
}) {
  const [text, setText] = useState(comment.text);
  const [picked, setPicked] = useState<ReadonlySet<string>>(() => new Set(comment.mentions.map((one) => one.id)));
  // What the writer read; a newer version is shown beside theirs before it can be replaced.
  const [read, setRead] = useState({ text: comment.text, version: comment.version });
  const refresh = useRefresh();
  const saved = async () => {
    announce("Your change is saved.");
    await refresh();
    onClose();
  };
  const said = () => ({ text: text.trim(), mentions: mentionedIn(text, people, picked) });
  const save = useMutation({ mutationFn: () => editComment(comment.id, read.version, said()), onSuccess: saved, onError: refresh });
  const isLost = save.error instanceof Failure && save.error.code === "comment.changed";
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {isLost && comment.version !== read.version && (
        <Overtaken
          text={comment.text}
          onKeep={() => {
            setRead({ text: comment.text, version: comment.version });
            save.reset();
          }}
        />
      )}
      <CommentBox
        label="Your comment"
        text={text}
        people={people}
        picked={picked}
        onChange={(next, chosen) => (setText(next), setPicked(chosen))}
        onSend={() => save.mutate()}
      />
      {!isLost && <ActError error={save.error} />}
      <div className="flex gap-2">
        <Button type="submit" tone="accent" disabled={save.isPending || text.trim() === ""}>
          Save
        </Button>
        <Button tone="quiet" onClick={onClose}>
          Leave it
        </Button>
      </div>
    </form>
  );
}

/** Both sides of a lost race: what stands there now is here, what was typed is below. */
const Overtaken = ({ text, onKeep }: { readonly text: string; readonly onKeep: () => void }) => (
  <div role="alert" className="rounded border border-wait p-2 text-sm">
    <p className="font-medium">It was changed meanwhile. It now says:</p>
    <p className="break-words whitespace-pre-wrap">{text}</p>
    <Button className="mt-1" onClick={onKeep}>
      Keep mine instead
    </Button>
  </div>
);

/** Addresses of this very server become links; all others stay text, so that nobody is led away by what somebody wrote. */
function withLinks(text: string): readonly ReactNode[] {
  return text.split(/(https?:\/\/[^\s<>"']{1,2000})/u).map((part, at) => {
    const url = at % 2 === 1 && URL.canParse(part) ? new URL(part) : null;
    if (url === null || url.origin !== location.origin) return part;
    return (
      <a key={`${at} ${part}`} href={`${url.pathname}${url.search}${url.hash}`} className="text-accent underline">
        {part}
      </a>
    );
  });
}
