import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { twMerge } from "tailwind-merge";
import type { PlanTaskDocument, PlanView } from "../../../../contract/plan-contract.ts";
import type { PlanProblem } from "../../../../core/planning/check-plan.ts";
import { isSamePlan } from "../../../../core/planning/diff-plans.ts";
import { Failure } from "../../../../core/shared/failure.ts";
import type { JsonObject } from "../../../../core/shared/json.ts";
import { api } from "../../api.ts";
import { planQuery } from "../../queries.ts";
import { Button, TextArea } from "../../shell/controls.tsx";
import { useDraft } from "../../shell/draft.ts";
import { ActError } from "../../shell/states.tsx";
import { toast } from "../../shell/toast.ts";
import { countText } from "../../shell/words.ts";
import {
  addTask,
  beginEdit,
  changeTask,
  difference,
  editProblems,
  isPlanEdit,
  mergeEdits,
  type PlanEdit,
  removeTask,
} from "./plan-edit.ts";
import { SoloConfirmation } from "./plan-decision.tsx";
import { PlanDifferenceList } from "./plan-difference.tsx";
import { PlanRace } from "./plan-race.tsx";
import { ProblemList } from "./problem-list.tsx";
import { TaskForm } from "./task-form.tsx";

interface EditorProps {
  readonly view: PlanView;
  readonly reference: string;
  readonly onClose: () => void;
}

const isDraft = (kept: unknown): kept is PlanEdit | null => kept === null || isPlanEdit(kept);

/** Edits a plan and proposes it as a version, or as a patch of running work. The rules are core's own, while you type; a draft survives a reload. */
export function PlanEditor({ view, reference, onClose }: EditorProps) {
  const draft = useDraft<PlanEdit | null>(`plan-edit.${reference}`, null, isDraft);
  const edit = draft.value ?? beginEdit(view);
  const isLost = edit.baseSha256 !== view.plan.documentSha256;
  const close = () => {
    draft.clear();
    onClose();
  };
  if (isLost)
    return (
      <PlanRace
        edit={edit}
        theirs={view}
        onDrop={close}
        onMerge={() => draft.change({ ...beginEdit(view), tasks: mergeEdits(edit, view.document.decomposition).tasks })}
      />
    );
  return <EditForm view={view} reference={reference} edit={edit} onChange={(tasks) => draft.change({ ...edit, tasks })} onDone={close} />;
}

interface FormProps {
  readonly view: PlanView;
  readonly reference: string;
  readonly edit: PlanEdit;
  readonly onChange: (tasks: readonly PlanTaskDocument[]) => void;
  readonly onDone: () => void;
}

function EditForm({ view, reference, edit, onChange, onDone }: FormProps) {
  const [chosen, setChosen] = useState(edit.tasks[0]?.task);
  const problems = useMemo(() => editProblems(view.document, edit.tasks), [view.document, edit.tasks]);
  const task = edit.tasks.find((one) => one.task === chosen);
  const add = () => {
    const made = addTask(edit.tasks, chosen);
    onChange(made.tasks);
    setChosen(made.key);
  };
  const remove = (key: string) => {
    const at = edit.tasks.findIndex((one) => one.task === key);
    const left = removeTask(edit.tasks, key);
    onChange(left);
    setChosen(left[Math.min(at, left.length - 1)]?.task);
  };
  return (
    <section aria-label="Edit the plan" className="flex flex-col gap-4 rounded border border-l-4 border-line border-l-accent bg-sheet p-4">
      <div className="grid gap-4 lg:grid-cols-[minmax(220px,320px)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-2">
          <TaskPicker tasks={edit.tasks} base={edit.base} problems={problems} chosen={chosen} onChoose={setChosen} />
          <Button className="self-start" onClick={add}>
            Add a task
          </Button>
        </div>
        {task === undefined ? (
          <p className="text-ink-3">The plan has no task. Add one.</p>
        ) : (
          <TaskForm
            task={task}
            others={edit.tasks.filter((one) => one.task !== task.task).map((one) => one.task)}
            onChange={(fields) => {
              onChange(changeTask(edit.tasks, task.task, fields));
              if (fields.task !== undefined) setChosen(fields.task);
            }}
            onRemove={() => remove(task.task)}
          />
        )}
      </div>
      <ProblemList problems={problems} />
      <Send view={view} reference={reference} edit={edit} problems={problems} onDone={onDone} />
    </section>
  );
}

interface PickerProps {
  readonly tasks: readonly PlanTaskDocument[];
  readonly base: readonly PlanTaskDocument[];
  readonly problems: readonly PlanProblem[];
  readonly chosen: string | undefined;
  readonly onChoose: (task: string) => void;
}

function TaskPicker({ tasks, base, problems, chosen, onChoose }: PickerProps) {
  const found = difference(base, tasks);
  const marks = new Map<string, string>([
    ...found.changed.map(({ task }): [string, string] => [task, "changed"]),
    ...found.added.map((key): [string, string] => [key, "new"]),
  ]);
  const wrong = new Set(problems.filter((problem) => problem.severity === "error").map((problem) => problem.task));
  return (
    <ol aria-label="Tasks to edit" className="max-h-96 overflow-y-auto rounded border border-line" tabIndex={0}>
      {tasks.map((task) => (
        <li key={task.task} className="border-b border-line last:border-0">
          <button
            type="button"
            aria-pressed={task.task === chosen}
            onClick={() => onChoose(task.task)}
            className={twMerge(
              "flex min-h-8 w-full items-center justify-between gap-2 px-2 py-1 text-left text-sm hover:bg-wash",
              task.task === chosen && "bg-accent-wash font-medium",
            )}
          >
            <span className="min-w-0 truncate">{task.title}</span>
            <span className="shrink-0 text-xs">
              {wrong.has(task.task) ? (
                <span className="font-medium text-bad">problem</span>
              ) : (
                <span className="text-wait">{marks.get(task.task)}</span>
              )}
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

interface SendProps {
  readonly view: PlanView;
  readonly reference: string;
  readonly edit: PlanEdit;
  readonly problems: readonly PlanProblem[];
  readonly onDone: () => void;
}

function useSend({ view, reference, edit, onDone }: SendProps) {
  const client = useQueryClient();
  const isPatch = view.plan.state === "approved";
  return useMutation({
    mutationFn: ({ reason, confirm }: { readonly reason: string; readonly confirm: string }) => {
      const { forecast: _, ...written } = view.document;
      const document = { ...written, decomposition: edit.tasks } as unknown as { decomposition: JsonObject[] }; // a plan is JSON
      const body = { document, seenSha256: edit.baseSha256 };
      return isPatch
        ? api.patchPlan(view.plan.id, { ...body, reason, ...(confirm === "" ? {} : { confirm }) })
        : api.proposePlan(reference, body);
    },
    onSuccess: async ({ state }) => {
      const waits = state === "awaiting-agreement";
      const changed = waits ? "The change waits for the agreement of a second person." : "The running plan is changed.";
      toast({ message: isPatch ? changed : "The edited plan is proposed and waits for approval." });
      onDone();
      await client.invalidateQueries();
    },
    // Somebody was faster: with the present plan read again, the editor shows both sides.
    onError: async (error) => {
      if (error instanceof Failure && error.code === "plan.changed")
        await client.invalidateQueries({ queryKey: planQuery(reference).queryKey });
    },
  });
}

function whyBlocked({
  same,
  errors,
  unsaid,
}: {
  readonly same: boolean;
  readonly errors: number;
  readonly unsaid: boolean;
}): string | null {
  if (same) return "Nothing is changed yet.";
  if (errors > 0) return `${countText(errors, "problem")} to put right first.`;
  return unsaid ? "Say why the plan changes." : null;
}

/** Nobody else could agree to the change: its author may, by typing the label. */
const isAskedToConfirm = (error: Error | null): boolean => error instanceof Failure && error.code === "authority.solo-confirmation-missing";

function Send(props: SendProps) {
  const { view, edit, problems, onDone } = props;
  const [reason, setReason] = useState("");
  const [confirm, setConfirm] = useState("");
  const send = useSend(props);
  const isPatch = view.plan.state === "approved";
  const same = isSamePlan(difference(edit.base, edit.tasks));
  const errors = problems.filter((problem) => problem.severity === "error").length;
  const blocked = whyBlocked({ same, errors, unsaid: isPatch && reason.trim() === "" });
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-3">
      {!same && <PlanDifferenceList before={edit.base} after={edit.tasks} />}
      {isPatch && (
        <TextArea
          label="Why the plan changes"
          hint="Kept with the decision. Work that has begun stays as it is."
          rows={2}
          className="min-h-14"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      )}
      <ActError error={send.error} />
      {isAskedToConfirm(send.error) && <SoloConfirmation asked={props.reference} value={confirm} onChange={setConfirm} />}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          tone="accent"
          disabled={blocked !== null || send.isPending}
          onClick={() => send.mutate({ reason: reason.trim(), confirm: confirm.trim() })}
        >
          {isPatch ? "Change the running plan" : `Propose as version ${view.plan.number + 1}`}
        </Button>
        <Button tone="quiet" onClick={onDone}>
          Discard the edit
        </Button>
        {blocked !== null && (
          <span role="status" className="text-sm text-ink-3">
            {blocked}
          </span>
        )}
      </div>
    </div>
  );
}
