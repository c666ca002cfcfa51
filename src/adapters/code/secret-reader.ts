import { lintSource } from "@secretlint/core";
import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import type { SecretFact } from "../../core/shared/repository-facts.ts";
import type { ReadableFile } from "./readable-file.ts";

// A comment in the file must not switch the scan off: what was written to mislead a reader would be just there.
const used = rules.filter((rule) => !rule.meta.id.endsWith("filter-comments"));

const config = { rules: used.map((rule) => ({ id: rule.meta.id, rule })) };

const most = 200;

export const secretRules: readonly string[] = used.map((rule) => shortRule(rule.meta.id)).sort();

/** Credentials in one file, at most 200, by place. The match itself never leaves this function. */
export async function readSecrets(file: ReadableFile): Promise<readonly SecretFact[]> {
  if (file.content !== "text" || file.text === "") return [];
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  const result = await lintSource({
    source: { filePath: `/${file.path}`, content: file.text, contentType: "text", ext: dot < 0 ? "" : name.slice(dot) },
    options: { config, maskSecrets: true, noPhysicFilePath: true },
  });
  return result.messages
    .map((message) => ({
      file: file.path,
      line: message.loc.start.line,
      rule: `${shortRule(message.ruleId)}/${message.messageId}`,
      masked: `${"*".repeat(8)} (${message.range[1] - message.range[0]} characters)`,
    }))
    .sort((left, right) => left.line - right.line || (left.rule < right.rule ? -1 : 1))
    .slice(0, most);
}

function shortRule(id: string): string {
  return id.replace(/^@secretlint\/secretlint-rule-/, "");
}
