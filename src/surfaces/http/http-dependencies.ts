import type { Agent, AgentTest } from "../../core/gate/agent.ts";
import type { ModelVendor } from "../../core/gate/provider.ts";
import type { ToolDeclaration } from "../../core/gate/tool-declaration.ts";
import type { Project, Person, Organization } from "../../core/oversight/person.ts";
import type { ReadYaml } from "../../core/personas/import-files.ts";
import type { RequestInput } from "../../core/requests/request.ts";
import type { Engine } from "../../engine/engine.ts";
import type { LiveWords } from "../../engine/execution/live-words.ts";
import type { DeclaredTool } from "../../engine/gate/declared-tools.ts";
import type { AskMeaning } from "../../engine/memory/embed-query.ts";
import type { EvidenceParts } from "../../engine/memory/seal-evidence.ts";
import type { WriteCalendar } from "../../engine/ports/calendar-writer.ts";
import type { Clock, Ids } from "../../engine/ports/clock.ts";
import type { ContentStore } from "../../engine/ports/content.ts";
import type { CrashProbe } from "../../engine/ports/crash-point.ts";
import type { SignInService } from "../../engine/ports/sign-in-service.ts";
import type { OrganizationId } from "../../core/shared/ids.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Egress, StreamingEgress } from "../../engine/ports/egress.ts";
import type { FoundAgent } from "../../engine/ports/agent.ts";
import type { Models } from "../../engine/ports/model.ts";
import type { ReachParts } from "../../engine/ports/messenger.ts";
import type { ScriptRunner } from "../../engine/ports/script-runner.ts";
import type { SessionStore } from "../../engine/ports/session-store.ts";
import type { ProbeName, StatusDocument } from "../../contract/status-contract.ts";

/** Takes what people hand in over as content. */
export interface Intake {
  /** A path of the server's own machine. @throws {Failure} `input.*` with what is wrong with it */
  takePath(path: string, options: { readonly includeWorktree: boolean; readonly name: string | null }): Promise<RequestInput>;
  /** Bytes that arrive; more than the intake's own limit is refused. */
  takeStream(bytes: AsyncIterable<Uint8Array>, about: { readonly name: string; readonly mediaType: string }): Promise<RequestInput>;
}

/** One line of the log about an answer. Never carries a body, a token or a cookie. */
export interface HttpLogEntry {
  readonly level: "info" | "error";
  readonly instance: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  readonly code?: string;
  readonly cause?: unknown;
}

/** Ways in for people who are not at the server's machine. */
export interface SignInWaysHere {
  /** The organization that people sign in to here. */
  readonly organizationId: OrganizationId;
  /** Sends a sign-in link to a member's address; null: no mail is set up. Never waited for by the answer. */
  readonly mail: ((letter: SignInLetter) => Promise<void>) | null;
  /** The organization's own sign-in service; null: none is set up. */
  readonly oidc: SignInService | null;
  /** Where people reach this server, such as `https://xvc.example.org`; null: on this machine alone. */
  readonly publicUrl: string | null;
}

/** What a mailed sign-in link needs. The link is a secret: it is sent and kept nowhere. */
export interface SignInLetter {
  readonly organizationId: OrganizationId;
  readonly personId: string;
  readonly to: string;
  readonly url: string;
  readonly expiresAtMs: number;
}

/** Everything the HTTP surface uses. */
export interface HttpDependencies {
  /** The same as of now, where everything else here is as of an instant. */
  readonly present?: HttpDependencies;
  readonly engine: Engine;
  readonly content: ContentStore;
  readonly sessions: SessionStore;
  /** How people are reached, and what keeps the secrets of that. */
  readonly reach: ReachParts;
  /** Runs stored scripts. */
  readonly scripts: ScriptRunner;
  /** The seal on the record. */
  readonly evidence: EvidenceParts;
  /** Looks at addresses that people name; what may be reached is asked again when something is sent. */
  readonly egress: Pick<Egress, "check">;
  /** Models, and where they may be. */
  readonly models: {
    readonly models: Models;
    readonly check: StreamingEgress["check"];
    /** Whether the server's environment holds a variable; never what. */
    readonly hasVariable: (name: string) => boolean;
  };
  /** What models say right now; absent: nothing is heard here. */
  readonly words?: LiveWords;
  /** Coding agents of the server's machine; only the test of one starts anything. */
  readonly agents: {
    readonly unavailable: string | null;
    readonly found: () => Promise<readonly FoundAgent[]>;
    readonly test: (agent: Agent, vendor: ModelVendor | null) => Promise<Omit<AgentTest, "atMs">>;
  };
  /** What tools declare; none of them can be called from here. */
  readonly tools: {
    readonly declared: () => Promise<readonly DeclaredTool[]>;
    /** The hash by which a person agrees to a declaration. */
    readonly hash: (declaration: ToolDeclaration) => string;
    /** Looks at what a server outside offers now, and takes it in. */
    readonly look: (serverId: string) => Promise<JsonObject>;
  };
  /** What a searched text means to the model that makes vectors; absent: the search goes by words alone. */
  readonly askMeaning?: AskMeaning;
  readonly isMailAddress: (text: string) => boolean;
  /** Reads the head of a Markdown file as plain data. */
  readonly readYaml: ReadYaml;
  readonly writeCalendar: WriteCalendar;
  readonly intake: Intake;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly crash: CrashProbe;
  /** Real probes, run at each call: all of them, or the one named. */
  readonly status: (probe?: ProbeName) => Promise<StatusDocument>;
  /** Whether work can be taken now; asked by `/readyz`. */
  readonly ready: () => Promise<boolean>;
  /** Prometheus text. */
  readonly metrics: () => Promise<string>;
  /** Begins to stop the process; resolves once it has begun. */
  readonly stop: () => Promise<void>;
  /** Host headers that are answered, such as `127.0.0.1:4180`; asked at each call, since the port may be chosen late. */
  readonly hosts: () => readonly string[];
  /** Folder of the built page; null: none is served. */
  readonly webDirectory: string | null;
  /** How people sign in beside links of this machine; absent: not at all. */
  readonly signIn?: SignInWaysHere;
  /** Answers MCP at `/mcp` for a caller with a key; absent: nothing is there. */
  readonly mcp?: (request: Request) => Promise<Response>;
  readonly version: string;
  readonly log: (entry: HttpLogEntry) => void;
  /** Tests only: every answer is also checked against the contract. */
  readonly checkAnswers?: boolean;
}

/** Who calls, and what they may see. */
export interface Member {
  readonly person: Person;
  readonly organization: Organization;
  /** Active projects, archived ones last. At most `maxProjects`. */
  readonly projects: readonly Project[];
  /** A token of this machine: may name paths and stop the server. */
  readonly local: boolean;
  /** A key that a person made for a program: it makes and revokes no keys. */
  readonly keyed: boolean;
  /** The key is for some projects only: it changes nothing of the organization. */
  readonly bound: boolean;
  /** Null for a bearer token. */
  readonly csrfToken: string | null;
  /** Hash of the session or token: what ends with it ends its streams. */
  readonly credential: string;
  readonly expiresAtMs: number | null;
}

export const maxProjects = 500;
