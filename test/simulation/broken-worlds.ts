import type { Evidence } from "../../verify/verify.ts";
import type { EventRow, Fields, HistoryRow, Invariant, Json, StateRow, World } from "../../verify/world.ts";

export interface Case {
  readonly world: World;
  readonly evidence: Evidence;
}

/** One way to break a world. `breakIt` answers undefined where this world has nothing to break that way. */
export interface Break {
  readonly name: string;
  readonly invariant: Invariant;
  readonly breakIt: (sound: Case) => Case | undefined;
}

const withRow = (sound: Case, row: StateRow, change: (row: StateRow) => StateRow): Case => ({
  ...sound,
  world: { ...sound.world, rows: sound.world.rows.map((one) => (one === row ? change(one) : one)) },
});

const sameRow = (left: StateRow, right: StateRow): boolean =>
  left.kind === right.kind && left.id === right.id && left.organizationId === right.organizationId;

/** Changes fields of a row and of its last version, so that only the meaning is wrong, not the bookkeeping. */
function withFields(sound: Case, row: StateRow, fields: Fields): Case {
  const patched = <Row extends StateRow>(one: Row): Row => ({ ...one, fields: { ...one.fields, ...fields } });
  return {
    ...sound,
    world: {
      ...sound.world,
      rows: sound.world.rows.map((one) => (sameRow(one, row) ? patched(one) : one)),
      history: sound.world.history.map((one) => (sameRow(one, row) && one.version === row.version ? patched(one) : one)),
    },
  };
}

const withHistory = (sound: Case, change: (rows: readonly HistoryRow[]) => readonly HistoryRow[]): Case => ({
  ...sound,
  world: { ...sound.world, history: change(sound.world.history) },
});
const withEvents = (sound: Case, change: (rows: readonly EventRow[]) => readonly EventRow[]): Case => ({
  ...sound,
  world: { ...sound.world, events: change(sound.world.events) },
});

const first = (sound: Case, kind: string, fits: (row: StateRow) => boolean = () => true): StateRow | undefined =>
  sound.world.rows.find((row) => row.kind === kind && fits(row));
const textIn = (row: { readonly fields: Fields }, field: string): string => {
  const value = row.fields[field];
  return typeof value === "string" ? value : "";
};
const stateOf = (row: { readonly fields: Fields }): string => textIn(row, "state");
const inState =
  (...states: readonly string[]) =>
  (row: StateRow): boolean =>
    states.includes(stateOf(row));
const versionsOf = (sound: Case, row: StateRow): readonly HistoryRow[] => sound.world.history.filter((one) => sameRow(one, row));

const machineKinds = ["request", "plan", "task", "attempt", "review", "effect", "inbox_item", "decision", "deliverable"] as const;
const allKinds = ["organization", "person", "project", "persona", "playbook", ...machineKinds] as const;
const projectKinds = machineKinds;

const make = (name: string, invariant: Invariant, breakIt: Break["breakIt"]): Break => ({ name, invariant, breakIt });

const onRow =
  (kind: string, change: (sound: Case, row: StateRow) => Case | undefined, fits?: (row: StateRow) => boolean) =>
  (sound: Case): Case | undefined => {
    const row = first(sound, kind, fits);
    return row === undefined ? undefined : change(sound, row);
  };

const stateBreaks: readonly Break[] = machineKinds.flatMap((kind) => [
  make(
    `${kind}: a state that does not exist`,
    "I1",
    onRow(kind, (sound, row) => withFields(sound, row, { state: "limbo" })),
  ),
  ...(["decision", "deliverable"].includes(kind)
    ? []
    : [
        make(
          `${kind}: an event is missing in the middle`,
          "I1",
          onRow(
            kind,
            (sound, row) => withEvents(sound, (events) => events.filter((event) => !(event.subjectId === row.id && event.number === 1))),
            (row) => row.eventCount > 1,
          ),
        ),
      ]),
  make(
    `${kind}: the last event is missing`,
    "I1",
    onRow(
      kind,
      (sound, row) =>
        withEvents(sound, (events) => events.filter((event) => !(event.subjectId === row.id && event.number === row.eventCount))),
      (row) => row.eventCount > 0,
    ),
  ),
  make(
    `${kind}: an event number comes twice`,
    "I1",
    onRow(
      kind,
      (sound, row) =>
        withEvents(sound, (events) =>
          events.flatMap((event) =>
            event.subjectId === row.id && event.number === 1 ? [event, { ...event, position: event.position + 1_000_000 }] : [event],
          ),
        ),
      (row) => row.eventCount > 0,
    ),
  ),
  make(
    `${kind}: an event of a row that is not there`,
    "I1",
    onRow(
      kind,
      (sound, row) =>
        withEvents(sound, (events) => {
          const event = events.find((one) => one.subjectId === row.id);
          return event === undefined ? events : [...events, { ...event, subjectId: "00000000-0000-7000-8000-00000000dead" }];
        }),
      (row) => row.eventCount > 0,
    ),
  ),
]);

const terminal: readonly (readonly [string, string, string])[] = [
  ["request", "delivered", "planning"],
  ["request", "rejected", "active"],
  ["plan", "approved", "rejected"],
  ["plan", "rejected", "approved"],
  ["task", "integrated", "running"],
  ["task", "cancelled", "ready"],
  ["attempt", "submitted", "failed"],
  ["attempt", "submitted", "running"],
  ["attempt", "cancelled", "submitted"],
  ["review", "done", "withdrawn"],
  ["review", "done", "open"],
  ["effect", "done", "started"],
  ["effect", "done", "failed"],
  ["inbox_item", "answered", "open"],
  ["inbox_item", "answered", "expired"],
  ["inbox_item", "answered", "delegated"],
  ["decision", "made", "proposed"],
  ["clock", "fired", "set"],
  ["deliverable", "delivered", "delivered-again"],
];

/** A row goes on from a state that its machine does not leave, with a version of its own. */
const illegalMoves: readonly Break[] = terminal.map(([kind, from, to]) =>
  make(
    `${kind}: from ${from} to ${to}`,
    "I1",
    onRow(
      kind,
      (sound, row) => {
        const last = versionsOf(sound, row).at(-1);
        if (last === undefined) return undefined;
        const next: HistoryRow = { ...last, version: row.version + 1, operation: "update", fields: { ...row.fields, state: to } };
        return withHistory(
          withRow(sound, row, (one) => ({ ...one, version: next.version, fields: next.fields })),
          (rows) => [...rows, next],
        );
      },
      inState(from),
    ),
  ),
);

const epochBreaks: readonly Break[] = ["request", "attempt"].map((kind) =>
  make(
    `${kind}: the epoch goes back`,
    "I1",
    onRow(kind, (sound, row) => {
      const last = versionsOf(sound, row).at(-1);
      if (last === undefined) return undefined;
      const next: HistoryRow = { ...last, version: row.version + 1, operation: "update", fields: { ...row.fields, epoch: -1 } };
      return withHistory(
        withRow(sound, row, (one) => ({ ...one, version: next.version, fields: next.fields })),
        (rows) => [...rows, next],
      );
    }),
  ),
);

/** Kinds whose rows are written once. */
const once: ReadonlySet<string> = new Set(["person", "persona", "playbook", "decision", "deliverable"]);

const historyBreaks: readonly Break[] = allKinds.flatMap((kind) => [
  make(
    `${kind}: a stored field differs from history`,
    "I6",
    onRow(kind, (sound, row) => withRow(sound, row, (one) => ({ ...one, fields: { ...one.fields, sneaked: "in" } }))),
  ),
  make(
    `${kind}: the last version is missing in history`,
    "I6",
    onRow(kind, (sound, row) => withHistory(sound, (rows) => rows.filter((one) => !(sameRow(one, row) && one.version === row.version)))),
  ),
  make(
    `${kind}: the stored version runs ahead`,
    "I6",
    onRow(kind, (sound, row) => withRow(sound, row, (one) => ({ ...one, version: one.version + 1 }))),
  ),
  ...(once.has(kind)
    ? []
    : [
        make(
          `${kind}: a version came before the one it replaced`,
          "I9",
          onRow(
            kind,
            (sound, row) =>
              withHistory(sound, (rows) =>
                rows.map((one) => (sameRow(one, row) && one.version === row.version ? { ...one, recordedAtMs: 1 } : one)),
              ),
            (row) => row.version > 1,
          ),
        ),
      ]),
  make(
    `${kind}: a version is recorded as deleted`,
    "I9",
    onRow(kind, (sound, row) =>
      withHistory(sound, (rows) =>
        rows.map((one) => (sameRow(one, row) && one.version === row.version ? { ...one, operation: "delete" } : one)),
      ),
    ),
  ),
]);

const vanished: readonly Break[] = ["decision", "review", "effect", "deliverable", "inbox_item"].map((kind) =>
  make(
    `${kind}: the row is gone`,
    "I6",
    onRow(kind, (sound, row) => ({ ...sound, world: { ...sound.world, rows: sound.world.rows.filter((one) => one !== row) } })),
  ),
);

const projectBreaks: readonly Break[] = projectKinds.flatMap((kind) => [
  make(
    `${kind}: a row without a project`,
    "I10",
    onRow(kind, (sound, row) => withRow(sound, row, (one) => ({ ...one, projectId: null }))),
  ),
  make(
    `${kind}: a row in a project that is not there`,
    "I10",
    onRow(kind, (sound, row) => withRow(sound, row, (one) => ({ ...one, projectId: "00000000-0000-7000-8000-00000000dead" }))),
  ),
  make(
    `${kind}: the row moved to the other project`,
    "I10",
    onRow(
      kind,
      (sound, row) => {
        const other = first(sound, "project", (project) => project.id !== row.projectId);
        return other === undefined ? undefined : withRow(sound, row, (one) => ({ ...one, projectId: other.id }));
      },
      (row) => Object.keys(row.fields).some((field) => ["requestId", "projectId"].includes(field)),
    ),
  ),
  make(
    `${kind}: an event of it in the other project`,
    "I10",
    onRow(
      kind,
      (sound, row) => {
        const other = first(sound, "project", (project) => project.id !== row.projectId);
        return other === undefined
          ? undefined
          : withEvents(sound, (events) => events.map((event) => (event.subjectId === row.id ? { ...event, projectId: other.id } : event)));
      },
      (row) => row.eventCount > 0,
    ),
  ),
]);

const references: readonly (readonly [string, string])[] = [
  ["plan", "requestId"],
  ["task", "requestId"],
  ["task", "planId"],
  ["attempt", "taskId"],
  ["attempt", "requestId"],
  ["review", "taskId"],
  ["review", "attemptId"],
  ["effect", "taskId"],
  ["effect", "requestId"],
  ["inbox_item", "requestId"],
  ["decision", "requestId"],
  ["deliverable", "planId"],
  ["deliverable", "requestId"],
  ["request", "requesterId"],
];

const referenceBreaks: readonly Break[] = references.map(([kind, field]) =>
  make(
    `${kind}: its ${field} names nothing`,
    "I10",
    onRow(
      kind,
      (sound, row) => withFields(sound, row, { [field]: "00000000-0000-7000-8000-00000000dead" }),
      (row) => typeof row.fields[field] === "string",
    ),
  ),
);

const accepted = (sound: Case) =>
  sound.world.commands.find(
    (command) => command.outcome["kind"] === "accepted" && sound.world.events.some((event) => event.cause === command.key),
  );

const commandBreaks: readonly Break[] = [
  make("a command is in the log twice", "I3", (sound) => {
    const [command] = sound.world.commands;
    return command === undefined ? undefined : { ...sound, world: { ...sound.world, commands: [...sound.world.commands, command] } };
  }),
  make("an acknowledged command is missing", "I3", (sound) => {
    const ok = sound.evidence.clientLogs?.find((entry) => entry.outcome === "ok");
    return ok === undefined
      ? undefined
      : { ...sound, world: { ...sound.world, commands: sound.world.commands.filter((command) => command.key !== ok.key) } };
  }),
  make("an acknowledged command is in the log as refused", "I3", (sound) => {
    const ok = sound.evidence.clientLogs?.find((entry) => entry.outcome === "ok");
    return ok === undefined
      ? undefined
      : {
          ...sound,
          world: {
            ...sound.world,
            commands: sound.world.commands.map((command) =>
              command.key === ok.key ? { ...command, outcome: { kind: "refused", failure: "conflict", code: "x", details: {} } } : command,
            ),
          },
        };
  }),
  make("a client was refused what the log accepted", "I3", (sound) => ({
    ...sound,
    evidence: {
      ...sound.evidence,
      clientLogs: (sound.evidence.clientLogs ?? []).map((entry) =>
        entry.outcome === "ok" ? { ...entry, outcome: "refused", answer: null } : entry,
      ),
    },
  })),
  make("a client got another answer than the log holds", "I3", (sound) => ({
    ...sound,
    evidence: {
      ...sound.evidence,
      clientLogs: (sound.evidence.clientLogs ?? []).map((entry) =>
        entry.outcome === "ok" ? { ...entry, answer: { id: "another" } } : entry,
      ),
    },
  })),
  make("a refused command changed rows", "I3", (sound) => {
    const command = accepted(sound);
    return command === undefined
      ? undefined
      : {
          ...sound,
          world: {
            ...sound.world,
            commands: sound.world.commands.map((one) =>
              one === command ? { ...one, outcome: { kind: "refused", failure: "conflict", code: "x", details: {} } } : one,
            ),
          },
        };
  }),
  make("rows changed without a command", "I3", (sound) =>
    withHistory(sound, (rows) => rows.map((row, place) => (place === 3 ? { ...row, cause: "nobody" } : row))),
  ),
  make("events without a command", "I3", (sound) =>
    withEvents(sound, (events) => events.map((event, place) => (place === 3 ? { ...event, cause: "nobody" } : event))),
  ),
  make("one command in two transactions", "I3", (sound) => {
    const several = [...Map.groupBy(sound.world.events, (event) => event.cause).values()].find((events) => events.length > 1);
    const [, second] = several ?? [];
    return second === undefined
      ? undefined
      : withEvents(sound, (events) => events.map((event) => (event === second ? { ...event, transaction: "999999999" } : event)));
  }),
  make("one command wrote a row twice", "I3", (sound) => {
    const changed = sound.world.history.find((row) => row.version === 2);
    return changed === undefined
      ? undefined
      : withHistory(sound, (rows) => rows.map((row) => (sameRow(row, changed) ? { ...row, cause: changed.cause } : row)));
  }),
];

const effectKeyOf = (row: StateRow): string => textIn(row, "effectKey");
const withEntries = (sound: Case, change: (entries: NonNullable<Evidence["receivers"]>) => NonNullable<Evidence["receivers"]>): Case => ({
  ...sound,
  evidence: { ...sound.evidence, receivers: change(sound.evidence.receivers ?? []) },
});

/** What a person found out stands on their word, not on the receiver's log, so breaking the log breaks nothing. */
const saidByPerson = ({ fields: { result } }: StateRow): boolean => typeof result === "object" && result !== null && "settledBy" in result;

const receiverBreaks: readonly Break[] = [
  ...(["keyed", "queryable", "once"] as const).flatMap((deliveryClass) => {
    const ofClass = (row: StateRow): boolean =>
      row.fields["deliveryClass"] === deliveryClass && stateOf(row) === "done" && !saidByPerson(row);
    return [
      make(
        `${deliveryClass}: the receiver acted twice`,
        "I2",
        onRow(
          "effect",
          (sound, row) => withEntries(sound, (entries) => [...entries, ...entries.filter((entry) => entry.effectKey === effectKeyOf(row))]),
          ofClass,
        ),
      ),
      make(
        `${deliveryClass}: done, and the receiver never acted`,
        "I2",
        onRow(
          "effect",
          (sound, row) => withEntries(sound, (entries) => entries.filter((entry) => entry.effectKey !== effectKeyOf(row))),
          ofClass,
        ),
      ),
      make(
        `${deliveryClass}: failed, and the receiver acted`,
        "I2",
        onRow("effect", (sound, row) => withFields(sound, row, { state: "failed" }), ofClass),
      ),
      make(
        `${deliveryClass}: the ledger has the key twice`,
        "I2",
        onRow(
          "effect",
          (sound, row) => ({
            ...sound,
            world: { ...sound.world, rows: [...sound.world.rows, { ...row, id: "00000000-0000-7000-8000-00000000dead" }] },
          }),
          ofClass,
        ),
      ),
    ];
  }),
  make(
    "once: started twice",
    "I2",
    onRow(
      "effect",
      (sound, row) => withFields(sound, row, { starts: 2 }),
      (row) => row.fields["deliveryClass"] === "once" && row.fields["starts"] === 1,
    ),
  ),
  make(
    "more calls than starts",
    "I2",
    onRow("effect", (sound, row) => withFields(sound, row, { starts: 0 }), inState("done")),
  ),
  make("a call that no ledger holds", "I2", (sound) =>
    withEntries(sound, (entries) => [...entries, { tool: "mailer", deliveryClass: "keyed", effectKey: "unheard-of", outcome: "applied" }]),
  ),
  make(
    "a call before the start",
    "I2",
    onRow("effect", (sound, row) => withFields(sound, row, { state: "intended" }), inState("done")),
  ),
];

const performer = (row: StateRow): Json => row.fields["performer"] ?? null;

const ownWorkBreaks: readonly Break[] = [
  make("a reviewer is the performer", "I5", (sound) => {
    const review = first(sound, "review", inState("done"));
    const attempt = first(sound, "attempt", (row) => row.id === review?.fields["attemptId"]);
    return review === undefined || attempt === undefined ? undefined : withFields(sound, review, { reviewer: performer(attempt) });
  }),
  make(
    "an excluded person answered",
    "I5",
    onRow(
      "inbox_item",
      (sound, row) => withFields(sound, row, { excludedPersonIds: [(row.fields["answer"] as { by: string }).by] }),
      (row) =>
        inState("answered")(row) && row.fields["answer"] !== null && (row.fields["answer"] as { soloWaiver: boolean }).soloWaiver !== true,
    ),
  ),
  make("the author approved the plan", "I5", (sound) => {
    const decision = first(
      sound,
      "decision",
      (row) => row.fields["subjectKind"] === "plan" && row.fields["choice"] === "approve" && row.fields["soloWaiver"] !== true,
    );
    const plan = first(sound, "plan", (row) => row.id === decision?.fields["subjectId"]);
    if (decision === undefined || plan === undefined) return undefined;
    const origin = { kind: "person", name: "x", edited: true, authorId: decision.fields["deciderId"] ?? null };
    return withHistory(withFields(sound, plan, { origin }), (rows) =>
      rows.map((row) => (sameRow(row, plan) ? { ...row, fields: { ...row.fields, origin } } : row)),
    );
  }),
  make(
    "a person judged their own submission",
    "I5",
    onRow(
      "attempt",
      (sound, row) =>
        withFields(sound, row, {
          performer: { kind: "person", id: "p1" },
          executor: "human",
          checks: [{ criterionId: "a", kind: "person", verdict: "pass", detail: "", evidence: { judge: "p1" } }],
        }),
      inState("submitted"),
    ),
  ),
  make("a waiver although others could decide", "I5", (sound) => {
    const people = sound.world.rows.filter((row) => row.kind === "person");
    const decision = first(sound, "decision", (row) => row.fields["soloWaiver"] !== true);
    return decision === undefined || people.length < 2
      ? undefined
      : withFields(sound, decision, { soloWaiver: true, authority: "any-member, solo waiver" });
  }),
];

const livenessBreaks: readonly Break[] = [
  ...["analysing", "planning", "integrating"].map((state) =>
    make(
      `request: ${state} without a job`,
      "I7",
      onRow("request", (sound, row) => withFields(sound, row, { state }), inState("delivered", "closed")),
    ),
  ),
  ...["submitted", "needs-input", "awaiting-approval", "active"].map((state) =>
    make(
      `request: ${state} and nothing behind it`,
      "I7",
      onRow("request", (sound, row) => withFields(sound, row, { state }), inState("delivered", "closed")),
    ),
  ),
  ...["ready", "assigned", "running", "in-review", "rework", "blocked", "escalated", "waiting"].map((state) =>
    make(
      `task: ${state} and nobody on it`,
      "I7",
      onRow(
        "task",
        (sound, row) => withFields(sound, row, { state, executor: "rules", attemptId: null, dependsOn: [] }),
        inState("integrated"),
      ),
    ),
  ),
  ...["leased", "running", "paused"].map((state) =>
    make(
      `attempt: ${state} without a job`,
      "I7",
      onRow("attempt", (sound, row) => withFields(sound, row, { state, executor: "rules" }), inState("submitted")),
    ),
  ),
  make(
    "review: open without a job",
    "I7",
    onRow("review", (sound, row) => withFields(sound, row, { state: "open" }), inState("done")),
  ),
  make(
    "effect: unknown and nobody asked",
    "I7",
    onRow("effect", (sound, row) => withFields(sound, row, { state: "unknown" }), inState("done")),
  ),
  make(
    "effect: started without a deadline",
    "I7",
    onRow("effect", (sound, row) => withFields(sound, row, { state: "started", deadlineAtMs: null }), inState("done")),
  ),
  make(
    "item: open and nobody may answer",
    "I7",
    onRow("inbox_item", (sound, row) => withFields(sound, row, { state: "open", answer: null, roles: ["auditor"] }), inState("answered")),
  ),
  make(
    "item: delegated to nobody",
    "I7",
    onRow(
      "inbox_item",
      (sound, row) => withFields(sound, row, { state: "delegated", answer: null, delegateId: "00000000-0000-7000-8000-00000000dead" }),
      inState("answered"),
    ),
  ),
  make(
    "clock: due for an hour",
    "I7",
    onRow("clock", (sound, row) => withFields(sound, row, { state: "set", dueAtMs: 1 }), inState("fired")),
  ),
];

const inputBreaks: readonly Break[] = [
  make("an attempt before its dependency passed", "I8", (sound) => {
    const task = first(
      sound,
      "task",
      (row) => Array.isArray(row.fields["dependsOn"]) && row.fields["dependsOn"].length > 0 && inState("integrated", "passed")(row),
    );
    const [dependency] = (task?.fields["dependsOn"] ?? []) as readonly string[];
    return task === undefined
      ? undefined
      : withHistory(sound, (rows) =>
          rows.map((row) =>
            row.kind === "task" && row.id === dependency && ["passed", "integrated"].includes(stateOf(row))
              ? { ...row, recordedAtMs: Number.MAX_SAFE_INTEGER }
              : row,
          ),
        );
  }),
  make(
    "an attempt before its plan was approved",
    "I8",
    onRow(
      "plan",
      (sound, row) =>
        withHistory(sound, (rows) =>
          rows.map((one) =>
            sameRow(one, row) && one.fields["state"] === "approved" ? { ...one, recordedAtMs: Number.MAX_SAFE_INTEGER } : one,
          ),
        ),
      (row) => inState("approved")(row) && true,
    ),
  ),
  make("an attempt of a plan that was never approved", "I8", (sound) => {
    const attempt = first(sound, "attempt");
    const task = first(sound, "task", (row) => row.id === attempt?.fields["taskId"]);
    const plan = first(sound, "plan", (row) => row.id === task?.fields["planId"]);
    return plan === undefined
      ? undefined
      : withHistory(sound, (rows) =>
          rows.map((row) => (sameRow(row, plan) ? { ...row, fields: { ...row.fields, state: "proposed" } } : row)),
        );
  }),
  make("an attempt depends on a task that is not there", "I8", (sound) => {
    const attempt = first(sound, "attempt");
    const taskId = attempt?.fields["taskId"];
    return withHistory(sound, (rows) =>
      rows.map((row) =>
        row.kind === "task" && row.id === taskId
          ? { ...row, fields: { ...row.fields, dependsOn: ["00000000-0000-7000-8000-00000000dead"] } }
          : row,
      ),
    );
  }),
];

const twiceEvent = (kind: string, subject: string): Break =>
  make(
    `${subject}: two events ${kind}`,
    "I11",
    onRow(
      subject,
      (sound, row) =>
        withEvents(sound, (events) => {
          const event = events.find((one) => one.subjectId === row.id && one.kind === kind);
          return event === undefined ? events : [...events, { ...event, number: row.eventCount + 1 }];
        }),
      (row) => row.eventCount > 0 && inState("approved", "submitted", "done", "answered")(row),
    ),
  );

const answerBreaks: readonly Break[] = [
  twiceEvent("plan.decided", "plan"),
  twiceEvent("run.ended", "attempt"),
  twiceEvent("review.decided", "review"),
  twiceEvent("decision.answered", "inbox_item"),
  make(
    "item: answered without an answer",
    "I11",
    onRow("inbox_item", (sound, row) => withFields(sound, row, { answer: null }), inState("answered")),
  ),
  make(
    "item: an answer and still open",
    "I11",
    onRow("inbox_item", (sound, row) => withFields(sound, row, { state: "open" }), inState("answered")),
  ),
  make(
    "item: answered with what was no choice",
    "I11",
    onRow("inbox_item", (sound, row) => withFields(sound, row, { choices: [] }), inState("answered")),
  ),
  make(
    "item: the answer was replaced",
    "I11",
    onRow(
      "inbox_item",
      (sound, row) =>
        withHistory(sound, (rows) =>
          rows.map((one) =>
            sameRow(one, row) && one.version < row.version ? { ...one, fields: { ...one.fields, answer: { choice: "else" } } } : one,
          ),
        ),
      (row) => inState("answered")(row) && row.version > 1,
    ),
  ),
  make(
    "clock: its command came twice",
    "I11",
    onRow(
      "clock",
      (sound, row) => {
        const command = sound.world.commands.find((one) => one.key === `clock:${row.id}`);
        return command === undefined ? undefined : { ...sound, world: { ...sound.world, commands: [...sound.world.commands, command] } };
      },
      inState("fired"),
    ),
  ),
  make(
    "clock: withdrawn, and its command was accepted",
    "I11",
    onRow(
      "clock",
      (sound, row) => withFields(sound, row, { state: "withdrawn" }),
      (row) => inState("fired")(row),
    ),
  ),
  make("plan: a wrong count of open last tasks", "I11", (sound) => {
    const request = first(sound, "request", inState("delivered"));
    const plan = first(sound, "plan", (row) => row.id === request?.fields["planId"]);
    return request === undefined || plan === undefined
      ? undefined
      : withFields(withFields(sound, plan, { openSinks: 99 }), request, { state: "active" });
  }),
];

const recordBreaks: readonly Break[] = [
  ...["deciderId", "authority", "choice", "question"].map((field) =>
    make(
      `decision: no ${field}`,
      "I14",
      onRow("decision", (sound, row) => withFields(sound, row, { [field]: "" }), inState("made")),
    ),
  ),
  make(
    "decision: no evidence",
    "I14",
    onRow("decision", (sound, row) => withFields(sound, row, { evidence: null }), inState("made")),
  ),
  make(
    "decision: no time",
    "I14",
    onRow("decision", (sound, row) => withFields(sound, row, { madeAtMs: null }), inState("made")),
  ),
  make(
    "decision: another decider than the writer",
    "I14",
    onRow("decision", (sound, row) => withFields(sound, row, { deciderId: "somebody-else" }), inState("made")),
  ),
  make(
    "plan: approved without a decision",
    "I14",
    onRow(
      "plan",
      (sound, row) => ({
        ...sound,
        world: { ...sound.world, rows: sound.world.rows.filter((one) => !(one.kind === "decision" && one.fields["subjectId"] === row.id)) },
      }),
      inState("approved"),
    ),
  ),
  make("plan: the decision names another document", "I14", (sound) => {
    const plan = first(sound, "plan", inState("approved"));
    const decision = first(sound, "decision", (row) => row.fields["subjectId"] === plan?.id && row.fields["choice"] === "approve");
    return decision === undefined ? undefined : withFields(sound, decision, { evidence: { documentSha256: "0".repeat(64) } });
  }),
  make("item: an approval answered without a decision", "I14", (sound) => {
    const item = first(sound, "inbox_item", (row) => inState("answered")(row) && row.fields["kind"] === "approval");
    return item === undefined
      ? undefined
      : {
          ...sound,
          world: {
            ...sound.world,
            rows: sound.world.rows.filter((one) => !(one.kind === "decision" && one.fields["subjectId"] === item.fields["subjectId"])),
          },
        };
  }),
  make(
    "task: passed without a gate",
    "I14",
    onRow(
      "task",
      (sound) =>
        withEvents(sound, (events) =>
          events.map((event) => (event.kind === "gate.decided" ? { ...event, data: { ...event.data, verdict: "rework" } } : event)),
        ),
      inState("passed", "integrated"),
    ),
  ),
  make(
    "task: other outputs than were judged",
    "I14",
    onRow(
      "task",
      (sound, row) => withFields(sound, row, { outputs: [{ name: "x", sha256: "0".repeat(64), mediaType: "text/plain", bytes: 1 }] }),
      inState("passed", "integrated"),
    ),
  ),
  make(
    "attempt: a pass without evidence",
    "I14",
    onRow(
      "attempt",
      (sound, row) =>
        withFields(sound, row, { checks: [{ criterionId: "a1", kind: "output", verdict: "pass", detail: "", evidence: {} }] }),
      inState("submitted"),
    ),
  ),
];

const canary = "canary-5f2c9e71b0";

const canaryForms: readonly (readonly [string, string])[] = [
  ["plainly", canary],
  ["backwards", canary.split("").toReversed().join("")],
  ["in base64", Buffer.from(canary).toString("base64")],
  ["in hex", Buffer.from(canary).toString("hex")],
];

const canaryBreaks: readonly Break[] = canaryForms.flatMap(([how, form]) => [
  make(`a secret in a row, ${how}`, "I13", (sound) => {
    const row = first(sound, "request");
    return row === undefined
      ? undefined
      : { ...withFields(sound, row, { text: `see ${form} here` }), evidence: { ...sound.evidence, canaries: [canary] } };
  }),
  make(`a secret in an event, ${how}`, "I13", (sound) => ({
    ...withEvents(sound, (events) =>
      events.map((event, place) => (place === 5 ? { ...event, data: { ...event.data, note: form } } : event)),
    ),
    evidence: { ...sound.evidence, canaries: [canary] },
  })),
  make(`a secret in an answer, ${how}`, "I13", (sound) => ({
    ...sound,
    world: {
      ...sound.world,
      commands: sound.world.commands.map((command, place) =>
        place === 5 ? { ...command, outcome: { ...command.outcome, note: form } } : command,
      ),
    },
    evidence: { ...sound.evidence, canaries: [canary] },
  })),
]);

/** Every way of breaking, by invariant. */
export const breaks: readonly Break[] = [
  ...stateBreaks,
  ...illegalMoves,
  ...epochBreaks,
  ...receiverBreaks,
  ...commandBreaks,
  ...ownWorkBreaks,
  ...historyBreaks,
  ...vanished,
  ...livenessBreaks,
  ...inputBreaks,
  ...projectBreaks,
  ...referenceBreaks,
  ...answerBreaks,
  ...canaryBreaks,
  ...recordBreaks,
];
