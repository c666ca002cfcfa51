import type { ReadableFile } from "./readable-file.ts";
import { linesOf } from "./line-reader.ts";

/** What one test file, manifest, build file or pipeline says about testing. */
export interface TestFileFacts {
  readonly path: string;
  readonly cases: number;
  readonly frameworks: readonly { readonly name: string; readonly line: number }[];
  /** First line that runs tests, in a pipeline or a build file. */
  readonly runs: { readonly line: number; readonly command: string } | null;
}

const casePatterns: { readonly [language: string]: RegExp } = {
  TypeScript: /^\s*(test|it)(\.\w+)?\(/,
  JavaScript: /^\s*(test|it)(\.\w+)?\(/,
  Python: /^\s*(async )?def test_?\w*\(/,
  Go: /^func (Test|Benchmark|Fuzz|Example)\w*\(/,
  Java: /^\s*@(Test|ParameterizedTest|RepeatedTest)\b/,
  Kotlin: /^\s*@(Test|ParameterizedTest)\b/,
  Rust: /^\s*#\[(\w+::)?test\b/,
  C: /^\s*(TEST|TEST_F|TEST_P|TEST_CASE|START_TEST)\s*\(/,
  "C++": /^\s*(TEST|TEST_F|TEST_P|TEST_CASE|BOOST_AUTO_TEST_CASE)\s*\(/,
  Ruby: /^\s*(it|test|specify)\s/,
};

/** One mark per framework, looked for in sources' imports and in manifests' dependency names. */
const frameworkMarks: readonly (readonly [string, RegExp])[] = [
  ["Vitest", /["']vitest["'/]/],
  ["Jest", /["'](jest|@jest\/globals)["']/],
  ["Mocha", /["']mocha["']/],
  ["node:test", /["']node:test["']/],
  ["Playwright", /["'](@playwright\/test|playwright(-core)?)["']/],
  ["Cypress", /["']cypress["']/],
  ["fast-check", /["']fast-check["']/],
  ["pytest", /^\s*(import pytest|from pytest\b)|["']?\bpytest\b\s*([=<>~!"',\]]|$)/],
  ["unittest", /^\s*(import unittest|from unittest\b)/],
  ["Hypothesis", /^\s*(import hypothesis|from hypothesis\b)/],
  ["go test", /^\s*(import )?"testing"/],
  ["testify", /"github\.com\/stretchr\/testify/],
  ["JUnit", /import (static )?org\.junit|<artifactId>junit/],
  ["Rust test", /^\s*#\[(\w+::)?test\]|#\[cfg\(test\)\]/],
  ["GoogleTest", /#\s*include\s*[<"]gtest\//],
  ["Catch2", /#\s*include\s*[<"]catch2?\//],
  ["RSpec", /require ['"]rspec/],
];

const testRun =
  /\b(npm (run )?test|npm t|yarn (run )?test|pnpm (run )?test|vitest|jest|mocha|pytest|python3? -m (pytest|unittest)|tox|nox|go test|cargo (nextest|test)|mvn\b.{0,60}\b(test|verify)|gradlew?\b.{0,60}\b(test|check|build)|ctest|make (test|check)|bundle exec rspec|dotnet test|node --test)\b/;

const maxLines = 20_000;

/** Reads the first 20,000 lines of one file for test cases, framework marks and test runs. */
export function readTestFile(file: ReadableFile): TestFileFacts {
  const pattern = casePatterns[file.language ?? ""];
  const lines = linesOf(file.text)
    .slice(0, maxLines)
    .map((line) => line.slice(0, 400));
  const run = lines.findIndex((line) => !/^\s*#/.test(line) && testRun.test(line));
  return {
    path: file.path,
    cases: pattern === undefined ? 0 : lines.filter((line) => pattern.test(line)).length,
    frameworks: frameworksIn(lines),
    runs: run < 0 ? null : { line: run + 1, command: testRun.exec(lines[run] ?? "")?.[0] ?? "" },
  };
}

function frameworksIn(lines: readonly string[]): TestFileFacts["frameworks"] {
  return frameworkMarks.flatMap(([name, mark]) => {
    const line = lines.findIndex((text) => mark.test(text));
    return line < 0 ? [] : [{ name, line: line + 1 }];
  });
}
