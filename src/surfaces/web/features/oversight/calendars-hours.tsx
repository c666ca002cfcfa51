import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { CalendarDocument, HolidaysRead } from "../../../../contract/calendar-contract.ts";
import { Button, TextField } from "../../shell/controls.tsx";
import { ActError, EmptyState, Loaded } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";
import { type Owner, calendarQuery, hoursOf, ownZone, spansOf, useChange, weekdays } from "./calendars-data.ts";

/** Zone, weekly hours and holidays of the organization or of oneself. */
export function Hours({ owner, mayChange }: { readonly owner: Owner; readonly mayChange: boolean }) {
  const calendar = useQuery(calendarQuery(owner));
  return (
    <Loaded query={calendar} rows={4}>
      {(data) => (
        <div className="flex flex-col gap-6">
          {mayChange ? <HoursForm key={`${data.zone}${JSON.stringify(data.week)}`} calendar={data} /> : <HoursShown calendar={data} />}
          <Holidays calendar={data} mayChange={mayChange} />
        </div>
      )}
    </Loaded>
  );
}

function HoursShown({ calendar }: { readonly calendar: CalendarDocument }) {
  return (
    <dl className="grid max-w-md grid-cols-[8rem_1fr] gap-y-1 text-sm">
      <dt className="text-ink-3">Time zone</dt>
      <dd>{calendar.zone}</dd>
      {weekdays.map((day, index) => (
        <div key={day} className="contents">
          <dt className="text-ink-3">{day}</dt>
          <dd>{hoursOf(calendar.week, index + 1) || "closed"}</dd>
        </div>
      ))}
    </dl>
  );
}

const inheritedText: Readonly<Record<Owner, string>> = {
  me: "You work the organization's hours. Save to keep hours of your own.",
  organization: "Nobody has set these hours yet; due times count Monday to Friday, nine to five, universal time.",
};

function HoursForm({ calendar }: { readonly calendar: CalendarDocument }) {
  const [zone, setZone] = useState(calendar.inherited && calendar.owner === "organization" ? ownZone() : calendar.zone);
  const [texts, setTexts] = useState(() => weekdays.map((_, index) => hoursOf(calendar.week, index + 1)));
  const change = useChange();
  const path = `/api/calendars/${calendar.owner}`;
  const read = texts.map((text, index) => spansOf(text, index + 1));
  const week = read.flatMap((spans) => spans ?? []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ path, body: { zone, week } });
  };
  return (
    <form onSubmit={submit} className="flex max-w-xl flex-col gap-3">
      {calendar.inherited && <p className="text-sm text-ink-2">{inheritedText[calendar.owner]}</p>}
      <TextField
        label="Time zone"
        hint="Such as Europe/Berlin."
        list="known-zones"
        required
        maxLength={64}
        value={zone}
        onChange={(event) => setZone(event.target.value)}
      />
      <fieldset className="grid grid-cols-2 gap-2 max-sm:grid-cols-1">
        <legend className="mb-1 text-sm font-medium">
          Hours <span className="font-normal text-ink-3">such as 09:00-12:00, 13:00-17:00; empty: closed</span>
        </legend>
        {weekdays.map((day, index) => (
          <TextField
            key={day}
            label={day}
            value={texts[index] ?? ""}
            placeholder="closed"
            problem={read[index] === undefined ? "Write 09:00-17:00." : undefined}
            onChange={(event) => setTexts(texts.map((text, at) => (at === index ? event.target.value : text)))}
          />
        ))}
      </fieldset>
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" tone="accent" disabled={change.isPending || week.length === 0 || read.includes(undefined)}>
          Save hours
        </Button>
        {calendar.owner === "me" && !calendar.inherited && (
          <Button disabled={change.isPending} onClick={() => change.mutate({ path, body: { zone: "", week: [] } })}>
            Work the organization's hours
          </Button>
        )}
        {change.isSuccess && (
          <span role="status" className="text-sm text-good">
            Saved.
          </span>
        )}
      </div>
      <ActError error={change.error} />
    </form>
  );
}

/** Holidays shown; the rest is counted. */
const maxShown = 40;

function Holidays({ calendar, mayChange }: { readonly calendar: CalendarDocument; readonly mayChange: boolean }) {
  const today = new Date().toISOString().slice(0, 10);
  const coming = calendar.holidays.filter((holiday) => holiday.date >= today);
  return (
    <div className="flex flex-col gap-3">
      <h3 className="text-sm font-medium">Holidays to come</h3>
      {coming.length === 0 ? (
        <EmptyState>No holidays are noted.</EmptyState>
      ) : (
        <ul className="columns-2 gap-6 text-sm max-sm:columns-1">
          {coming.slice(0, maxShown).map((holiday) => (
            <li key={holiday.date} className="flex gap-3 py-0.5">
              <span className="shrink-0 text-ink-3 tabular-nums">{holiday.date}</span>{" "}
              <span className="min-w-0 break-words">{holiday.name}</span>
            </li>
          ))}
        </ul>
      )}
      {coming.length > maxShown && <p className="text-sm text-ink-3">and {countText(coming.length - maxShown, "more")}</p>}
      {mayChange && <HolidayFile owner={calendar.owner} />}
    </div>
  );
}

function HolidayFile({ owner }: { readonly owner: Owner }) {
  const [replace, setReplace] = useState(false);
  const change = useChange<HolidaysRead>();
  const take = async (file: File | undefined) => {
    if (file !== undefined) change.mutate({ path: `/api/calendars/${owner}/holidays`, body: { ics: await file.text(), replace } });
  };
  return (
    <div className="flex max-w-xl flex-col gap-2">
      <TextField
        label="Add from a file"
        hint="An .ics file of 1 MB at most; its all-day events of this year and the next three become holidays."
        type="file"
        accept=".ics,text/calendar"
        disabled={change.isPending}
        onChange={(event) => void take(event.target.files?.[0])}
      />
      <label className="flex min-h-7 items-center gap-2 text-sm">
        <input type="checkbox" checked={replace} onChange={() => setReplace(!replace)} className="size-4 accent-accent" />
        Take the place of the holidays that are there
      </label>
      {change.data !== undefined && (
        <div role="status" className="text-sm text-ink-2">
          <p>
            {countText(change.data.count, "day")} read, {countText(change.data.total, "holiday")} now.
          </p>
          {change.data.skippedCount > 0 && (
            <ul className="list-disc pl-5">
              {change.data.skipped.slice(0, 5).map((one, index) => (
                <li key={index}>
                  {one.name || "The file"} was left out: {one.reason}.
                </li>
              ))}
              {change.data.skippedCount > 5 && <li>and {change.data.skippedCount - 5} more</li>}
            </ul>
          )}
        </div>
      )}
      <ActError error={change.error} />
    </div>
  );
}
