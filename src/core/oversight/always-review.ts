/**
 * The four classes that a person reviews in every mode. Code derives them from what a plan says; what cannot be
 * classified counts as inside all of them, and nobody's word takes one away.
 *
 * Source: docs/explanation/authority.md, what a person always reviews
 */
export const alwaysReviewClasses = ["architecture", "integration", "quality", "security"] as const;

export type AlwaysReviewClass = (typeof alwaysReviewClasses)[number];

/** What the classes are derived from: a plan's entry, structurally. */
export interface ClassifiedTask {
  readonly task: string;
  readonly title: string;
  readonly skills: readonly string[];
  readonly tools: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly acceptance?: readonly { readonly statement: string }[];
  /** Paths that the work touches, where they are known. */
  readonly paths?: readonly string[];
  /** Classes that somebody added by their word. */
  readonly alwaysReview?: readonly string[];
}

/** Tools that change nothing but the task's own outputs. A tool that is not here may touch anything. */
const readingTools: ReadonlySet<string> = new Set(["source_reading", "history_reading", "document_reading", "document_writing"]);

const words: { readonly [of in AlwaysReviewClass]: RegExp } = {
  architecture:
    /architect|component|data.?model|schema|migrat|database|interface|\bapis?\b|openapi|protobuf|graphql|systems?.design|diagram|design.*(?:system|service|structure)/u,
  integration: /integrat|webhook|dependenc|upgrade|third.?party|external|breaking|vendor|connector|import.*from|sync|several systems/u,
  quality: /workaround|quick.?fix|for now|temporar|improve later|technical.?debt|skip.*tests?|disable.*(?:tests?|checks?|lint)|degrad/u,
  security:
    /secur|authenti|authori[sz]|\bauth\b|oauth|\bsso\b|log.?in|sign.?in|password|permission|privilege|access|encrypt|decrypt|crypto|certificate|credential|secret|token|\bkeys?\b|firewall|sandbox/u,
};

const touched: { readonly [of in AlwaysReviewClass]: RegExp } = {
  architecture: /(?:^|\/)(?:migrations?|schemas?|proto)\/|\.(?:sql|proto|graphql)$|(?:^|\/)openapi[^/]*$/u,
  integration:
    /(?:^|\/)(?:package(?:-lock)?\.json|pnpm-lock\.yaml|yarn\.lock|cargo\.(?:toml|lock)|go\.(?:mod|sum)|pom\.xml|build\.gradle(?:\.kts)?|requirements[^/]*\.txt|pyproject\.toml|dockerfile[^/]*|docker-compose[^/]*)$|(?:^|\/)\.github\//u,
  quality: /\.(?:skip|disabled)\./u,
  security: /(?:^|\/)(?:auth|security|crypto|secrets?|certs?)(?:\/|\.|$)|\.(?:pem|key|crt|p12)$|(?:^|\/)\.env/u,
};

/** The classes of a whole plan, sorted. Empty: all of its work only reads, or is plainly outside. `O(tasks + inputs)`. */
export function alwaysReviewOf(tasks: readonly ClassifiedTask[]): readonly AlwaysReviewClass[] {
  const reading = readingTasks(tasks);
  const found = new Set(tasks.flatMap((task) => [...derived(task, reading), ...declared(task)]));
  return alwaysReviewClasses.filter((one) => found.has(one));
}

const declared = (task: ClassifiedTask): readonly AlwaysReviewClass[] =>
  alwaysReviewClasses.filter((one) => task.alwaysReview?.includes(one) === true);

function derived(task: ClassifiedTask, reading: ReadonlySet<string>): readonly AlwaysReviewClass[] {
  if (touchesNothing(task) && reading.has(task.task)) return [];
  if (task.title.trim() === "" || task.tools.length === 0 || task.skills.length === 0 || task.outputs.length === 0)
    return alwaysReviewClasses;
  const text = wordsOf(task);
  const paths = [...(task.paths ?? []), ...task.outputs, ...task.inputs].map((path) => path.toLowerCase().replaceAll("\\", "/"));
  return alwaysReviewClasses.filter((one) => words[one].test(text) || paths.some((path) => touched[one].test(path)));
}

const touchesNothing = (task: ClassifiedTask): boolean => (task.paths ?? []).length === 0;

/** Everything a task says about itself, as words: letters that only look like others, and joints between words, do not hide one. */
const wordsOf = (task: ClassifiedTask): string =>
  [task.title, ...task.skills, ...task.tools, ...task.outputs, ...(task.acceptance ?? []).map((one) => one.statement)]
    .join(" \n ")
    .normalize("NFKC")
    .replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, " ")
    .toLowerCase()
    .replaceAll(/[\p{Cf}\u00ad]/gu, "")
    .replaceAll(/[_-]+/gu, " ");

/** Tasks that only read: by their tools, or, without tools, by being made of nothing but what such tasks made. */
function readingTasks(tasks: readonly ClassifiedTask[]): ReadonlySet<string> {
  const makers = new Map<string, string[]>();
  for (const task of tasks) for (const output of task.outputs) makers.set(output, [...(makers.get(output) ?? []), task.task]);
  const reading = new Set(
    tasks.filter((task) => task.tools.length > 0 && task.tools.every((tool) => readingTools.has(tool))).map((one) => one.task),
  );
  const toolless = tasks.filter((task) => task.tools.length === 0 && task.inputs.length > 0);
  for (let before = -1; before !== reading.size;) {
    before = reading.size;
    for (const task of toolless)
      if (task.inputs.every((input) => (makers.get(input) ?? []).length > 0 && (makers.get(input) ?? []).every((key) => reading.has(key))))
        reading.add(task.task);
  }
  return reading;
}
