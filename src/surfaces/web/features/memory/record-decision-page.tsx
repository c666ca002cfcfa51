import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { DecisionDetail } from "../../../../contract/decision-contract.ts";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import { call } from "../../api.ts";
import { Button } from "../../shell/controls.tsx";
import { Page, PageHead } from "../../shell/page.tsx";
import { useProjectKey } from "../../shell/project-scope.ts";
import { ActError, Loaded } from "../../shell/states.tsx";
import { DayFields, LinkFields, OptionFields, QuestionFields, ReasonFields } from "./decision-form.tsx";
import { type DecisionDraft, bodyOf, draftAfter, emptyDraft, missingIn } from "./decision-writing.ts";

const route = getRouteApi("/framed/memory/record");

const beforeQuery = (id: string) =>
  queryOptions({ queryKey: ["decision", id], queryFn: () => call<DecisionDetail>("GET", `/api/decisions/${encodeURIComponent(id)}`) });

/** Writes a decision down, or one that takes another's place. */
export function RecordDecisionPage() {
  const { supersedes, request = "", topic = "" } = route.useSearch();
  const title = supersedes === undefined ? "Record a decision" : "Replace a decision";
  return (
    <Page title={title}>
      <PageHead
        over={
          <Link to="/memory" className="hover:underline">
            Memory
          </Link>
        }
        title={title}
        answer="What was considered, what was chosen and why, how sure you are, and when somebody looks whether it held."
      />
      {supersedes === undefined ? <Writing before={null} first={{ ...emptyDraft, request, topic }} /> : <Replacing id={supersedes} />}
    </Page>
  );
}

function Replacing({ id }: { readonly id: string }) {
  const before = useQuery(beforeQuery(id));
  return <Loaded query={before}>{(decision) => <Writing key={decision.id} before={decision} first={draftAfter(decision)} />}</Loaded>;
}

function Writing({ before, first }: { readonly before: DecisionDetail | null; readonly first: DecisionDraft }) {
  const [draft, setDraft] = useState(first);
  const [problem, setProblem] = useState<string | null>(null);
  const [client, navigate, project] = [useQueryClient(), useNavigate(), useProjectKey()];
  const record = useMutation({
    mutationFn: () => call<CommandAnswer>("POST", "/api/decisions", bodyOf(draft, before?.projectKey ?? project, before)),
    onSuccess: async ({ id }) => {
      await Promise.all(["decisions", "decision", "beliefs"].map((key) => client.invalidateQueries({ queryKey: [key] })));
      await navigate({ to: "/memory/decisions/$decision", params: { decision: id } });
    },
  });
  const write = (fields: Partial<DecisionDraft>): void => {
    setDraft({ ...draft, ...fields });
    setProblem(null);
  };
  return (
    <form
      className="flex max-w-3xl flex-col gap-6"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const missing = missingIn(draft);
        setProblem(missing);
        if (missing === null) record.mutate();
      }}
    >
      {before !== null && (
        <p className="text-sm text-ink-2">
          It takes the place of{" "}
          <Link to="/memory/decisions/$decision" params={{ decision: before.id }} className="underline">
            the decision so far
          </Link>
          , which stays on record and is in force until this one begins.
        </p>
      )}
      <div className="flex flex-col gap-3">
        <QuestionFields draft={draft} write={write} />
      </div>
      <OptionFields draft={draft} write={write} />
      <ReasonFields draft={draft} write={write} />
      <LinkFields draft={draft} write={write} />
      <DayFields draft={draft} write={write} />
      <div className="flex flex-col gap-2">
        {problem !== null && (
          <p role="alert" className="text-sm font-medium text-bad">
            {problem}
          </p>
        )}
        <ActError error={record.error} />
        <Button type="submit" tone="accent" className="min-h-9 self-start" disabled={record.isPending}>
          {draft.choice === "" ? "Propose it" : "Put it on record"}
        </Button>
      </div>
    </form>
  );
}
