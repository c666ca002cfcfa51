/** Phrases that only one licence has, most particular first. Source: the texts at spdx.org/licenses. */
const phrases: readonly (readonly [string, RegExp])[] = [
  ["AGPL-3.0", /GNU AFFERO GENERAL PUBLIC LICENSE\s+Version 3/i],
  ["LGPL-3.0", /GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3/i],
  ["LGPL-2.1", /GNU LESSER GENERAL PUBLIC LICENSE\s+Version 2\.1/i],
  ["GPL-3.0", /GNU GENERAL PUBLIC LICENSE\s+Version 3/i],
  ["GPL-2.0", /GNU GENERAL PUBLIC LICENSE\s+Version 2/i],
  ["Apache-2.0", /Apache License,?\s+Version 2\.0/i],
  ["MPL-2.0", /Mozilla Public License,?\s+(Version|v\.) ?2\.0/i],
  ["EPL-2.0", /Eclipse Public License\s+-?\s*v ?2\.0/i],
  ["BSL-1.0", /Boost Software License\s+-\s+Version 1\.0/i],
  ["Unlicense", /This is free and unencumbered software released into the public domain/i],
  ["CC0-1.0", /CC0 1\.0 Universal/i],
  ["PSF-2.0", /PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2/i],
  ["ISC", /Permission to use, copy, modify, and(\/or)? distribute this software for any\s+purpose/i],
  ["MIT", /Permission is hereby granted, free of charge, to any person obtaining/i],
  ["BSD-3-Clause", /Redistribution and use in source and binary forms[\s\S]{0,2000}Neither the name/i],
  ["BSD-2-Clause", /Redistribution and use in source and binary forms/i],
];

/** The SPDX identifier of a licence text by its telling phrase in the first 20,000 characters. Null: none known. */
export function licenceOf(text: string): string | null {
  const head = text.slice(0, 20_000);
  return phrases.find(([, phrase]) => phrase.test(head))?.[0] ?? null;
}
