import { useQuery } from "@tanstack/react-query";
import { meQuery } from "../../queries.ts";
import { Section } from "../../shell/page.tsx";
import { Absences, Delegations } from "./calendars-away.tsx";
import { zones } from "./calendars-data.ts";
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
      <Section title="The organization's hours">
        <Hours owner="organization" mayChange={isSteward} />
      </Section>
      <Section title="Your hours">
        <Hours owner="me" mayChange />
      </Section>
      <Section title="Your absences">
        <Absences />
      </Section>
      <Section title="Standing delegations">
        <Delegations />
      </Section>
    </>
  );
}
