import { expect, test } from "vitest";
import { joinDependencies } from "./dependency-facts.ts";
import { isManifestFile, readManifestFile } from "./manifest-reader.ts";

const read = (path: string, text: string) => readManifestFile({ path, text, bytes: text.length, content: "text", language: null });

function declared(...files: readonly (readonly [string, string])[]) {
  const facts = joinDependencies(
    files.map(([path, text]) => read(path, text)),
    [],
  );
  return facts.manifests.flatMap((manifest) =>
    manifest.dependencies.map((one) => [one.name, one.range, one.pinned, one.lockedVersion, one.line] as const),
  );
}

test("npm: ranges, exact versions, and the lock file of the folder above", () => {
  const manifest =
    '{\n "name": "x",\n "dependencies": {\n  "a": "^1.0.0",\n  "b": "2.0.0"\n },\n "devDependencies": {\n  "a": "1.x"\n }\n}\n';
  const lock = JSON.stringify({
    packages: {
      "": {},
      "node_modules/a": { version: "1.2.3", integrity: "sha512-x", license: "MIT" },
      "node_modules/c/node_modules/a": { version: "0.1.0" },
    },
  });
  expect(declared(["app/package.json", manifest], ["package-lock.json", lock])).toEqual([
    ["a", "^1.0.0", false, "1.2.3", 4],
    ["b", "2.0.0", true, null, 5],
    ["a", "1.x", false, "1.2.3", 8],
  ]);
});

test("npm: a lock file's licence and missing checksums are told", () => {
  const facts = joinDependencies(
    [
      read("package.json", '{"dependencies":{"a":"1"}}'),
      read("package-lock.json", JSON.stringify({ packages: { "node_modules/a": { version: "1.0.0", license: "GPL-3.0" } } })),
    ],
    [],
  );
  expect(facts.manifests[0]?.dependencies[0]?.licence).toBe("GPL-3.0");
  expect(facts.lockfiles).toEqual([{ path: "package-lock.json", ecosystem: "npm", entries: 1, withoutIntegrity: 1 }]);
});

test("yarn and pnpm lock files are read line by line", () => {
  expect(read("yarn.lock", '"@a/b@^1.0.0", "@a/b@^1.1.0":\n  version "1.2.0"\n  integrity sha512-x\n').locked).toEqual([
    { name: "@a/b", version: "1.2.0", licence: null, publishedAtMs: null, hasIntegrity: true },
  ]);
  expect(
    read(
      "pnpm-lock.yaml",
      "packages:\n\n  '@a/b@1.2.0':\n    resolution: {integrity: sha512-x}\n  /c@2.0.0(a@1):\n    resolution: {tarball: x}\n",
    ).locked?.map((one) => [one.name, one.version, one.hasIntegrity]),
  ).toEqual([
    ["@a/b", "1.2.0", true],
    ["c", "2.0.0", false],
  ]);
});

test("Python: project tables, requirements, and the age that uv tells", () => {
  const project = '[project]\nname = "x"\ndependencies = ["Foo_Bar>=1", "baz==2.0"]\n';
  const lock =
    '[[package]]\nname = "foo-bar"\nversion = "1.4"\nsdist = { url = "https://x.example/a", hash = "sha256:1", upload-time = "2024-01-02T03:04:05Z" }\n';
  const facts = joinDependencies([read("pyproject.toml", project), read("uv.lock", lock)], []);
  expect(facts.manifests[0]?.dependencies.map((one) => [one.name, one.pinned, one.lockedVersion, one.publishedAtMs])).toEqual([
    ["Foo_Bar", false, "1.4", Date.UTC(2024, 0, 2, 3, 4, 5)],
    ["baz", true, null, null],
  ]);
  expect(declared(["requirements.txt", "# c\n-r other.txt\nflask>=2 # why\nrequests==2.31.0 --hash=sha256:x\n"])).toEqual([
    ["flask", ">=2", false, null, 3],
    ["requests", "==2.31.0", true, null, 4],
  ]);
});

test("Go: every version is exact, and a pseudo-version tells its day", () => {
  const mod =
    "module example.org/x\n\nrequire (\n\texample.org/a v1.2.3\n\texample.org/b v0.0.0-20240102030405-abcdef012345 // indirect\n)\n";
  const sum = "example.org/a v1.0.0/go.mod h1:x=\nexample.org/a v1.2.3 h1:x=\nexample.org/b v0.0.0-20240102030405-abcdef012345 h1:x=\n";
  const facts = joinDependencies([read("go.mod", mod), read("go.sum", sum)], []);
  expect(facts.manifests[0]?.dependencies.map((one) => [one.name, one.pinned, one.lockedVersion, one.publishedAtMs])).toEqual([
    ["example.org/a", true, "v1.2.3", null],
    ["example.org/b", true, "v0.0.0-20240102030405-abcdef012345", Date.UTC(2024, 0, 2, 3, 4, 5)],
  ]);
});

test("Maven, Gradle, Cargo, Conan and CMake", () => {
  const pom =
    "<project><parent><artifactId>p</artifactId></parent><artifactId>x</artifactId><properties><v>1.5</v></properties><dependencies>\n<dependency><groupId>g</groupId><artifactId>a</artifactId><version>${v}</version></dependency>\n<dependency><groupId>g</groupId><artifactId>b</artifactId><version>[1,2)</version></dependency></dependencies></project>";
  expect(declared(["pom.xml", pom])).toEqual([
    ["g:a", "1.5", true, null, 2],
    ["g:b", "[1,2)", false, null, 3],
  ]);
  expect(read("pom.xml", pom).manifest?.name).toBe("x");
  expect(declared(["build.gradle.kts", 'dependencies {\n  implementation("g:a:1.+")\n  testImplementation("g:b:2.0")\n}\n'])).toEqual([
    ["g:a", "1.+", false, null, 2],
    ["g:b", "2.0", true, null, 3],
  ]);
  expect(
    declared(
      ["Cargo.toml", '[package]\nname = "x"\n[dependencies]\na = "1.2"\nb = { version = "=2.0.0" }\nc = { path = "../c" }\n'],
      ["Cargo.lock", '[[package]]\nname = "a"\nversion = "1.2.9"\nsource = "registry"\nchecksum = "x"\n'],
    ),
  ).toEqual([
    ["a", "1.2", false, "1.2.9", 4],
    ["b", "=2.0.0", true, null, 5],
    ["c", "in this tree", true, null, 6],
  ]);
  expect(declared(["conanfile.txt", "[requires]\nzlib/1.3.1\nfmt/[>10]\n"])).toEqual([
    ["zlib", "1.3.1", true, null, 2],
    ["fmt", "[>10]", false, null, 3],
  ]);
  expect(declared(["CMakeLists.txt", `find_package(ZLIB 1.2)\nFetchContent_Declare(fmt\n  GIT_TAG ${"a".repeat(40)})\n`])).toEqual([
    ["ZLIB", "1.2", false, null, 1],
    ["fmt", "a".repeat(40), true, null, 2],
  ]);
});

test("licence files by their text, and sources that only sound like one are left alone", () => {
  expect(read("LICENSE", "Permission is hereby granted, free of charge, to any person obtaining a copy").licenceFile).toEqual({
    licence: "MIT",
  });
  expect(isManifestFile("src/licence-text.ts")).toBe(false);
});

test("scripts and targets with their lines", () => {
  expect(read("package.json", '{\n "scripts": {\n  "build": "x"\n }\n}').runnables).toEqual([
    { kind: "npm-script", file: "package.json", line: 3, name: "build" },
  ]);
  expect(read("Makefile", "CC := gcc\nall: a b\n\tgcc\nclean:\n").runnables.map((one) => [one.name, one.line])).toEqual([
    ["all", 2],
    ["clean", 4],
  ]);
});

test("a project file that opens parts without end is read in linear time", () => {
  const started = performance.now();
  read("pom.xml", `${"<build>".repeat(100_000)}<dependency></dependency>`);
  expect(performance.now() - started).toBeLessThan(2_000);
});
