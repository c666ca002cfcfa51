import { useQuery } from "@tanstack/react-query";
import type { CalendarDocument } from "../../../../contract/calendar-contract.ts";
import { meQuery } from "../../queries.ts";
import { Fold } from "../../shell/fold.tsx";
import { countText, hoursText } from "../../shell/words.ts";
import { Absences, Delegations } from "./calendars-away.tsx";
import { type Owner, calendarQuery, delegationsQuery, zones } from "./calendars-data.ts";
import { Hours } from "./calendars-hours.tsx";

/** When people work, who is away, and who decides in whose place. */
export function Panel() {
  const me = useQuery(meQuery);
  const roles = me.data?.person.roles ?? [];
  const isSteward = roles.includes("administrator") || roles.includes("director");
  return (
    <>
      <p className="max-w-[75ch] text-sm text-ink-2">
        Due times, reminders and escalations count the organization's working hours. Nothing is ever approved by time alone.
      </p>
      <datalist id="known-zones">
        {zones().map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <div className="flex flex-col border-t border-line">
        <Fold title="The organization's hours" says={<HoursSaid owner="organization" />}>
          <Hours owner="organization" mayChange={isSteward} />
        </Fold>
        <Fold title="Your hours" says={<HoursSaid owner="me" />}>
          <Hours owner="me" mayChange />
        </Fold>
        <Fold title="Your absences" says={<AbsencesSaid />}>
          <Absences />
        </Fold>
        <Fold title="Standing delegations" says={<DelegationsSaid />}>
          <Delegations />
        </Fold>
      </div>
    </>
  );
}

const openMinutes = (week: CalendarDocument["week"]): number =>
  week.reduce((sum, { fromMinute, toMinute }) => sum + toMinute - fromMinute, 0);

function HoursSaid({ owner }: { readonly owner: Owner }) {
  const { data } = useQuery(calendarQuery(owner));
  if (data === undefined) return null;
  if (data.inherited) return owner === "me" ? "as the organization" : "not set";
  return `${data.zone}, ${hoursText(openMinutes(data.week) / 60)} a week`;
}

function AbsencesSaid() {
  const { data } = useQuery(calendarQuery("me"));
  return data === undefined ? null : data.absences.length === 0 ? "none" : countText(data.absences.length, "absence");
}

function DelegationsSaid() {
  const { data } = useQuery(delegationsQuery);
  return data === undefined ? null : `${data.given.length} given, ${data.received.length} received`;
}
