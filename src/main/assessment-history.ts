import { listFiles } from "../adapters/git/list-files.ts";
import { readHistory } from "../adapters/git/read-history.ts";
import type { GitHost } from "../adapters/git/git-command.ts";
import { repositoryLimits } from "../core/shared/repository-facts.ts";
import type { RepositoryHistory } from "./assessment.ts";

/** What the assessment asks of git, answered by git on this host. */
export function repositoryHistory(host: GitHost): RepositoryHistory {
  return {
    readHistory: (repository, maxCommits, signal) => readHistory(host, repository, { maxCommits, signal }),
    listFiles: async (repository, signal) => (await listFiles(host, repository, { maxFiles: repositoryLimits.maxFiles, signal })).files,
  };
}
