import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import type { ProgressDocument } from "../../../../contract/progress-contract.ts";
import { AuthorityStamp } from "../../marks/authority-stamp.tsx";
import { RehearsalBadge, RehearsalBand } from "../../marks/rehearsal-badge.tsx";
import { StageRail } from "../../marks/stage-rail.tsx";
import { RequestSpend } from "../gate/request-spend.tsx";
import { railOfStops } from "../../marks/stages.ts";
import { StateMark } from "../../marks/state-mark.tsx";
import { requestQuery } from "../../queries.ts";
import { announce } from "../../shell/announce.tsx";
import { Ago, useNowMs } from "../../shell/clock.tsx";
import { Button } from "../../shell/controls.tsx";
import { useMay } from "../../shell/may.ts";
import { Page, PageHead } from "../../shell/page.tsx";
import { Loaded } from "../../shell/states.tsx";
import { LinkTabs, type Tab } from "../../shell/tabs.tsx";
import { WhyButton } from "../../shell/why-panel.tsx";
import { dayText, moneyText } from "../../shell/words.ts";
import { MarksLine } from "../memory/marks-line.tsx";
import { DeliverablePanel } from "../integration/deliverable-panel.tsx";
import { ServesLine } from "../oversight/objectives-serves.tsx";
import { ItemsHere } from "../oversight/items-here.tsx";
import { PlanPanel } from "../planning/plan-panel.tsx";
import { ReviewsPanel } from "../review/reviews-panel.tsx";
import { requestMarkdown } from "./as-markdown.ts";
import { CopyMenu } from "./copy-menu.tsx";
import { keepNewRequest } from "./new-request-draft.ts";
import { PrintReport } from "./print-report.tsx";
import { RunPanel } from "./run-panel.tsx";
import { TalkSlot } from "./talk-slot.tsx";
import { BriefPanel } from "./brief-panel.tsx";
import { ProgressBar, progressSentence } from "./progress-bar.tsx";
import { RequestRepeatMenu } from "./recurrence-menu.tsx";
import { RequestActs } from "./request-acts.tsx";
import { RequestLog } from "./request-log.tsx";
import { whyOfRequest } from "./request-why.ts";

const route = getRouteApi("/framed/requests/$reference");

/** How this one is doing and why. */
export function RequestPage() {
  const { reference } = route.useParams();
  const query = useQuery(requestQuery(reference));
  return (
    <Page title={query.data === undefined ? reference : `${query.data.request} ${query.data.summary.title}`} wide>
      {query.data === undefined && <h1 className="text-xl font-semibold">{reference}</h1>}
      <Loaded query={query} rows={12}>
        {(progress) => <RequestBody progress={progress} />}
      </Loaded>
    </Page>
  );
}

const tabs: readonly Tab[] = [
  { id: "brief", label: "Brief" },
  { id: "plan", label: "Plan" },
  { id: "run", label: "Run" },
  { id: "reviews", label: "Reviews" },
  { id: "deliverable", label: "Deliverable" },
  { id: "decisions", label: "Decisions" },
  { id: "log", label: "Log" },
];

function firstTab(progress: ProgressDocument): string {
  if (progress.deliverable !== null) return "deliverable";
  return progress.plan === null ? "brief" : "plan";
}

function RequestBody({ progress }: { readonly progress: ProgressDocument }) {
  const { tab = firstTab(progress) } = route.useSearch();
  const { summary } = progress;
  const now = useNowMs();
  const may = useMay();
  useEffect(() => announce(`${progress.request}: ${progress.headline} ${progressSentence(progress.tasks)}`), [progress]);
  return (
    <>
      <PageHead
        over={
          <>
            <span className="font-mono select-all">{progress.request}</span>
            <StateMark state={progress.state} />
            {summary.rehearsal && <RehearsalBadge />}
            <WhyButton why={whyOfRequest(progress, now)} />
          </>
        }
        title={summary.title}
        answer={progress.headline}
        acts={
          <>
            <CopyMenu id={progress.request} address={`/requests/${progress.request}`} markdown={() => requestMarkdown(progress)} />
            {may("submit-request") && <DuplicateButton progress={progress} />}
            {may("submit-request") && <RequestRepeatMenu progress={progress} />}
            <RequestActs progress={progress} />
          </>
        }
      />
      {summary.rehearsal && <RehearsalBand />}
      <Rail progress={progress} />
      <div className="flex flex-wrap items-center gap-x-5 gap-y-1">
        <Figures progress={progress} />
        <ServesLine reference={progress.request} mayLink={may("set-objective")} />
        <MarksLine of={{ kind: "request", id: summary.id, label: progress.request }} />
      </div>
      {!summary.rehearsal && <RequestSpend reference={progress.request} />}
      <ItemsHere items={progress.inbox} planShown={tab === "plan"} />
      <ProgressBar tasks={progress.tasks} />
      <PrintReport progress={progress} />
      <div className="no-print flex flex-col gap-5">
        <LinkTabs label="Parts of the request" tabs={tabs} current={tab} />
        <TabBody tab={tab} progress={progress} />
        {tab === "plan" && progress.plan !== null ? (
          <p className="text-sm text-ink-2">
            What is said about the request itself stands{" "}
            <Link to="." search={(before) => ({ ...before, tab: "brief" })} resetScroll={false} className="underline">
              under Brief
            </Link>
            .
          </p>
        ) : (
          <TalkSlot subject={{ kind: "request", id: summary.id, requestId: summary.id, label: progress.request }} />
        )}
      </div>
    </>
  );
}

/** The same words and playbook in a new draft, to be changed before it is filed. */
function DuplicateButton({ progress }: { readonly progress: ProgressDocument }) {
  const navigate = useNavigate();
  const { text, playbook } = progress.summary;
  const open = () => {
    keepNewRequest(text, playbook ?? "");
    void navigate({ to: "/requests/new", search: playbook === null ? {} : { playbook } });
  };
  return <Button onClick={open}>Duplicate</Button>;
}

function Rail({ progress }: { readonly progress: ProgressDocument }) {
  const now = useNowMs();
  return <StageRail views={railOfStops(progress.rail, progress.state, now - progress.as_of)} />;
}

function Figures({ progress }: { readonly progress: ProgressDocument }) {
  const { summary } = progress;
  return (
    <p className="flex flex-wrap gap-x-5 gap-y-1 text-sm text-ink-2">
      <span>
        Filed by {summary.requester.name} {!summary.rehearsal && <Ago atMs={summary.openedAtMs} />}
      </span>
      {summary.deadlineAtMs !== null && <span>Deadline {dayText(summary.deadlineAtMs)}</span>}
      <span>
        Cost so far {moneyText(progress.costMicro, progress.currency)}
        {summary.budgetMicro !== null && ` of ${moneyText(summary.budgetMicro, progress.currency)}`}
      </span>
    </p>
  );
}

function TabBody({ tab, progress }: { readonly tab: string; readonly progress: ProgressDocument }) {
  const { task, shape } = route.useSearch();
  const navigate = route.useNavigate();
  switch (tab) {
    case "plan":
      if (progress.plan === null) return <p className="text-ink-2">There is no plan yet. {progress.headline}</p>;
      return (
        <PlanPanel
          reference={progress.request}
          selected={task}
          shape={shape}
          onSelect={(chosen) => void navigate({ search: (before) => ({ ...before, task: chosen }), replace: true, resetScroll: false })}
        />
      );
    case "run":
      return <RunPanel progress={progress} />;
    case "reviews":
      return <ReviewsPanel progress={progress} />;
    case "deliverable":
      return <DeliverablePanel deliverable={progress.deliverable} headline={progress.headline} />;
    case "decisions":
      return <Decisions progress={progress} />;
    case "log":
      return <RequestLog reference={progress.request} />;
    default:
      return <BriefPanel progress={progress} />;
  }
}

function Decisions({ progress }: { readonly progress: ProgressDocument }) {
  if (progress.decisions.length === 0) return <p className="text-ink-2">Nothing has been decided by a person yet.</p>;
  return (
    <ul className="flex flex-col">
      {progress.decisions.map((decision) => (
        <li key={decision.id} className="flex flex-col items-start gap-1.5 border-b border-line py-3 first:pt-0">
          <span className="font-medium">{decision.question}</span>
          <AuthorityStamp
            what={decision.choice ?? "open"}
            who={decision.decider?.name ?? "nobody yet"}
            rule={decision.authority}
            atMs={decision.madeAtMs}
            soloWaiver={decision.soloWaiver}
          />
          {decision.rationale !== "" && <span className="max-w-[75ch] text-ink-2">{decision.rationale}</span>}
        </li>
      ))}
    </ul>
  );
}
