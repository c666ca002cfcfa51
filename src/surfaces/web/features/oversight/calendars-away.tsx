import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { DelegationDocument } from "../../../../contract/calendar-contract.ts";
import { meQuery, peopleQuery } from "../../queries.ts";
import { Button, SelectField, TextField } from "../../shell/controls.tsx";
import { ActError, EmptyState, Loaded } from "../../shell/states.tsx";
import { dayText } from "../../shell/words.ts";
import { awayQuery, calendarQuery, dayMs, delegationsQuery, useChange } from "./calendars-data.ts";

const dayLengthMs = 24 * 3_600_000;

function PersonField(props: {
  readonly label: string;
  readonly value: string;
  readonly empty: string;
  readonly onChange: (id: string) => void;
}) {
  const people = useQuery(peopleQuery);
  const me = useQuery(meQuery);
  const others = (people.data?.items ?? []).filter((person) => person.state === "active" && person.id !== me.data?.person.id);
  return (
    <SelectField label={props.label} value={props.value} onChange={(event) => props.onChange(event.target.value)}>
      <option value="">{props.empty}</option>
      {others.map((person) => (
        <option key={person.id} value={person.id}>
          {person.name}
        </option>
      ))}
    </SelectField>
  );
}

/** Own absences with who decides meanwhile, and who else is away now. */
export function Absences() {
  const mine = useQuery(calendarQuery("me"));
  const away = useQuery(awayQuery);
  const remove = useChange();
  return (
    <div className="flex flex-col gap-4">
      <Loaded query={mine} rows={2}>
        {({ absences }) =>
          absences.length === 0 ? (
            <EmptyState>You are not away.</EmptyState>
          ) : (
            <ul className="flex flex-col">
              {absences.map((absence) => (
                <li key={absence.id} className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-1.5 text-sm">
                  <span className="font-medium">
                    {dayText(absence.fromMs)} to {dayText(absence.toMs - 1)}
                  </span>
                  <span className="min-w-0 flex-1 text-ink-2">
                    {absence.substitute === null
                      ? "Nobody stands in; the ladder hears of what is due."
                      : `${absence.substitute.name} decides in your place.`}{" "}
                    {absence.reason}
                  </span>
                  <Button
                    aria-label={`Take back the absence from ${dayText(absence.fromMs)}`}
                    disabled={remove.isPending}
                    onClick={() => remove.mutate({ path: `/api/absences/${absence.id}/remove`, body: {} })}
                  >
                    Take back
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <ActError error={remove.error} />
      <AbsenceForm />
      {(away.data?.items ?? []).length > 0 && (
        <div>
          <h3 className="mb-1 text-sm font-medium">Away now</h3>
          <ul className="text-sm">
            {away.data?.items.map((one) => (
              <li key={one.person.id} className="py-0.5">
                {one.person.name} until {dayText(one.toMs - 1)},{" "}
                <span className="text-ink-2">
                  {one.representative === null ? "nobody stands in" : `${one.representative.name} stands in`}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function AbsenceForm() {
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [substituteId, setSubstitute] = useState("");
  const [reason, setReason] = useState("");
  const change = useChange(() => {
    setFrom("");
    setTo("");
    setReason("");
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const span = { fromMs: dayMs(from), toMs: dayMs(to) + dayLengthMs };
    change.mutate({ path: "/api/absences", body: { ...span, reason, ...(substituteId === "" ? {} : { substituteId }) } });
  };
  return (
    <form onSubmit={submit} className="grid max-w-xl grid-cols-2 gap-3 max-sm:grid-cols-1">
      <TextField label="First day away" type="date" required value={from} onChange={(event) => setFrom(event.target.value)} />
      <TextField label="Last day away" type="date" required min={from} value={to} onChange={(event) => setTo(event.target.value)} />
      <PersonField label="Who decides in your place" empty="Nobody" value={substituteId} onChange={setSubstitute} />
      <TextField
        label="Reason"
        hint="Optional; others see it."
        maxLength={1_000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <div className="col-span-full flex flex-col items-start gap-2">
        <Button type="submit" tone="accent" disabled={change.isPending || from === "" || to === ""}>
          Note the absence
        </Button>
        <ActError error={change.error} />
      </div>
    </form>
  );
}

/** Standing delegations, given and received. */
export function Delegations() {
  const delegations = useQuery(delegationsQuery);
  return (
    <div className="flex flex-col gap-4">
      <Loaded query={delegations} rows={2}>
        {({ given, received }) => (
          <>
            <DelegationList title="Given" items={given} name={(one) => one.to.name} empty="Nobody decides in your place." />
            <DelegationList title="Received" items={received} name={(one) => one.from.name} empty="You decide in nobody's place." />
          </>
        )}
      </Loaded>
      <DelegationForm />
    </div>
  );
}

interface ListProps {
  readonly title: string;
  readonly items: readonly DelegationDocument[];
  readonly name: (one: DelegationDocument) => string;
  readonly empty: string;
}

function DelegationList({ title, items, name, empty }: ListProps) {
  const revoke = useChange();
  return (
    <div>
      <h3 className="mb-1 text-sm font-medium">{title}</h3>
      {items.length === 0 && <p className="text-sm text-ink-3">{empty}</p>}
      <ul className="flex flex-col">
        {items.map((one) => (
          <li key={one.id} className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-1.5 text-sm">
            <span className="font-medium">{name(one)}</span>
            <span className="min-w-0 flex-1 text-ink-2">
              up to {one.maxRisk} risk{one.project === null ? "" : ` in ${one.project.key}`}, {dayText(one.validFromMs)} to{" "}
              {dayText(one.validToMs - 1)}
              {one.active ? "" : " (not now)"}. {one.reason}
            </span>
            <Button
              aria-label={`Revoke the delegation ${title === "Given" ? "to" : "from"} ${name(one)}`}
              disabled={revoke.isPending}
              onClick={() => revoke.mutate({ path: `/api/delegations/${one.id}/revoke`, body: {} })}
            >
              Revoke
            </Button>
          </li>
        ))}
      </ul>
      <ActError error={revoke.error} />
    </div>
  );
}

function DelegationForm() {
  const [toId, setTo] = useState("");
  const [until, setUntil] = useState("");
  const [maxRisk, setRisk] = useState("low");
  const [reason, setReason] = useState("");
  const change = useChange(() => {
    setTo("");
    setUntil("");
    setReason("");
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ path: "/api/delegations", body: { toId, validToMs: dayMs(until) + dayLengthMs, maxRisk, reason } });
  };
  return (
    <form onSubmit={submit} className="grid max-w-xl grid-cols-2 gap-3 max-sm:grid-cols-1">
      <PersonField label="Let somebody decide in your place" empty="Choose a person" value={toId} onChange={setTo} />
      <TextField label="Until and with" type="date" required value={until} onChange={(event) => setUntil(event.target.value)} />
      <SelectField label="Up to which risk" value={maxRisk} onChange={(event) => setRisk(event.target.value)}>
        <option value="low">Low</option>
        <option value="medium">Medium</option>
        <option value="high">High</option>
      </SelectField>
      <TextField
        label="Reason"
        hint="Optional; kept with the delegation."
        maxLength={1_000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <div className="col-span-full flex flex-col items-start gap-2">
        <p className="text-sm text-ink-2">They decide with your roles, not with what others let you decide, and every decision says so.</p>
        <Button type="submit" tone="accent" disabled={change.isPending || toId === "" || until === ""}>
          Grant
        </Button>
        <ActError error={change.error} />
      </div>
    </form>
  );
}
