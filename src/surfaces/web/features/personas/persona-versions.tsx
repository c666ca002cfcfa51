import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { PersonaDetail } from "../../../../contract/performer-contract.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button, TextField } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { useMay } from "../../shell/may.ts";
import { useMoment } from "../../shell/moment-context.ts";
import { Section } from "../../shell/page.tsx";
import { ActError, Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { ChangeList, fieldName } from "./persona-changes.tsx";
import { personaDiffQuery, usePersonaAct } from "./persona-data.ts";

/** Every version with what it changed and why; any of them can be compared with the present one and taken back. */
export function PersonaVersions({ persona }: { readonly persona: PersonaDetail }) {
  const [compared, setCompared] = useState<number | null>(null);
  const isPast = useMoment() !== null;
  return (
    <Section title="Versions" bare>
      <Table
        caption="Versions, the newest first"
        head={
          <>
            <Th>Version</Th>
            <Th>Changed</Th>
            <Th className="max-sm:hidden">By</Th>
            <Th number>When</Th>
            {!isPast && (
              <Th>
                <span className="sr-only">Compare</span>
              </Th>
            )}
          </>
        }
      >
        {persona.versions.map((version) => (
          <Row key={`${version.version} ${version.atMs}`}>
            <Td className="text-sm">{version.version}</Td>
            <Td className="text-sm text-ink-2">
              {version.changed.length === 0 ? "added" : version.changed.map(fieldName).join(", ")}
              {version.reason !== "" && <span className="block text-xs break-words text-ink-3">{version.reason}</span>}
            </Td>
            <Td className="text-sm text-ink-2 max-sm:hidden">{version.by}</Td>
            <Td number className="text-sm text-ink-3">
              <Ago atMs={version.atMs} />
            </Td>
            {!isPast && (
              <Td className="text-right">
                {version.version !== persona.version && (
                  <Button
                    tone="quiet"
                    onClick={() => setCompared(version.version)}
                    aria-label={`Compare version ${version.version} with the present one`}
                  >
                    Compare
                  </Button>
                )}
              </Td>
            )}
          </Row>
        ))}
      </Table>
      {compared !== null && <Comparison persona={persona} version={compared} onClose={() => setCompared(null)} />}
    </Section>
  );
}

function Comparison({
  persona,
  version,
  onClose,
}: {
  readonly persona: PersonaDetail;
  readonly version: number;
  readonly onClose: () => void;
}) {
  const diff = useQuery(personaDiffQuery(persona.key, { from: version, to: persona.version }));
  const [reason, setReason] = useState("");
  const run = usePersonaAct(persona.key, onClose);
  const may = useMay();
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() !== "") run.mutate({ act: "roll-back", body: { toVersion: version, reason } });
  };
  return (
    <Dialog title={`Version ${version} and the present version ${persona.version}`} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Loaded query={diff} rows={3}>
          {({ changes }) => <ChangeList changes={changes} label={`From version ${version} to version ${persona.version}`} />}
        </Loaded>
        {may("roll-back-persona") && (
          <form onSubmit={send} className="flex flex-col gap-3 border-t border-line pt-3">
            <p className="text-sm text-ink-2">
              Going back writes version {persona.version + 1}, which says what version {version} said. A version that was qualified has to
              qualify again.
            </p>
            <TextField
              label="Why"
              hint="Needed; kept with the version."
              maxLength={2_000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
            <ActError error={run.error} />
            <div className="flex justify-end gap-2">
              <Button tone="quiet" onClick={onClose}>
                Leave it
              </Button>
              <Button type="submit" disabled={run.isPending || reason.trim() === ""}>
                Go back to version {version}
              </Button>
            </div>
          </form>
        )}
      </div>
    </Dialog>
  );
}
