import path from "node:path";
import type { AgentForm } from "../../core/gate/agent.ts";
import type { ModelVendor } from "../../core/gate/provider.ts";
import type { AgentJob } from "../../engine/ports/agent.ts";
import { relayPort } from "./inside-relay.ts";

/** How one agent is started: never with a key, and with everything off that would leave this machine. */
export interface AgentStart {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Settings files by their path below its home. */
  readonly files: Readonly<Record<string, string>>;
  /** The way of signing in that is chosen, where it has to be asked for. */
  readonly signIn?: string;
}

const origin = `http://127.0.0.1:${relayPort}`;
/** The real key is added outside of the sandbox. */
const noKey = "none-in-here";

type Starting = Pick<AgentJob, "vendor" | "worktree" | "agent">;

/** The whole environment; the server's own is not in it. */
export function startOf(form: AgentForm, job: Starting): AgentStart {
  const { home } = job.worktree;
  const own = starts[form](job.agent.model ?? "", job);
  return {
    ...own,
    environment: {
      HOME: home,
      XDG_CONFIG_HOME: path.join(home, "config"),
      XDG_DATA_HOME: path.join(home, "data"),
      XDG_STATE_HOME: path.join(home, "state"),
      XDG_CACHE_HOME: path.join(home, "cache"),
      NO_COLOR: "1",
      NO_UPDATE_NOTIFIER: "1",
      // Its files belong to a user of the sandbox alone, which git would take for somebody else's.
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "safe.directory",
      GIT_CONFIG_VALUE_0: "*",
      ...own.environment,
    },
  };
}

const starts: { readonly [form in AgentForm]: (model: string, job: Starting) => AgentStart } = {
  "claude-code": (model, { worktree }) => ({
    words: [],
    environment: {
      ANTHROPIC_BASE_URL: origin,
      ANTHROPIC_API_KEY: noKey,
      ANTHROPIC_MODEL: model,
      ANTHROPIC_SMALL_FAST_MODEL: model,
      ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
      ANTHROPIC_DEFAULT_SONNET_MODEL: model,
      ANTHROPIC_DEFAULT_OPUS_MODEL: model,
      CLAUDE_CONFIG_DIR: path.join(worktree.home, "claude"),
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
      DISABLE_TELEMETRY: "1",
      DISABLE_ERROR_REPORTING: "1",
    },
    files: {},
  }),
  opencode: (model, { vendor }) => ({
    words: ["acp"],
    environment: {
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_SHARE: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
      OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
    },
    files: { "config/opencode/opencode.json": JSON.stringify(openCodeSettings(model, vendor ?? "openai-compatible")) },
  }),
  gemini: (model) => ({
    words: ["--acp"],
    signIn: "gemini-api-key",
    environment: { GEMINI_API_KEY: noKey, GOOGLE_GEMINI_BASE_URL: origin, GEMINI_MODEL: model },
    files: {
      ".gemini/settings.json": JSON.stringify({
        security: { auth: { selectedType: "gemini-api-key" } },
        general: { disableAutoUpdate: true },
        privacy: { usageStatisticsEnabled: false },
        telemetry: { enabled: false },
      }),
    },
  }),
  codex: (model, { worktree }) => ({
    // Its own sandbox cannot be made inside of ours, which is the wall; and nobody is there to be asked.
    words: ["exec", "--json", "--skip-git-repo-check", "--sandbox", "danger-full-access", "--cd", worktree.tree, "--model", model, "-"],
    environment: { CODEX_HOME: path.join(worktree.home, "codex"), XVC_NO_KEY: noKey },
    files: { "codex/config.toml": codexSettings(model) },
  }),
  command: (model, { vendor }) => ({
    words: [],
    environment:
      vendor === null
        ? {}
        : { XVC_MODEL_URL: `${origin}${vendor === "google" ? "/v1beta" : "/v1"}`, XVC_MODEL: model, XVC_MODEL_KEY: noKey },
    files: {},
  }),
};

const packages: { readonly [vendor in ModelVendor]: string } = {
  anthropic: "@ai-sdk/anthropic",
  openai: "@ai-sdk/openai",
  google: "@ai-sdk/google",
  "openai-compatible": "@ai-sdk/openai-compatible",
};

const openCodeSettings = (model: string, vendor: ModelVendor) => ({
  autoupdate: false,
  share: "disabled",
  model: `xvc/${model}`,
  small_model: `xvc/${model}`,
  enabled_providers: ["xvc"],
  permission: { edit: "ask", bash: "ask", webfetch: "deny", external_directory: "deny" },
  provider: {
    xvc: { npm: packages[vendor], name: "xvc", options: { baseURL: `${origin}/v1`, apiKey: noKey }, models: { [model]: { name: model } } },
  },
});

/** JSON strings are strings of TOML too. */
const codexSettings = (model: string): string =>
  [
    `model = ${JSON.stringify(model)}`,
    'model_provider = "xvc"',
    'approval_policy = "never"',
    'sandbox_mode = "danger-full-access"',
    "check_for_update_on_startup = false",
    "[analytics]",
    "enabled = false",
    "[model_providers.xvc]",
    'name = "xvc"',
    `base_url = "${origin}/v1"`,
    'wire_api = "responses"',
    'env_key = "XVC_NO_KEY"',
    "request_max_retries = 1",
    "stream_max_retries = 0",
    "",
  ].join("\n");
