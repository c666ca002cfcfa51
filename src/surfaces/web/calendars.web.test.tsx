import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorldFile, signIn, type WorldFile } from "../../../test/support/web-tabs.ts";
import { expectSound } from "../../../test/support/sound-page.ts";

/* Hours, holidays, absences and delegations, on one tab of the settings. */

let page: WorldFile;

beforeAll(async () => {
  page = await openWorldFile();
});

afterAll(() => page[Symbol.asyncDispose]());

const ics = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "BEGIN:VEVENT",
  "UID:1",
  "DTSTART;VALUE=DATE:20200501",
  "RRULE:FREQ=YEARLY",
  "SUMMARY:May Day",
  "END:VEVENT",
  "END:VCALENDAR",
  "",
].join("\r\n");

test("hours are set, holidays read from a file, an absence noted and a delegation granted and revoked", async () => {
  const { server, tab } = page;
  const kim = server.world.ids.next();
  await server.world.asPerson({ kind: "add-person", id: kim, name: "Kim Berg", email: null, roles: ["contributor"] }, null);
  const press = (name: string) => tab.getByRole("button", { name, exact: true }).click();
  await signIn(tab, server);
  await tab.goto(`${server.url}/settings/calendars`);

  const unfold = (name: string) =>
    tab
      .getByRole("region", { name })
      .getByRole("button", { name: new RegExp(`^${name}`, "u") })
      .click();
  await unfold("The organization's hours");
  const shared = tab.getByRole("region", { name: "The organization's hours" });
  await shared.getByLabel("Time zone").fill("Europe/Berlin");
  await shared.getByLabel("Friday").fill("9 to 5");
  await shared.getByText("Write 09:00-17:00.").waitFor();
  expect(await shared.getByRole("button", { name: "Save hours" }).isDisabled()).toBe(true);
  await shared.getByLabel("Friday").fill("09:00-13:00");
  await shared.getByRole("button", { name: "Save hours" }).click();
  await shared.getByLabel("Add from a file").setInputFiles({ name: "a.ics", mimeType: "text/calendar", buffer: Buffer.from(ics) });
  await shared.getByText(/days read, \d holidays now/u).waitFor();
  expect(await shared.getByText("May Day").count()).toBeGreaterThan(0);

  await unfold("Your absences");
  const absences = tab.getByRole("region", { name: "Your absences" });
  await absences.getByLabel("First day away").fill("2031-07-01");
  await absences.getByLabel("Last day away").fill("2031-07-14");
  await absences.getByLabel("Who decides in your place").selectOption({ label: "Kim Berg" });
  await press("Note the absence");
  await absences.getByText("Kim Berg decides in your place.").waitFor();

  await tab.getByRole("region", { name: "Standing delegations" }).getByText("0 given, 0 received").waitFor();
  await unfold("Standing delegations");
  await unfold("Your hours");
  const delegations = tab.getByRole("region", { name: "Standing delegations" });
  await delegations.getByLabel("Let somebody decide in your place").selectOption({ label: "Kim Berg" });
  await delegations.getByLabel("Until and with").fill(new Date(server.world.clock.nowMs() + 30 * 86_400_000).toISOString().slice(0, 10));
  await press("Grant");
  await delegations.getByRole("button", { name: "Revoke the delegation to Kim Berg" }).waitFor();

  await expectSound(tab, "calendars");
  await press("Revoke the delegation to Kim Berg");
  await delegations.getByText("Nobody decides in your place.").waitFor();
  await absences.getByRole("button", { name: /^Take back/u }).click();
  await absences.getByText("You are not away.").waitFor();
});
