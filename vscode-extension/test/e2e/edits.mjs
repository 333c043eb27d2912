// What do the scripted models write about the sample?

export const MONEY = "orderdesk/money.py";
export const CATALOG = "orderdesk/catalog.py";

/** Each `[path, old, new]`. */
export const MONEY_EDITS = [
  [
    MONEY,
    '    cleaned = text.strip().removeprefix("$")\n',
    '    cleaned = text.strip().removeprefix("$").replace(",", "")\n' +
      '    if not cleaned:\n        raise ValueError("empty amount")\n',
  ],
  [
    MONEY,
    "def percentage(cents: int, percent: int) -> int:\n",
    "# Rounds half up.\ndef percentage(cents: int, percent: int) -> int:\n",
  ],
];

/** It leaves a file that Python cannot read. */
export const UNSOUND_EDIT = [MONEY, MONEY_EDITS[1][1], "def percentage(cents: int, percent: int -> int:\n"];

/** Builds obey this file. */
export const BUILD = "Makefile";
export const BUILD_TEXT = "check:\n\tpython3 -m unittest\n";
export const BUILD_EDIT = [BUILD, "\tpython3 -m unittest\n", "\tpython3 -m unittest -q\n"];

export const CATALOG_EDIT = [
  CATALOG,
  "        found = [p for p in self._products.values() if word in p.name]\n",
  "        wanted = word.casefold()\n" +
    "        found = [p for p in self._products.values() if wanted in p.name.casefold()]\n",
];

export const PLAN = `Goal: be ready for the new price list.
1. Take the commas out in parse_amount of ${MONEY}.
2. Compare names without case in ${CATALOG}.
`;

/** A file with one problem, which the workbench's own TypeScript finds. */
export const SIZE = 'export const size: number = "three";\n';
export const FIXED_SIZE = "export const size: number = 3;\n";
export const SIZES = `export const width: number = "two";\nexport const height: number = "three";\n`;
export const SIZES_PLAN = "Goal: sizes are numbers.\n1. Write each size in sizes.ts as a number.\n";
/** In the order in which they are asked for: the last line first. */
export const SIZES_EDITS = [
  ["sizes.ts", 'height: number = "three"', "height: number = 3"],
  ["sizes.ts", 'width: number = "two"', "width: number = 2"],
].map(([file, old, replacement]) => [file, `export const ${old};\n`, `export const ${replacement};\n`]);
