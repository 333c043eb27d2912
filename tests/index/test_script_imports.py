"""Which file does an import of JavaScript or TypeScript mean, as settings files say?"""

import time

import pytest

from pairwright.index.imports.projects import MAX_INHERITED
from pairwright.index.index import Index
from pairwright.workspace.paths import WorkspacePath
from tests.index.graphs import index_of, with_texts


def check_meant(importer: str, module: str, workspace: str, *expected: str) -> None:
    """Check which files one import of a module means to a file of a workspace."""
    texts = {importer: f"import x from '{module}'\n"}
    index = with_texts(index_of(workspace), texts)
    assert imports_of(index, importer) == list(expected)


def imports_of(index: Index, path: str) -> list[str]:
    return list(index.imports_of(WorkspacePath(path)))


def empty(*paths: str) -> str:
    return "".join(f"#- {path}\n" for path in paths)


def tsconfig(path: str, paths: str = "{}", more: str = "", top: str = "") -> str:
    return f'#- {path}\n{{{top} "compilerOptions": {{{more} "paths": {paths}}}}}\n'


def package(directory: str, text: str) -> str:
    return f"#- {directory}package.json\n{{{text}}}\n"


ALIAS = '{"@app/*": ["src/*"]}'


@pytest.mark.parametrize(
    ("module", "workspace", "expected"),
    [
        pytest.param(
            "@app/b",
            tsconfig("tsconfig.json", ALIAS) + empty("src/b.ts"),
            ["src/b.ts"],
            id="an alias",
        ),
        pytest.param(
            "config",
            tsconfig("tsconfig.json", '{"config": ["src/settings/main.ts"]}')
            + empty("src/settings/main.ts"),
            ["src/settings/main.ts"],
            id="an alias without a star",
        ),
        pytest.param(
            "paths",
            tsconfig("tsconfig.json", '{"paths": ["src/p.ts"]}') + empty("src/p.ts"),
            ["src/p.ts"],
            id="an alias with the name of the setting",
        ),
        pytest.param(
            "@app/b",
            tsconfig("tsconfig.json", '{"@app/*": ["gen/*", "src/*"]}') + empty("src/b.ts"),
            ["src/b.ts"],
            id="the second target, when nothing is at the first",
        ),
        pytest.param(
            "@app/ui/b",
            tsconfig("tsconfig.json", '{"@app/*": ["src/*"], "@app/ui/*": ["ui/*"]}')
            + empty("src/ui/b.ts", "ui/b.ts"),
            ["ui/b.ts"],
            id="the pattern that fits most of the beginning",
        ),
        pytest.param(
            "x/one.model",
            tsconfig("tsconfig.json", '{"x/*.model": ["models/*.ts"]}') + empty("models/one.ts"),
            ["models/one.ts"],
            id="a star in the middle",
        ),
        pytest.param(
            "lib/b",
            tsconfig("tsconfig.json", more='"baseUrl": "./code",') + empty("code/lib/b.ts"),
            ["code/lib/b.ts"],
            id="a name below baseUrl",
        ),
        pytest.param(
            "@app/b",
            tsconfig("tsconfig.json", ALIAS, '"baseUrl": "code",') + empty("code/src/b.ts"),
            ["code/src/b.ts"],
            id="an alias counts from baseUrl",
        ),
        pytest.param(
            "@app/b.js",
            tsconfig("tsconfig.json", ALIAS) + empty("src/b.ts"),
            ["src/b.ts"],
            id="the suffix of what will be written",
        ),
        pytest.param(
            "@app/b",
            tsconfig("tsconfig.json", ALIAS) + empty("src/b/index.tsx"),
            ["src/b/index.tsx"],
            id="a directory's index",
        ),
        pytest.param(
            "@app/b",
            tsconfig("jsconfig.json", ALIAS) + empty("src/b.js"),
            ["src/b.js"],
            id="jsconfig.json",
        ),
        pytest.param(
            "@app/b",
            tsconfig("jsconfig.json", '{"@app/*": ["js/*"]}')
            + tsconfig("tsconfig.json", ALIAS)
            + empty("src/b.ts", "js/b.ts"),
            ["src/b.ts"],
            id="tsconfig.json before jsconfig.json",
        ),
        pytest.param(
            "@app/b",
            '#- tsconfig.json\n{ // why\n  "compilerOptions": { /* how */\n'
            '    "paths": { "@app/*": ["src/*",], },\n  },\n}\n' + empty("src/b.ts"),
            ["src/b.ts"],
            id="comments and trailing commas",
        ),
        pytest.param(
            "@app/b",
            '#- tsconfig.json\n{"compilerOptions": {"paths": {"\\u0040app/*": ["src\\/*"]}}}\n'
            + empty("src/b.ts"),
            ["src/b.ts"],
            id="escapes in strings",
        ),
        pytest.param(
            "@app/b",
            tsconfig("base.json", ALIAS)
            + '#- tsconfig.json\n{"extends": "./base.json"}\n'
            + empty("src/b.ts"),
            ["src/b.ts"],
            id="settings that are extended",
        ),
        pytest.param(
            "@app/b",
            tsconfig("configs/base.json", '{"@app/*": ["../src/*"]}')
            + '#- tsconfig.json\n{"extends": ["./none", "./configs/base"]}\n'
            + empty("src/b.ts"),
            ["src/b.ts"],
            id="a path counts from the settings that write it",
        ),
        pytest.param(
            "@app/b",
            tsconfig("one.json", '{"@app/*": ["one/*"]}')
            + tsconfig("two.json", '{"@app/*": ["two/*"]}')
            + '#- tsconfig.json\n{"extends": ["./one.json", "./two.json"]}\n'
            + empty("one/b.ts", "two/b.ts"),
            ["two/b.ts"],
            id="of several that are extended the last counts",
        ),
        pytest.param(
            "@app/b",
            tsconfig("configs/base.json", '{"@app/*": ["${configDir}/src/*"]}')
            + '#- tsconfig.json\n{"extends": "./configs/base.json"}\n'
            + empty("src/b.ts"),
            ["src/b.ts"],
            id="a path that counts from who extends",
        ),
        pytest.param(
            "@app/b",
            '#- tsconfig.json\n{"files": [], "references": [{"path": "./tsconfig.app.json"}]}\n'
            + tsconfig("tsconfig.app.json", ALIAS)
            + empty("src/b.ts"),
            ["src/b.ts"],
            id="settings that only refer to others",
        ),
        pytest.param(
            "@/b",
            '#- tsconfig.json\n{"compilerOptions": {"strict": true}}\n' + empty("src/b.ts"),
            ["src/b.ts"],
            id="what is customary, where nothing is said",
        ),
        pytest.param(
            "@/b",
            tsconfig("tsconfig.json", ALIAS) + empty("src/b.ts"),
            [],
            id="nothing customary, where something is said",
        ),
    ],
)
def test_a_project_says_what_bare_names_mean(
    module: str, workspace: str, expected: list[str]
) -> None:
    check_meant("src/main.ts", module, workspace, *expected)


def test_of_several_projects_the_nearest_counts() -> None:
    workspace = (
        tsconfig("tsconfig.json", ALIAS)
        + tsconfig("apps/web/tsconfig.json", '{"@app/*": ["code/*"]}')
        + empty("src/b.ts", "apps/web/code/b.ts")
    )
    check_meant("apps/web/main.ts", "@app/b", workspace, "apps/web/code/b.ts")
    check_meant("apps/main.ts", "@app/b", workspace, "src/b.ts")


@pytest.mark.parametrize(
    "paths",
    [
        '{"@app/*": ["../outside/*"]}',
        '{"@app/*": ["/src/*"]}',
        '{"@app/*": ["C:/src/*"]}',
        '{"@app/*": ["\\\\src\\\\*"]}',
        '{"@app/*": ["*/src/*"]}',
        '{"@*/*": ["src/*"]}',
        '{"@app/*": []}',
        '{"@app/*": [1, null, {"src": "*"}]}',
        '["src/*"]',
        '[{"@app/*": ["src/*"]}]',
    ],
)
def test_paths_that_lead_nowhere_mean_nothing(paths: str) -> None:
    workspace = tsconfig("tsconfig.json", paths) + empty("src/b.ts", "outside/b.ts")
    check_meant("src/main.ts", "@app/b", workspace)


@pytest.mark.parametrize(
    "text", ["", "paths", "[[[", '{"compilerOptions": "paths"}', "\ufffd{", "{}}"]
)
def test_settings_that_are_broken_say_nothing(text: str) -> None:
    workspace = f"#- tsconfig.json\n{text}\n" + empty("src/b.ts")
    check_meant("main.ts", "@app/b", workspace)
    check_meant("main.ts", "@/b", workspace, "src/b.ts")


def test_of_settings_with_a_mistake_the_rest_counts() -> None:
    workspace = '#- tsconfig.json\n{"compilerOptions": {"jsx":, "paths": {"@app/*": ["src/*"]}}}\n'
    check_meant("main.ts", "@app/b", workspace + empty("src/b.ts"), "src/b.ts")


@pytest.mark.parametrize(
    "extended", ["../base.json", "/base.json", "base.json", "./tsconfig.json", "./a.json", ""]
)
def test_what_cannot_be_extended_is_as_if_it_were_absent(extended: str) -> None:
    workspace = (
        f'#- tsconfig.json\n{{"extends": "{extended}"}}\n'
        '#- a.json\n{"extends": "./tsconfig.json"}\n'
        + tsconfig("base.json", ALIAS)
        + empty("src/b.ts")
    )
    check_meant("src/main.ts", "@app/b", workspace)


def test_a_chain_of_settings_is_followed_so_far_and_no_further() -> None:
    def chain(length: int) -> str:
        links = [
            f'#- {name}\n{{"extends": "./c{number + 1}.json"}}\n'
            for number, name in enumerate(
                ["tsconfig.json", *(f"c{each}.json" for each in range(1, length))]
            )
        ]
        return "".join(links) + tsconfig(f"c{length}.json", ALIAS) + empty("src/b.ts")

    check_meant("main.ts", "@app/b", chain(MAX_INHERITED - 1), "src/b.ts")
    check_meant("main.ts", "@app/b", chain(MAX_INHERITED))


def test_settings_without_end_take_no_time() -> None:
    many = ", ".join(f'"@{each}/*": ["src/*"]' for each in range(5_000))
    names = ", ".join(f'"./c{each}.json"' for each in range(500))
    everyone = "".join(f'#- c{each}.json\n{{"extends": [{names}]}}\n' for each in range(20))
    workspace = tsconfig("tsconfig.json", f"{{{many}}}", top=f'"extends": [{names}],') + everyone
    index = index_of(workspace + "#- main.ts\nimport '@4999/b'\n#- src/b.ts\n")
    began_at = time.process_time()
    assert imports_of(index, "main.ts") == []
    assert time.process_time() - began_at < 1


ROOT = package("", '"private": true, "workspaces": ["packages/*"]')


@pytest.mark.parametrize(
    ("module", "workspace", "expected"),
    [
        pytest.param(
            "@acme/b",
            package("packages/b/", '"name": "@acme/b", "main": "./lib/entry.js"')
            + empty("packages/b/lib/entry.js", "packages/b/src/index.ts"),
            ["packages/b/lib/entry.js"],
            id="the file that main names",
        ),
        pytest.param(
            "b",
            package("packages/b/", '"name": "b", "main": "dist/index.js"')
            + empty("packages/b/src/index.ts"),
            ["packages/b/src/index.ts"],
            id="the source of the file that main names",
        ),
        pytest.param(
            "b",
            package("packages/b/", '"name": "b", "types": "./dist/esm/main.d.ts"')
            + empty("packages/b/src/main.ts", "packages/b/src/index.ts"),
            ["packages/b/src/main.ts"],
            id="the source of the file with its types",
        ),
        pytest.param(
            "b",
            package("packages/b/", '"name": "b"') + empty("packages/b/src/index.tsx"),
            ["packages/b/src/index.tsx"],
            id="the index below src, when nothing is said",
        ),
        pytest.param(
            "b",
            package("packages/b/", '"name": "b", "exports": "./code/all.mjs"')
            + empty("packages/b/code/all.mts"),
            ["packages/b/code/all.mts"],
            id="exports, as one string",
        ),
        pytest.param(
            "b",
            package(
                "packages/b/",
                '"name": "b", "main": "old.js", "exports": {"types": "./t.d.ts",'
                ' "default": "./new.js"}',
            )
            + empty("packages/b/old.js", "packages/b/new.js"),
            ["packages/b/new.js"],
            id="exports, by condition",
        ),
        pytest.param(
            "b/deep/x",
            package(
                "packages/b/",
                '"name": "b", "exports": {".": "./i.js", "./deep/*": {"import":'
                ' {"types": "./dist/deep/*.d.ts", "default": "./dist/deep/*.js"}}}',
            )
            + empty("packages/b/src/deep/x.ts"),
            ["packages/b/src/deep/x.ts"],
            id="exports, by a pattern and conditions in conditions",
        ),
        pytest.param(
            "b/x",
            package("packages/b/", '"name": "b"') + empty("packages/b/src/x.ts"),
            ["packages/b/src/x.ts"],
            id="a module that no exports name",
        ),
        pytest.param(
            "b",
            package("others/b/", '"name": "b"') + empty("others/b/index.js"),
            [],
            id="not one that is no member of the workspace",
        ),
        pytest.param(
            "b",
            package("packages/b/", '"name": "b", "main": "../../../x.js"') + empty("x.js"),
            [],
            id="not what is out of the workspace",
        ),
        pytest.param(
            "#inner/x",
            package("packages/a/", '"name": "a", "imports": {"#inner/*": "./own/*.js"}')
            + empty("packages/a/own/x.ts"),
            ["packages/a/own/x.ts"],
            id="a name of the package's own imports",
        ),
        pytest.param(
            "a/x",
            package("packages/a/", '"name": "a"') + empty("packages/a/src/x.ts"),
            ["packages/a/src/x.ts"],
            id="the package by its own name",
        ),
    ],
)
def test_packages_of_a_workspace_know_each_other(
    module: str, workspace: str, expected: list[str]
) -> None:
    check_meant("packages/a/src/main.ts", module, ROOT + workspace, *expected)


@pytest.mark.parametrize(
    "root",
    [
        package("", '"workspaces": {"packages": ["packages/*"]}'),
        package("", '"workspaces": ["./packages/**", "!packages/a"]'),
        "#- pnpm-workspace.yaml\npackages:\n  - 'apps/*'\n  - packages/*\n",
        '#- pnpm-workspace.yaml\npackages: ["packages/b"]\n',
    ],
)
def test_members_are_told_in_the_ways_of_npm_yarn_and_pnpm(root: str) -> None:
    workspace = root + package("packages/b/", '"name": "b"') + empty("packages/b/index.js")
    check_meant("packages/a/main.js", "b", workspace, "packages/b/index.js")
