import type { FileFact, SkippedFact, TestFacts } from "../../core/shared/repository-facts.ts";
import type { ManifestFileFacts } from "./manifest-file.ts";
import type { TestFileFacts } from "./test-file-facts.ts";

const pipelines: readonly (readonly [string, RegExp])[] = [
  ["GitHub Actions", /^\.github\/workflows\/[^/]+\.ya?ml$/],
  ["GitLab CI", /^\.gitlab-ci\.ya?ml$/],
  ["CircleCI", /^\.circleci\/config\.ya?ml$/],
  ["Azure Pipelines", /^azure-pipelines\.ya?ml$/],
  ["Travis CI", /^\.travis\.ya?ml$/],
  ["Jenkins", /(^|\/)Jenkinsfile$/],
  ["Buildkite", /^\.buildkite\/[^/]+\.ya?ml$/],
  ["Bitbucket Pipelines", /^bitbucket-pipelines\.ya?ml$/],
  ["Drone", /^\.drone\.ya?ml$/],
  ["Woodpecker", /^\.woodpecker(\/[^/]+)?\.ya?ml$/],
  ["Forgejo Actions", /^\.(forgejo|gitea)\/workflows\/[^/]+\.ya?ml$/],
  ["Repository script", /^\.ci\/[^/]+$/],
];

const buildFile =
  /(^|\/)(package\.json|pyproject\.toml|setup\.cfg|tox\.ini|noxfile\.py|go\.mod|pom\.xml|build\.gradle(\.kts)?|Cargo\.toml|CMakeLists\.txt|(GNU)?[Mm]akefile)$/;

/** Conventional runs of a build system whose file needs no line about tests. */
const conventions: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)go\.mod$/, "go test ./..."],
  [/(^|\/)Cargo\.toml$/, "cargo test"],
  [/(^|\/)pom\.xml$/, "mvn test"],
  [/(^|\/)build\.gradle(\.kts)?$/, "gradle test"],
];

function pipelineOf(path: string): string | null {
  return pipelines.find(([, name]) => name.test(path))?.[0] ?? null;
}

/** Files that may tell how tests run: tests, sources with tests inside, build files, pipelines. */
export function isTestEvidence(file: FileFact): boolean {
  return file.role === "test" || file.language === "Rust" || pipelineOf(file.path) !== null || buildFile.test(file.path);
}

interface Evidence {
  readonly files: readonly FileFact[];
  readonly facts: readonly TestFileFacts[];
  readonly manifests: readonly ManifestFileFacts[];
  readonly skipped: readonly SkippedFact[];
}

/** One picture of testing from what the single files say. A framework is cited at its first mark in path order. */
export function joinTests({ files, facts, manifests, skipped }: Evidence): TestFacts {
  const roles = new Map(files.map((file) => [file.path, file]));
  const frameworks = new Map<string, { readonly name: string; readonly file: string; readonly line: number }>();
  for (const fact of facts) {
    if (pipelineOf(fact.path) !== null) continue;
    for (const { name, line } of fact.frameworks) {
      if (!frameworks.has(name)) frameworks.set(name, { name, file: fact.path, line });
    }
  }
  return {
    testFiles: facts
      .filter((fact) => roles.get(fact.path)?.role === "test" || (fact.cases > 0 && roles.get(fact.path)?.role === "source"))
      .map(({ path, cases }) => ({ path, cases })),
    frameworks: [...frameworks.values()].sort((left, right) => (left.name < right.name ? -1 : 1)),
    commands: commandsOf(facts, manifests),
    pipelines: facts.flatMap((fact) => {
      const system = pipelineOf(fact.path);
      return system === null ? [] : [{ system, file: fact.path, runsTests: fact.runs !== null, line: fact.runs?.line ?? 1 }];
    }),
    skipped,
  };
}

function commandsOf(facts: readonly TestFileFacts[], manifests: readonly ManifestFileFacts[]): TestFacts["commands"] {
  const scripts = manifests
    .flatMap((manifest) => manifest.runnables)
    .filter(({ name }) => /^(test|check|e2e|spec|verify)([:._-]|$)/.test(name))
    .map(({ kind, name, file, line }) => ({
      command: kind === "npm-script" ? `npm run ${name}` : `make ${name}`,
      origin: kind === "npm-script" ? "script" : "make target",
      file,
      line,
    }));
  const tools = facts.flatMap((fact) => {
    const convention = conventions.find(([name]) => name.test(fact.path));
    return convention === undefined ? [] : [{ command: convention[1], origin: "build system's convention", file: fact.path, line: 1 }];
  });
  const python = facts
    .filter((fact) => /(^|\/)(tox\.ini|noxfile\.py|pyproject\.toml|setup\.cfg)$/.test(fact.path) && fact.runs !== null)
    .map((fact) => ({ command: fact.runs?.command ?? "", origin: "build file", file: fact.path, line: fact.runs?.line ?? 1 }));
  return [...scripts, ...python, ...tools];
}
