import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { RequestInputDocument } from "../../../../contract/content-contract.ts";
import type { RequestDraftBody } from "../../../../contract/request-contract.ts";
import { api } from "../../api.ts";
import { meQuery, playbooksQuery } from "../../queries.ts";
import { Button, SelectField, TextArea, TextField } from "../../shell/controls.tsx";
import { useMay } from "../../shell/may.ts";
import { isTextRecord, useDraft } from "../../shell/draft.ts";
import { Page, PageHead } from "../../shell/page.tsx";
import { ActError, EmptyState } from "../../shell/states.tsx";
import { titleWords } from "../../shell/words.ts";
import { InputFiles, isInputList } from "./input-files.tsx";
import { draftBody, draftProblems } from "./request-draft.ts";

const route = getRouteApi("/framed/requests/new");
const nothing: Record<string, string> = {};
const noInputs: readonly RequestInputDocument[] = [];

type Fields = Readonly<Record<string, string>>;

interface PartProps {
  readonly fields: Fields;
  readonly set: (name: string, value: string) => void;
  readonly problems: Fields;
}

/** Files a request, for those who may. */
export function NewRequestPage() {
  const may = useMay();
  if (may("submit-request")) return <NewRequest />;
  return (
    <Page title="New request">
      <PageHead title="New request" />
      <EmptyState>Your roles read and file nothing. An administrator changes roles under Settings, People.</EmptyState>
    </Page>
  );
}

/** What was typed survives a reload until it is filed. */
function NewRequest() {
  const search = route.useSearch();
  const draft = useDraft(`new-request.${search.playbook ?? ""}`, nothing, isTextRecord);
  const fields: Fields = { ...search, ...draft.value };
  const attached = useDraft("new-request.inputs", noInputs, isInputList);
  const [problems, setProblems] = useState<Fields>(nothing);
  const navigate = useNavigate();
  const client = useQueryClient();
  const submit = useMutation({
    mutationFn: (body: RequestDraftBody) => api.submitRequest(body),
    onSuccess: async (opened) => {
      discard();
      await client.invalidateQueries({ queryKey: ["requests"] });
      await navigate({ to: "/requests/$reference", params: { reference: opened.label } });
    },
  });
  const file = (event: FormEvent) => {
    event.preventDefault();
    const found = draftProblems(fields, Date.now());
    setProblems(found);
    if (Object.keys(found).length === 0) submit.mutate(draftBody(fields, attached.value));
  };
  const discard = () => {
    draft.clear();
    attached.clear();
  };
  const part: PartProps = { fields, problems, set: (name, value) => draft.change({ ...draft.value, [name]: value }) };
  return (
    <Page title="New request">
      <PageHead title="New request" answer="Say what you want done. You see the plan and approve it before anything runs." />
      <form onSubmit={file} noValidate className="flex max-w-[640px] flex-col gap-5">
        <MainFields {...part} />
        <InputFiles inputs={attached.value} onChange={attached.change} />
        <LimitFields {...part} />
        <ActError error={submit.error} />
        <div className="flex items-center gap-3">
          <Button type="submit" tone="accent" disabled={submit.isPending}>
            {submit.isPending ? "Filing" : "File the request"}
          </Button>
          {Object.keys(draft.value).length + attached.value.length > 0 && (
            <Button tone="quiet" onClick={discard}>
              Discard the draft
            </Button>
          )}
        </div>
      </form>
    </Page>
  );
}

function MainFields({ fields, set, problems }: PartProps) {
  const playbooks = useQuery(playbooksQuery);
  return (
    <>
      <TextArea
        label="What do you want done?"
        rows={5}
        required
        value={fields["text"] ?? ""}
        problem={problems["text"]}
        onChange={(event) => set("text", event.target.value)}
        placeholder="Assess this repository"
      />
      <SelectField
        label="Playbook"
        hint="Leave it to the match, or name one. If none fits you are asked how to go on."
        value={fields["playbook"] ?? ""}
        onChange={(event) => set("playbook", event.target.value)}
      >
        <option value="">Match it to the text</option>
        {fields["playbook"] !== undefined && fields["playbook"] !== "" && playbooks.data === undefined && (
          <option value={fields["playbook"]}>{titleWords(fields["playbook"])}</option>
        )}
        {playbooks.data?.items.map((playbook) => (
          <option key={playbook.id} value={playbook.name}>
            {titleWords(playbook.name)}
          </option>
        ))}
      </SelectField>
      <PathField fields={fields} set={set} problems={problems} />
    </>
  );
}

/** For those whom the server lets name paths of its machine. */
function PathField({ fields, set, problems }: PartProps) {
  const me = useQuery(meQuery);
  if (me.data?.person.roles.includes("administrator") !== true) return null;
  return (
    <TextField
      label="Repository or folder on this machine"
      className="font-mono text-sm"
      hint="A path the server can read, such as /home/me/project. It is copied at its present commit; nothing is written to it."
      value={fields["path"] ?? ""}
      problem={problems["path"]}
      onChange={(event) => set("path", event.target.value)}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

function LimitFields({ fields, set, problems }: PartProps) {
  const me = useQuery(meQuery);
  return (
    <fieldset className="grid gap-4 border-t border-line pt-4 sm:grid-cols-2">
      <legend className="sr-only">Limits and place</legend>
      <TextField
        label="Deadline (optional)"
        type="date"
        value={fields["deadline"] ?? ""}
        problem={problems["deadline"]}
        onChange={(event) => set("deadline", event.target.value)}
      />
      <TextField
        label={`Budget in ${me.data?.organization.currency ?? "the organization's currency"} (optional)`}
        inputMode="decimal"
        value={fields["budget"] ?? ""}
        problem={problems["budget"]}
        onChange={(event) => set("budget", event.target.value)}
      />
      <SelectField label="Urgency" value={fields["urgency"] ?? ""} onChange={(event) => set("urgency", event.target.value)}>
        <option value="">Normal</option>
        <option value="high">High</option>
        <option value="low">Low</option>
      </SelectField>
      <ProjectField fields={fields} set={set} />
    </fieldset>
  );
}

/** The project it is filed in; unsaid, the server takes the first one that is real. */
function ProjectField({ fields, set }: Pick<PartProps, "fields" | "set">) {
  const me = useQuery(meQuery);
  const projects = (me.data?.projects ?? []).filter((project) => project.state === "active");
  const first = projects.find((project) => project.mode === "real");
  if (projects.length < 2) return null;
  return (
    <SelectField
      label="Project"
      value={fields["project"] === first?.key ? "" : (fields["project"] ?? "")}
      onChange={(event) => set("project", event.target.value)}
    >
      {first !== undefined && <option value="">{`${first.key} · ${first.name}`}</option>}
      {projects
        .filter((project) => project !== first)
        .map((project) => (
          <option key={project.id} value={project.key}>
            {project.key} · {project.name}
            {project.mode === "rehearsal" ? " (rehearsal)" : ""}
          </option>
        ))}
    </SelectField>
  );
}
