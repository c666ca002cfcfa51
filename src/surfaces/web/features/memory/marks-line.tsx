import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Tag } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { MarksDocument } from "../../../../contract/entity-contract.ts";
import { tagText } from "../../../../core/memory/tag.ts";
import { Button, SelectField } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { useMay } from "../../shell/may.ts";
import { ActError } from "../../shell/states.tsx";
import { planTask } from "../execution/sprints-data.ts";
import { linkEpic } from "../requests/epics-data.ts";
import { type Group, type Marked, marksQuery, openGroupsQuery, tagsInUseQuery } from "./marks-data.ts";
import { NewTag, TagList } from "./tag-editor.tsx";
import { useAct } from "./use-act.ts";

/** What a request is part of, and what a task is planned for. */
const groupWords = {
  request: {
    what: "epic",
    label: "Epic",
    none: "Part of no epic.",
    lead: "Part of",
    command: "set-epic",
    open: "Open one",
    to: "/epics",
    send: linkEpic,
  },
  task: {
    what: "sprint",
    label: "Sprint",
    none: "Planned for no sprint.",
    lead: "Planned for",
    command: "set-sprint",
    open: "Plan one",
    to: "/sprints",
    send: planTask,
  },
} as const;

/** Which group a request or task is part of, and its tags. */
export function MarksLine({ of }: { readonly of: Marked }) {
  const { data } = useQuery(marksQuery(of));
  return data === undefined ? null : (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-1.5 text-sm text-ink-2">
      <GroupPart of={of} group={data.partOf} />
      <TagsPart of={of} tags={data.tags} />
    </div>
  );
}

function GroupPart({ of, group }: { readonly of: Marked; readonly group: MarksDocument["partOf"] }) {
  const [isOpen, setOpen] = useState(false);
  const may = useMay();
  const words = groupWords[of.kind];
  const mayChange = may(words.command);
  const act = group === null ? "Choose" : "Change";
  if (group === null && !mayChange) return null;
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      {group === null ? (
        <span>{words.none}</span>
      ) : (
        <span>
          {words.lead} <GroupLink of={of} group={group} />
        </span>
      )}
      {mayChange && (
        <Button tone="quiet" className="no-print" aria-label={`${act} the ${words.what}`} onClick={() => setOpen(true)}>
          {act}
        </Button>
      )}
      {isOpen && <GroupDialog of={of} current={group?.label ?? ""} onClose={() => setOpen(false)} />}
    </span>
  );
}

function GroupLink({ of, group }: { readonly of: Marked; readonly group: NonNullable<MarksDocument["partOf"]> }) {
  const words: ReactNode = (
    <>
      <span className="font-mono text-xs">{group.label}</span> {group.title}
    </>
  );
  const params = { reference: group.label };
  return of.kind === "request" ? (
    <Link to="/epics/$reference" params={params} className="underline">
      {words}
    </Link>
  ) : (
    <Link to="/sprints/$reference" params={params} className="underline">
      {words}
    </Link>
  );
}

interface DialogProps {
  readonly of: Marked;
  /** Label of the group it is in; empty: none. */
  readonly current: string;
  readonly onClose: () => void;
}

function GroupDialog({ of, current, onClose }: DialogProps) {
  const groups = useQuery(openGroupsQuery(of));
  const [chosen, setChosen] = useState(current);
  const words = groupWords[of.kind];
  const save = useAct((label: string | null) => words.send(of.label, label), `The ${words.what} of ${of.label} is recorded.`, onClose);
  const offered = groups.data ?? [];
  return (
    <Dialog title={`The ${words.what} of ${of.label}`} onClose={onClose}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(chosen === "" ? null : chosen);
        }}
      >
        <SelectField
          label={words.label}
          value={chosen}
          onChange={(event) => setChosen(event.target.value)}
          hint={groups.isSuccess && offered.length === 0 ? <NoGroup of={of} /> : undefined}
        >
          <option value="">None</option>
          <Offered current={current} offered={offered} />
        </SelectField>
        <ActError error={groups.error ?? save.error} />
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" tone="accent" disabled={save.isPending || chosen === current}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const NoGroup = ({ of }: { readonly of: Marked }) => (
  <>
    No {groupWords[of.kind].what} of this project is open.{" "}
    <Link to={groupWords[of.kind].to} className="underline">
      {groupWords[of.kind].open}
    </Link>
  </>
);

/** What it is part of now is among the choices, also when it has ended. */
const Offered = ({ current, offered }: { readonly current: string; readonly offered: readonly Group[] }) => (
  <>
    {current !== "" && !offered.some(({ label }) => label === current) && <option value={current}>{current}</option>}
    {offered.map(({ label, title }) => (
      <option key={label} value={label}>
        {label} {title}
      </option>
    ))}
  </>
);

function TagsPart({ of, tags }: { readonly of: Marked; readonly tags: MarksDocument["tags"] }) {
  const [isAdding, setAdding] = useState(false);
  const may = useMay();
  const open = may("add-tag");
  const subject = { kind: of.kind, id: of.id };
  if (tags.length === 0 && !open) return null;
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <TagList
        subject={subject}
        tags={tags}
        open={open}
        link={(text) =>
          of.kind === "request" ? (
            <Link to="/requests" search={{ tag: text }} className="hover:underline">
              {text}
            </Link>
          ) : (
            text
          )
        }
      />
      {open && (
        <Button tone="quiet" className="no-print" onClick={() => setAdding(true)}>
          <Tag size={13} aria-hidden="true" /> Add a tag
        </Button>
      )}
      {isAdding && <TagDialog of={of} tags={tags} onClose={() => setAdding(false)} />}
    </span>
  );
}

function TagDialog({ of, tags, onClose }: { readonly of: Marked; readonly tags: MarksDocument["tags"]; readonly onClose: () => void }) {
  const inUse = useQuery(tagsInUseQuery(of.kind));
  const subject = { kind: of.kind, id: of.id };
  const mine = tags.map(tagText);
  const known = (inUse.data?.items ?? []).map(tagText).filter((one) => !mine.includes(one));
  return (
    <Dialog title={`Tags of ${of.label}`} onClose={onClose}>
      <div className="flex flex-col gap-3">
        <NewTag subject={subject} known={known} placeholder="area=payments, or urgent" />
        <TagList subject={subject} tags={tags} open link={(text) => text} />
        <Button className="self-end" onClick={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}
