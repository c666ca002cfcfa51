import type { HeartbeatTask, LapseClaim } from "../../core/execution/claim-lease.ts";
import type { ClaimTask, ReassignTask, SubmitTask } from "../../core/execution/decide-human-work.ts";
import type { RedirectAttempt } from "../../core/execution/redirect-attempt.ts";
import type { CountOutcome } from "../../core/feedback/count-outcome.ts";
import type { LowerAutonomy } from "../../core/feedback/decide-autonomy.ts";
import type { EndCandidacy, ShareCandidacy, StartCandidacy } from "../../core/feedback/decide-candidacy.ts";
import type { AddSuite, FinishTrial, StartQualification, StopQualification } from "../../core/feedback/decide-qualification.ts";
import type { DecidePlan } from "../../core/execution/decide-plan.ts";
import type { ProposePlan, ReportNoPlan } from "../../core/execution/decide-proposal.ts";
import type { StartAttempt } from "../../core/execution/decide-start.ts";
import type { EndWork, PauseWork, SteerWork } from "../../core/execution/decide-work-control.ts";
import type { PatchPlan } from "../../core/execution/propose-patch.ts";
import type { ResumeTask, StopAttempt } from "../../core/execution/stop-attempt.ts";
import type { HoldAttempt, ResumeAttempt } from "../../core/execution/hold-attempt.ts";
import type { HaltRestored, LiftHalt, SetHalt, SettleHalt } from "../../core/gate/decide-halt.ts";
import type { AnswerCall, BeginTurn, ContinueAttempt, EndTurn, PauseAttempt } from "../../core/execution/decide-turn.ts";
import type {
  AddProvider,
  AllowProvider,
  BeginProviderTest,
  ChangeProvider,
  ControlProvider,
  EndProviderTest,
} from "../../core/gate/decide-provider.ts";
import type { AgentCommand } from "../../core/gate/decide-agent.ts";
import type { SetModelChain } from "../../core/gate/decide-model-chain.ts";
import type { ReportWindow, TakeWindow } from "../../core/gate/decide-pace.ts";
import type { BeginEmbedding, ChooseEmbedding, EndEmbedding, EndEmbeddings } from "../../core/gate/decide-embedding.ts";
import type { TryBudget, WaitForBudget } from "../../core/execution/wait-for-budget.ts";
import type { SetBudget, WithdrawBudget } from "../../core/gate/decide-budget.ts";
import type { EndEffect, IntendEffect, StartEffect } from "../../core/gate/decide-effect.ts";
import type { GiveGrant, RevokeGrant, SetToolMode } from "../../core/gate/decide-grant.ts";
import type { ToolServerCommand } from "../../core/gate/decide-tool-server.ts";
import type { RequestToolCall } from "../../core/gate/decide-tool-call.ts";
import type { SetPrice } from "../../core/gate/decide-price.ts";
import type { ReserveSpend } from "../../core/gate/decide-reservation.ts";
import type { ExpireSpend, SettleSpend } from "../../core/gate/decide-settlement.ts";
import type { ChangeSprint, CreateSprint, MoveSprint, SetSprint } from "../../core/execution/decide-sprint.ts";
import type { ChangeEpic, CreateEpic, MoveEpic, SetEpic } from "../../core/requests/decide-epic.ts";
import type { AttachContent, DetachContent } from "../../core/memory/decide-attachment.ts";
import type { HoldEntity, MoveEntity } from "../../core/memory/decide-entity-state.ts";
import type { DefineEntityType } from "../../core/memory/decide-entity-type.ts";
import type { ChangeEntity, CreateEntity } from "../../core/memory/decide-entity.ts";
import type { Relate } from "../../core/memory/decide-relation.ts";
import type { MarkTag } from "../../core/memory/decide-tag.ts";
import type { FinishIntegration } from "../../core/integration/decide-integration.ts";
import type { ReopenRequest } from "../../core/integration/decide-reopening.ts";
import type {
  AddChannel,
  BeginChannelTest,
  ControlChannel,
  EndChannelTest,
  SetChannelTopics,
} from "../../core/oversight/decide-channel.ts";
import type { FileNotice, ReleaseNotices, ReplayNotice, ReportNotice, RetryNotice } from "../../core/oversight/decide-notice.ts";
import type { AskBackItem, PutOffItem, ReplyItem } from "../../core/oversight/decide-ask-back.ts";
import type { ImportHolidays, RecordAbsence, RemoveAbsence, SetCalendar } from "../../core/oversight/decide-calendar.ts";
import type { ClockCommand } from "../../core/oversight/decide-clock-step.ts";
import type { DelegateItem, MarkClockFired } from "../../core/oversight/decide-item.ts";
import type {
  AddPerson,
  ChangePerson,
  ChangeRoles,
  FoundOrganization,
  JoinOrganization,
  LinkIdentity,
  RemovePerson,
  RenameOrganization,
  SettleRemoval,
} from "../../core/oversight/decide-people.ts";
import type { ErasePerson, HoldPerson, KeepPerson } from "../../core/oversight/decide-erasure.ts";
import type { GrantDelegation, RevokeDelegation } from "../../core/oversight/decide-standing-delegation.ts";
import type { ArchiveProject, ChangeProject, CreateProject } from "../../core/oversight/decide-project-access.ts";
import type { ChangeTeam, CreateTeam, RemoveTeam } from "../../core/oversight/decide-team.ts";
import type { ReturnWork } from "../../core/execution/decide-returned-work.ts";
import type { RetirePersona, RevisePersona, RollBackPersona } from "../../core/oversight/decide-persona.ts";
import type { AcceptPersona, ProposePersona, RejectPersona } from "../../core/oversight/decide-persona-proposal.ts";
import type { AddPersona, AddPlaybook, AdvanceClock } from "../../core/planning/decide-organization.ts";
import type { RecordBrief } from "../../core/requests/decide-brief.ts";
import type { EditComment, PostComment, RemoveComment, SeeMention } from "../../core/requests/decide-comment.ts";
import type { AnswerItem } from "../../core/requests/decide-request-answer.ts";
import type { RemoveView, SaveView } from "../../core/requests/decide-saved-view.ts";
import type { AgreePolicy, InstallPolicies, ProposePolicy, RejectPolicy, WithdrawPolicy } from "../../core/oversight/decide-policy.ts";
import type { CreateRecurrence, FileRecurrence, SteerRecurrence } from "../../core/requests/decide-recurrence.ts";
import type { CreateObjective, RecordKeyResult, SettleObjective } from "../../core/oversight/decide-objective.ts";
import type { ActivateScript, AddScript, RetireScript } from "../../core/memory/decide-script.ts";
import type { AddPrinciple, RevisePrinciple, WithdrawPrinciple } from "../../core/oversight/decide-principle.ts";
import type { SetObjective } from "../../core/requests/decide-serving.ts";
import type { MakeDecision, RecordDecision } from "../../core/memory/decide-decision.ts";
import type { CorrectFact, RecordFact } from "../../core/memory/decide-fact.ts";
import type { RecordOutcome, SetReview } from "../../core/memory/decide-decision-outcome.ts";
import type { ReviewDecision } from "../../core/memory/decide-decision-review.ts";
import type { SubmitRequest } from "../../core/requests/decide-submission.ts";
import type { ControlRequest } from "../../core/review/decide-request-control.ts";
import type { HoldJob, ResumeJob } from "../../core/review/hold-job.ts";
import type { LoseLease } from "../../core/review/decide-hand-over.ts";
import type { FinishReview } from "../../core/review/decide-review.ts";
import type { FinishAttempt } from "../../core/review/decide-submission.ts";
import type { RecordContext } from "../../core/execution/decide-context.ts";
import type { ScheduleAnswer, ScheduleAttemptEnd } from "../../core/execution/decide-rehearsal.ts";

/** Every way to change state. People send the first group, our own work reports with the second. */
export type Command =
  | SubmitRequest
  | ControlRequest
  | ReopenRequest
  | SaveView
  | RemoveView
  | ProposePlan
  | DecidePlan
  | PatchPlan
  | ClaimTask
  | HeartbeatTask
  | LapseClaim
  | SubmitTask
  | ReassignTask
  | PauseWork
  | SteerWork
  | EndWork
  | RedirectAttempt
  | AddSuite
  | StartQualification
  | StopQualification
  | FinishTrial
  | CountOutcome
  | LowerAutonomy
  | StartCandidacy
  | ShareCandidacy
  | EndCandidacy
  | AnswerItem
  | DelegateItem
  | AskBackItem
  | ReplyItem
  | PutOffItem
  | SeeMention
  | SetCalendar
  | ImportHolidays
  | RecordAbsence
  | RemoveAbsence
  | GrantDelegation
  | RevokeDelegation
  | PostComment
  | EditComment
  | RemoveComment
  | SetHalt
  | LiftHalt
  | SettleHalt
  | HaltRestored
  | SetModelChain
  | AgentCommand
  | AddProvider
  | ChangeProvider
  | ControlProvider
  | BeginProviderTest
  | EndProviderTest
  | AllowProvider
  | ChooseEmbedding
  | EndEmbeddings
  | BeginEmbedding
  | EndEmbedding
  | TakeWindow
  | ReportWindow
  | BeginTurn
  | EndTurn
  | AnswerCall
  | PauseAttempt
  | ContinueAttempt
  | HoldAttempt
  | ResumeAttempt
  | StopAttempt
  | ResumeTask
  | HoldJob
  | ResumeJob
  | ProposePolicy
  | AgreePolicy
  | RejectPolicy
  | WithdrawPolicy
  | InstallPolicies
  | CreateRecurrence
  | FileRecurrence
  | SteerRecurrence
  | RecordDecision
  | MakeDecision
  | RecordOutcome
  | SetReview
  | ReviewDecision
  | RecordFact
  | CorrectFact
  | SetObjective
  | CreateObjective
  | RecordKeyResult
  | SettleObjective
  | CreateEpic
  | ChangeEpic
  | MoveEpic
  | SetEpic
  | CreateSprint
  | ChangeSprint
  | MoveSprint
  | SetSprint
  | DefineEntityType
  | CreateEntity
  | ChangeEntity
  | MoveEntity
  | HoldEntity
  | AttachContent
  | DetachContent
  | MarkTag
  | Relate
  | AddScript
  | ActivateScript
  | RetireScript
  | AddPrinciple
  | RevisePrinciple
  | WithdrawPrinciple
  | FoundOrganization
  | RenameOrganization
  | AddPerson
  | JoinOrganization
  | ChangePerson
  | ChangeRoles
  | RemovePerson
  | ErasePerson
  | KeepPerson
  | HoldPerson
  | CreateTeam
  | ChangeTeam
  | RemoveTeam
  | CreateProject
  | ChangeProject
  | ArchiveProject
  | AddChannel
  | ControlChannel
  | SetChannelTopics
  | BeginChannelTest
  | EndChannelTest
  | ReplayNotice
  | AddPersona
  | RevisePersona
  | RollBackPersona
  | RetirePersona
  | ProposePersona
  | AcceptPersona
  | RejectPersona
  | AddPlaybook
  | RecordBrief
  | ReportNoPlan
  | StartAttempt
  | FinishAttempt
  | ScheduleAttemptEnd
  | RecordContext
  | ScheduleAnswer
  | FinishReview
  | FinishIntegration
  | IntendEffect
  | StartEffect
  | EndEffect
  | RequestToolCall
  | GiveGrant
  | RevokeGrant
  | SetToolMode
  | ToolServerCommand
  | SetBudget
  | WithdrawBudget
  | ReserveSpend
  | SettleSpend
  | ExpireSpend
  | WaitForBudget
  | TryBudget
  | SetPrice
  | LoseLease
  | FileNotice
  | ReportNotice
  | RetryNotice
  | ReleaseNotices
  | LinkIdentity
  | ReturnWork
  | SettleRemoval
  | ClockCommand
  | MarkClockFired
  | AdvanceClock;
