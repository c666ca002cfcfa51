import type { DependencyFact } from "../../core/shared/repository-facts.ts";
import { linesOf } from "./line-reader.ts";
import { maxDependencies, type LockedPackage, type WrittenDependency, type WrittenManifest } from "./manifest-file.ts";

const scopes: { readonly [scope: string]: DependencyFact["scope"] } = { test: "development", provided: "build", import: "build" };

/**
 * The `<dependency>` blocks of a `pom.xml`, tag by tag on the text: no entity is expanded and no parent is fetched. A version
 * from a parent is written as such and counts as pinned, since Maven takes exactly the managed one.
 */
export function pomManifest(text: string): WrittenManifest {
  const properties = new Map(
    [...text.slice(0, 1_000_000).matchAll(/<([\w.-]{1,100})>([^<>\n]{1,200})<\/\1>/g)].map(([, name, value]) => [name ?? "", value ?? ""]),
  );
  const dependencies: WrittenDependency[] = [];
  let line = 1;
  let at = 0;
  for (const block of text.matchAll(/<dependency>([\s\S]{0,4000}?)<\/dependency>/g)) {
    if (dependencies.length >= maxDependencies) break;
    line += text.slice(at, block.index).split("\n").length - 1;
    at = block.index;
    dependencies.push({ ...mavenDependency(block[1] ?? "", properties), line });
  }
  const outer = headOf(text);
  return {
    name: tag(outer, "artifactId"),
    licence: tag(/<licenses?>([\s\S]{0,2000}?)<\/licenses?>/.exec(text)?.[1] ?? "", "name"),
    dependencies,
  };
}

function mavenDependency(inner: string, properties: ReadonlyMap<string, string>): Omit<WrittenDependency, "line"> {
  const written = tag(inner, "version");
  const range = written?.replace(/\$\{([^}]{1,100})\}/g, (whole, name: string) => properties.get(name) ?? whole) ?? "managed by a parent";
  const pinned = written === null || !/[[\](),]|SNAPSHOT|LATEST|RELEASE|\$\{/.test(range);
  return {
    name: `${tag(inner, "groupId") ?? ""}:${tag(inner, "artifactId") ?? ""}`,
    range,
    scope: scopes[tag(inner, "scope") ?? ""] ?? "runtime",
    pinned,
  };
}

/** What stands before any dependency or build part, without the parent: there the project names itself. */
function headOf(text: string): string {
  const ends = ["<dependencies>", "<dependencyManagement>", "<build>"].map((mark) => text.indexOf(mark)).filter((at) => at >= 0);
  const head = text.slice(0, Math.min(100_000, ...ends));
  const parent = head.indexOf("<parent>");
  const after = head.indexOf("</parent>", parent);
  return parent < 0 || after < 0 ? head : head.slice(0, parent) + head.slice(after);
}

function tag(text: string, name: string): string | null {
  return new RegExp(`<${name}>\\s*([^<>]{1,200}?)\\s*</${name}>`).exec(text)?.[1] ?? null;
}

const configurations =
  /^\s*(implementation|api|compileOnly|runtimeOnly|testImplementation|testRuntimeOnly|annotationProcessor|kapt|classpath)\b\s*\(?\s*(?:platform\()?["']([\w.-]+):([\w.-]+)(?::([^"'@]+))?/;

/** The usual one-line declarations of a Gradle build; a build is a program, and programs are not run here. */
export function gradleManifest(text: string): WrittenManifest {
  const dependencies: WrittenDependency[] = [];
  for (const [index, line] of linesOf(text).slice(0, maxDependencies).entries()) {
    const [, configuration = "", group, artifact, version] = configurations.exec(line.slice(0, 1_000)) ?? [];
    if (group === undefined || artifact === undefined) continue;
    const range = version ?? "managed by a platform";
    dependencies.push({
      name: `${group}:${artifact}`,
      range,
      scope: gradleScope(configuration),
      line: index + 1,
      pinned: version === undefined || !/[+[\](),$]|latest|SNAPSHOT/.test(range),
    });
  }
  return { name: null, licence: null, dependencies };
}

function gradleScope(configuration: string): DependencyFact["scope"] {
  if (configuration.startsWith("test")) return "development";
  return ["classpath", "annotationProcessor", "kapt"].includes(configuration) ? "build" : "runtime";
}

export function gradleLock(text: string): readonly LockedPackage[] {
  return linesOf(text)
    .slice(0, maxDependencies)
    .flatMap((line) => {
      const [, name, version] = /^([\w.-]+:[\w.-]+):([^=\s]+)=/.exec(line) ?? [];
      // Gradle keeps checksums in another file, so their absence here says nothing.
      return name === undefined || version === undefined ? [] : [{ name, version, licence: null, publishedAtMs: null, hasIntegrity: true }];
    });
}
