import { Settings } from "lucide-react";
import { Ago, useNowMs } from "./clock.tsx";
import { Button, IconButton, SelectField, TextArea, TextField } from "./controls.tsx";
import { CopyLink } from "./copy-link.tsx";
import { LongList } from "./long-list.tsx";
import { Facts } from "./page.tsx";
import { Figure, Figures, Panel } from "./panel.tsx";
import { pillLook } from "./pill.ts";
import { EmptyState, Skeleton } from "./states.tsx";
import { Part, type ShownTheme } from "./styleguide-part.tsx";
import { Row, Table, Td, Th } from "./table.tsx";
import type { Why } from "./why.ts";
import { WhyButton } from "./why-panel.tsx";

const why: Why = {
  of: "ENG-42 Build customer portal",
  state: "It waits for Dana Ortiz, since 2 d.",
  because: [
    { kind: "rule", text: "A plan starts only after a director approved it.", id: "plan.approve:director" },
    { kind: "fact", text: "Plan 2 was proposed.", id: "plan.proposed" },
  ],
  data: [["Risk", "high"]],
  change: ["An answer of Dana Ortiz.", "At its due time it goes to Lee Park."],
};

const lines = Array.from({ length: 10_000 }, (_, at) => ({ id: `ENG-${10_000 - at}` }));

function Buttons() {
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Button tone="accent" shortcut="A">
          Approve
        </Button>
        <Button>Ask for another plan</Button>
        <Button tone="danger" shortcut="D">
          Reject
        </Button>
        <Button tone="quiet">Later</Button>
        <Button disabled>Not now</Button>
        <IconButton label="Settings of this part">
          <Settings size={16} aria-hidden="true" />
        </IconButton>
        <CopyLink path="/styleguide" />
        <WhyButton why={why} withKey={false} />
      </div>
      <div className="flex flex-wrap gap-1">
        <span className={pillLook(true)}>Open</span>
        <span className={pillLook(false)}>Answered</span>
      </div>
    </>
  );
}

function Fields() {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <TextField label="Name" defaultValue="Customer portal" hint="As people call it." />
      <TextField label="Budget in EUR" defaultValue="12,5o" problem="This is no amount: 12.50 is one." />
      <SelectField label="Playbook">
        <option>Assess repository</option>
      </SelectField>
      <TextArea label="Reason" rows={2} className="min-h-14" />
    </div>
  );
}

function Rows() {
  const now = useNowMs();
  return (
    <Table
      caption="Requests as an example"
      head={
        <>
          <Th>Id</Th>
          <Th>Request</Th>
          <Th number>Cost, EUR</Th>
          <Th number>Since</Th>
        </>
      }
    >
      {[
        ["ENG-42", "Build customer portal", "1,920.00"],
        ["ENG-41", "Assess the billing service", "12.50"],
      ].map(([id, title, cost], at) => (
        <Row key={id} current={at === 0}>
          <Td className="id w-20">{id}</Td>
          <Td>{title}</Td>
          <Td number>{cost}</Td>
          <Td number className="text-ink-3">
            <Ago atMs={now - 7_200_000} />
          </Td>
        </Row>
      ))}
    </Table>
  );
}

/** Buttons, fields, lists, figures and the states of a page. */
export function StyleguideControls({ theme }: { readonly theme: ShownTheme }) {
  return (
    <>
      <Part theme={theme} title="Acts">
        <Buttons />
      </Part>
      <Part theme={theme} title="Fields">
        <Fields />
      </Part>
      <Part theme={theme} title="Figures">
        <Figures>
          <Figure label="Lead time" value="2 d 4 h" definition="median, filed to delivered, 30 d" n={41} />
          <Figure label="Late" value="3" definition="past their deadline now" n={null} tone="bad" />
        </Figures>
        <Panel title={`Workers, ${theme}`} aside="now">
          <Facts
            rows={[
              ["Running", "4 of 8"],
              ["Oldest job", "12 s"],
            ]}
          />
        </Panel>
      </Part>
      <Part theme={theme} title="Lists">
        <Rows />
        <LongList
          label={`Ten thousand lines, ${theme}`}
          items={lines}
          keyOf={(line) => line.id}
          rowHeight={28}
          className="h-28 rounded border border-line"
        >
          {(line) => <span className="id flex h-7 items-center border-b border-line px-2.5">{line.id}</span>}
        </LongList>
      </Part>
      <Part theme={theme} title="Nothing yet, and not there yet">
        <EmptyState act={<Button tone="accent">Do the one next thing</Button>}>
          Nothing is here yet: one sentence that says what will be.
        </EmptyState>
        <Skeleton rows={2} />
      </Part>
    </>
  );
}
