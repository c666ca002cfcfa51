import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { InstallationDocument, ProbeDocument, StatusDocument } from "../../../../contract/status-contract.ts";
import { api, call, query } from "../../api.ts";
import { StateMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Button } from "../../shell/controls.tsx";
import { Facts, Section } from "../../shell/page.tsx";
import { ActError, Loaded } from "../../shell/states.tsx";
import { bytesText, titleWords } from "../../shell/words.ts";

/** A status and when this page asked for it: a last result without its time would say nothing. */
interface Asked {
  readonly status: StatusDocument;
  readonly atMs: { readonly [probe: string]: number };
}

const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: async (): Promise<Asked> => {
    const status = await api.status();
    return { status, atMs: Object.fromEntries(status.probes.map((probe) => [probe.name, Date.now()])) };
  },
});

/** What runs here, whether it is well, and how much there is. */
export function Panel() {
  const asked = useQuery(statusQuery);
  return (
    <Loaded query={asked} rows={8}>
      {({ status, atMs }) => (
        <>
          <Section title="Health">
            <ul>
              {status.probes.map((probe) => (
                <Probe key={probe.name} probe={probe} atMs={atMs[probe.name] ?? 0} />
              ))}
            </ul>
            {status.notes.map((note) => (
              <p key={note} className="text-sm text-ink-2">
                {note}
              </p>
            ))}
          </Section>
          <Section title="This installation">
            <Facts
              rows={[
                ["Version", status.version],
                ["Started", <Ago key="since" atMs={status.startedAtMs} />],
                ...(status.installation === null ? [] : machineFacts(status.installation)),
              ]}
            />
          </Section>
          <Section title="What it holds" aside="rows you may see">
            <Facts rows={Object.entries(status.counts).map(([name, count]) => [titleWords(name), count.toLocaleString()] as const)} />
          </Section>
        </>
      )}
    </Loaded>
  );
}

const probeMeans: { readonly [name: string]: string } = {
  database: "writes a row and reads it back",
  content: "writes a file and reads it back",
  disk: "at least 2 % of the disk must be free",
};

function Probe({ probe, atMs }: { readonly probe: ProbeDocument; readonly atMs: number }) {
  const client = useQueryClient();
  const test = useMutation({
    mutationFn: () => call<StatusDocument>("GET", `/api/status${query({ probe: probe.name })}`),
    onSuccess: ({ probes: [found] }) =>
      client.setQueryData(statusQuery.queryKey, (known) =>
        known === undefined || found === undefined
          ? known
          : {
              status: { ...known.status, probes: known.status.probes.map((one) => (one.name === found.name ? found : one)) },
              atMs: { ...known.atMs, [found.name]: Date.now() },
            },
      ),
  });
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line py-1.5 text-sm">
      <span className="flex min-w-0 flex-col">
        <span className="font-medium">{titleWords(probe.name)}</span>
        <span className="text-xs text-ink-3">{probeMeans[probe.name]}</span>
      </span>
      <span className="flex min-w-0 flex-1 flex-wrap items-center justify-end gap-x-3 gap-y-1 text-right">
        <span className="flex min-w-0 flex-col items-end" aria-live="polite">
          <StateMark state={probe.ok ? "pass" : "failed"} />
          <span className="text-xs text-ink-3">
            {probe.message}, {probe.durationMs.toFixed(0)} ms, <Ago atMs={atMs} />
          </span>
        </span>
        <Button disabled={test.isPending} aria-label={`Test ${probe.name} now`} onClick={() => test.mutate()}>
          Test
        </Button>
      </span>
      <ActError error={test.error} />
    </li>
  );
}

function machineFacts(installation: InstallationDocument): readonly (readonly [string, ReactNode])[] {
  const { database, databaseBytes, diskFreeBytes, diskTotalBytes, lastBackupAtMs } = installation;
  return [
    ["Database", `${database}; ${bytesText(databaseBytes)}`],
    ["Disk", `${bytesText(diskFreeBytes)} of ${bytesText(diskTotalBytes)} free`],
    [
      "Last backup",
      lastBackupAtMs === null ? "none yet; xvc backup makes one while the system works" : <Ago key="backup" atMs={lastBackupAtMs} />,
    ],
  ];
}
