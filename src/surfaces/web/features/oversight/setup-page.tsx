import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import type { SampleDocument } from "../../../../contract/sample-contract.ts";
import type { InvitationDocument } from "../../../../contract/people-contract.ts";
import { unnamedOrganization } from "../../../../contract/organization-name.ts";
import type { MeDocument } from "../../../../contract/session-contract.ts";
import { call } from "../../api.ts";
import { meQuery, peopleQuery, personasQuery, playbooksQuery } from "../../queries.ts";
import { Button, TextField } from "../../shell/controls.tsx";
import { Page, PageHead } from "../../shell/page.tsx";
import { ActError, Loaded } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";
import { useAct } from "./people-admin-data.ts";
import { InvitationLink, InviteForm } from "./people-admin-forms.tsx";
import { nextStep, type SetupStep, setupSteps, stepOf, stepTitles } from "./setup-steps.ts";

/** The first minutes: a few steps, each of which can be skipped and come back to. */
export function SetupPage() {
  const { step: wanted } = useSearch({ strict: false });
  const me = useQuery(meQuery);
  const step = stepOf(wanted);
  return (
    <Page title="Set up">
      <PageHead title="Set up" answer="Five short steps. Skip what you like; everything is in the settings later." />
      <Loaded query={me} rows={4}>
        {(known) =>
          known.person.roles.includes("administrator") ? (
            <div className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-6 md:grid-cols-[14rem_minmax(0,1fr)]">
              <StepList current={step} me={known} />
              <section aria-label={stepTitles[step]} className="flex min-w-0 max-w-xl flex-col gap-4">
                <h2 className="text-lg font-semibold">{stepTitles[step]}</h2>
                {panels[step](known)}
                <Onward step={step} />
              </section>
            </div>
          ) : (
            <p>An administrator sets the organization up. You can begin to work.</p>
          )
        }
      </Loaded>
    </Page>
  );
}

const panels: { readonly [step in SetupStep]: (me: MeDocument) => ReactNode } = {
  organization: (me) => <OrganizationStep me={me} />,
  you: (me) => <YouStep me={me} />,
  people: () => <PeopleStep />,
  performers: () => <PerformersStep />,
  sample: () => <SampleStep />,
};

function StepList({ current, me }: { readonly current: SetupStep; readonly me: MeDocument }) {
  const people = useQuery(peopleQuery);
  const done: { readonly [step in SetupStep]: boolean } = {
    organization: me.organization.name !== unnamedOrganization,
    you: me.person.email !== null,
    people: (people.data?.items ?? []).filter((one) => one.state !== "removed").length > 1,
    performers: false,
    sample: false,
  };
  return (
    <nav aria-label="Steps">
      <ol className="flex gap-1 max-md:overflow-x-auto md:flex-col">
        {setupSteps.map((step, at) => (
          <li key={step}>
            <Link
              to="/setup"
              search={{ step }}
              aria-current={step === current ? "step" : undefined}
              className={`flex min-h-8 items-center gap-2 rounded px-2.5 text-sm whitespace-nowrap ${step === current ? "bg-wash font-semibold" : "text-ink-2 hover:bg-wash"}`}
            >
              <span className="w-4 text-ink-3 tabular-nums">
                {done[step] ? <Check size={14} role="img" aria-label="done" className="text-good" /> : at + 1}
              </span>
              {stepTitles[step]}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Onward({ step }: { readonly step: SetupStep }) {
  const navigate = useNavigate();
  const next = nextStep(step);
  return (
    <div className="flex gap-2 border-t border-line pt-4">
      <Button onClick={() => void (next === null ? navigate({ to: "/" }) : navigate({ to: "/setup", search: { step: next } }))}>
        {next === null ? "Begin to work" : `Next: ${stepTitles[next]}`}
      </Button>
      {next !== null && (
        <Link to="/" className="flex min-h-8 items-center px-2 text-sm text-ink-2 underline">
          Leave the set-up
        </Link>
      )}
    </div>
  );
}

/** A short form with one button; says when it was saved. */
function Saved({
  act,
  children,
  disabled,
}: {
  readonly act: ReturnType<typeof useAct>;
  readonly children: ReactNode;
  readonly disabled: boolean;
}) {
  return (
    <>
      {children}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" tone="accent" disabled={act.isPending || disabled}>
          Save
        </Button>
        {act.isSuccess && (
          <span role="status" className="text-sm text-good">
            Saved
          </span>
        )}
      </div>
      <ActError error={act.error} />
    </>
  );
}

function OrganizationStep({ me }: { readonly me: MeDocument }) {
  const [name, setName] = useState(me.organization.name === unnamedOrganization ? "" : me.organization.name);
  const save = useAct("/api/organization");
  const send = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ name });
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-3">
      <Saved act={save} disabled={name.trim() === ""}>
        <TextField
          label="Name of the organization"
          hint={`Amounts are in ${me.organization.currency}.`}
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Saved>
    </form>
  );
}

function YouStep({ me }: { readonly me: MeDocument }) {
  const [name, setName] = useState(me.person.name);
  const [email, setEmail] = useState(me.person.email ?? "");
  const save = useAct(`/api/people/${me.person.id}/profile`);
  const send = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ name, email: email.trim() === "" ? null : email });
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-3">
      <p className="text-sm text-ink-2">You are the first person here: administrator and director.</p>
      <Saved act={save} disabled={name.trim() === ""}>
        <TextField label="Your name" required maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
        <TextField
          label="Your e-mail"
          hint="Optional; for links by mail and a sign-in service, once they are set up."
          type="email"
          maxLength={320}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Saved>
    </form>
  );
}

function PeopleStep() {
  const people = useQuery(peopleQuery);
  const [made, setMade] = useState<InvitationDocument | null>(null);
  return (
    <>
      <p className="text-sm text-ink-2">
        Alone, you confirm your own plans by typing their short id. Once a second person may decide, nobody approves their own work.
      </p>
      <Loaded query={people} rows={1}>
        {({ items }) => (
          <p className="text-sm">
            Here:{" "}
            {items
              .flatMap((one) => (one.state === "removed" ? [] : `${one.name}${one.state === "invited" ? " (invited)" : ""}`))
              .join(", ")}
          </p>
        )}
      </Loaded>
      {made === null ? (
        <InviteForm onInvited={setMade} />
      ) : (
        <>
          <InvitationLink made={made} />
          <div>
            <Button onClick={() => setMade(null)}>Invite another</Button>
          </div>
        </>
      )}
    </>
  );
}

function PerformersStep() {
  const personas = useQuery(personasQuery);
  const playbooks = useQuery(playbooksQuery);
  const known = [
    ...(personas.data === undefined ? [] : [countText(Object.keys(personas.data.persona_library).length, "persona")]),
    ...(playbooks.data === undefined ? [] : [countText(playbooks.data.items.length, "playbook")]),
  ];
  return (
    <div className="flex flex-col gap-3 text-sm text-ink-2">
      <p>
        <strong className="font-medium text-ink">Models and coding agents: none is needed.</strong> Work is done by rules and by people now.
        Connecting a model or an agent comes with execution; until then there is nothing to set up here.
      </p>
      <p>
        <strong className="font-medium text-ink">
          Divisions: engineering is here{known.length === 0 ? "" : `, with ${known.join(" and ")}`}.
        </strong>{" "}
        More divisions are added with later releases.
      </p>
    </div>
  );
}

const sampleQuery = queryOptions({ queryKey: ["setup", "sample"], queryFn: () => call<SampleDocument>("GET", "/api/sample") });

function SampleStep() {
  const sample = useQuery(sampleQuery);
  const remove = useAct("/api/sample/remove");
  return (
    <div className="flex flex-col items-start gap-3 text-sm">
      <p className="text-ink-2">
        So that there is a plan to look at, a fresh installation files one request: an assessment of this program&apos;s own source. It runs
        on this machine and calls nobody. Removing it cancels it; its record stays, like every record here.
      </p>
      <Loaded query={sample} rows={1}>
        {({ requests, mayRemove }) =>
          requests.length === 0 ? (
            <p>There is no example here.</p>
          ) : (
            <>
              <ul>
                {requests.map((request) => (
                  <li key={request.id}>
                    <Link to="/requests/$reference" params={{ reference: request.label }} className="text-accent underline">
                      {request.label} {request.title}
                    </Link>{" "}
                    <span className="text-ink-3">{request.state}</span>
                  </li>
                ))}
              </ul>
              {mayRemove && (
                <Button disabled={remove.isPending} onClick={() => remove.mutate({})}>
                  Remove the example
                </Button>
              )}
            </>
          )
        }
      </Loaded>
      <ActError error={remove.error} />
    </div>
  );
}
