import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ErasurePreview } from "../../../../contract/people-contract.ts";
import type { MemberDocument } from "../../../../contract/session-contract.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button, TextField } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { Section } from "../../shell/page.tsx";
import { ActError, Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { countText } from "../../shell/words.ts";
import { erasureQuery, useAct } from "./people-admin-data.ts";

const states = { asked: "erasure asked for", held: "under a legal hold", erased: "erased" } as const;

/** Who was removed: what is left of them, and how that ends. */
export function RemovedMembers({ members }: { readonly members: readonly MemberDocument[] }) {
  const [open, setOpen] = useState<MemberDocument | null>(null);
  return (
    <Section title="Removed" aside={countText(members.length, "person", "people")} bare>
      <Table
        caption="Removed members"
        head={
          <>
            <Th>Name</Th>
            <Th>Data</Th>
            <Th>
              <span className="sr-only">Erase</span>
            </Th>
          </>
        }
      >
        {members.map((member) => (
          <Row key={member.id}>
            <Td className="break-words">{member.name}</Td>
            <Td className="text-sm text-ink-2">{member.erasure === undefined ? "kept" : states[member.erasure]}</Td>
            <Td className="text-right">
              {member.erasure !== "erased" && (
                <Button tone="quiet" aria-label={`Data of ${member.name}`} onClick={() => setOpen(member)}>
                  {member.erasure === "asked" ? "Decide" : "Erase"}
                </Button>
              )}
            </Td>
          </Row>
        ))}
      </Table>
      {open !== null && <ErasureDialog member={open} onClose={() => setOpen(null)} />}
    </Section>
  );
}

interface DialogProps {
  readonly member: MemberDocument;
  readonly onClose: () => void;
}

function ErasureDialog({ member, onClose }: DialogProps) {
  const preview = useQuery(erasureQuery(member.id));
  return (
    <Dialog title={`Personal data of ${member.name}`} onClose={onClose}>
      <div className="flex flex-col gap-4 text-left text-sm">
        <Loaded query={preview} rows={6}>
          {(erasure) => (
            <>
              <Consequences erasure={erasure} />
              <Standing erasure={erasure} />
              <Acts member={member} erasure={erasure} onClose={onClose} />
            </>
          )}
        </Loaded>
      </div>
    </Dialog>
  );
}

/** What goes and what stays, before anybody decides. */
function Consequences({ erasure }: { readonly erasure: ErasurePreview }) {
  const { mentions, mentionsGoOn, sharedChannels } = erasure;
  return (
    <>
      <p>
        Erasing destroys the key of this person. It cannot be undone. Name, address, sign-in account, own channels, delivery logs, absences,
        sessions and keys are then unreadable: now, at every earlier instant, in the history, in exports and in later backups.
      </p>
      <p className="text-ink-2">
        Decisions and work stay, by somebody erased. Your own comments that name them are edited; what others wrote stays as it is, and so
        do old versions. Backups and exports made before keep a sealed key until they age out or are deleted.
      </p>
      <div>
        <p className="font-medium">
          {mentions.length === 0
            ? "No present text that you see names them."
            : `${mentionsGoOn ? "More than " : ""}${String(mentions.length)} present texts name them and stay:`}
        </p>
        <ul className="max-h-40 list-disc overflow-y-auto pl-5 text-ink-2">
          {mentions.map((one) => (
            <li key={`${one.kind} ${one.id}`} className="break-words">
              <a href={one.address} className="underline">
                {one.label}
              </a>{" "}
              {one.title === one.label ? "" : one.title}
            </li>
          ))}
          {sharedChannels.map((name) => (
            <li key={name} className="text-bad">
              The organization&apos;s channel {name} sends to their address.
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

function Standing({ erasure }: { readonly erasure: ErasurePreview }) {
  const { standing, asked, hold, others } = erasure;
  if (standing === "work-held") return <p>What they held is still being given back; try again in a few seconds.</p>;
  if (hold !== null)
    return (
      <p className="text-bad">
        A legal hold by {hold.by.name} keeps it: {hold.reason}
        {hold.releaseAsked !== null && ` ${hold.releaseAsked.by.name} asks to lift it: ${hold.releaseAsked.reason}`}
      </p>
    );
  if (asked !== null)
    return (
      <p>
        {asked.by.name} asked for it <Ago atMs={asked.atMs} />: {asked.reason}
      </p>
    );
  return (
    <p className="text-ink-2">
      {others.length === 0
        ? "Nobody else here can agree, so you decide alone; that is recorded."
        : `A second person agrees: ${others.slice(0, 3).join(", ")}${others.length > 3 ? " and others" : ""}.`}
    </p>
  );
}

interface Said {
  readonly reason: string;
  readonly confirmation?: string;
}

interface ActProps extends DialogProps {
  readonly erasure: ErasurePreview;
  readonly said: Said;
  /** A reason was given; whoever decides alone has confirmed. */
  readonly isReasoned: boolean;
  readonly isConfirmed: boolean;
}

function Acts({ member, erasure, onClose }: DialogProps & { readonly erasure: ErasurePreview }) {
  const [reason, setReason] = useState("");
  const [confirmation, setConfirmation] = useState("");
  const isAlone = erasure.others.length === 0;
  const props = {
    member,
    erasure,
    onClose,
    said: isAlone ? { reason, confirmation } : { reason },
    isReasoned: reason.trim() !== "",
    isConfirmed: !isAlone || confirmation === erasure.shortId,
  };
  return (
    <>
      <TextField
        label="Reason"
        hint="Kept for good; do not name the person"
        maxLength={2_000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {isAlone && (
        <TextField
          label={`To decide alone, type ${erasure.shortId}`}
          maxLength={50}
          value={confirmation}
          onChange={(event) => setConfirmation(event.target.value)}
        />
      )}
      <div className="flex flex-wrap items-start gap-2">
        <EraseAct {...props} />
        <KeepAct {...props} />
        <HoldAct {...props} />
        <Button tone="quiet" onClick={onClose}>
          Close
        </Button>
      </div>
    </>
  );
}

function EraseAct({ member, erasure, said, isReasoned, isConfirmed, onClose }: ActProps) {
  const erase = useAct(`/api/people/${member.id}/erase`, onClose);
  const isAsked = erasure.standing === "asked";
  if (!isAsked && erasure.standing !== "ready") return null;
  const label = isAsked ? "Agree and erase" : erasure.others.length === 0 ? "Erase for good" : "Ask for the erasure";
  return (
    <>
      <Button tone="danger" disabled={erase.isPending || !isConfirmed || (!isAsked && !isReasoned)} onClick={() => erase.mutate(said)}>
        {label}
      </Button>
      <ActError error={erase.error} />
    </>
  );
}

function KeepAct({ member, erasure, said, isReasoned, onClose }: ActProps) {
  const keep = useAct(`/api/people/${member.id}/keep`, onClose);
  if (erasure.standing !== "asked") return null;
  return (
    <>
      <Button disabled={keep.isPending || !isReasoned} onClick={() => keep.mutate({ reason: said.reason })}>
        Keep the data
      </Button>
      <ActError error={keep.error} />
    </>
  );
}

function HoldAct({ member, erasure, said, isReasoned, isConfirmed, onClose }: ActProps) {
  const isHeld = erasure.standing === "held";
  const hold = useAct(`/api/people/${member.id}/${isHeld ? "release" : "hold"}`, onClose);
  return (
    <>
      <Button disabled={hold.isPending || !isReasoned || (isHeld && !isConfirmed)} onClick={() => hold.mutate(said)}>
        {isHeld ? "Lift the legal hold" : "Set a legal hold"}
      </Button>
      <ActError error={hold.error} />
    </>
  );
}
