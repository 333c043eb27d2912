# Pairwright in Kakoune, through kakoune-lsp (18 or newer): source this from your kakrc.
# NOT RUN with kakoune-lsp, which Debian 12 does not package; Kakoune 2022.10.31 loads this file.
#
# What kakoune-lsp can do with it: code actions (lsp-code-actions) and workspace symbols.
# Hunks cannot be reviewed in Kakoune: `pairwright review` in a terminal can.

hook -group pairwright global BufSetOption filetype=(?:python|rust|go|c|cpp|java|javascript|typescript) %{
    set-option -add buffer lsp_servers %{
        [pairwright]
        root_globs = [".git", ".hg", "pyproject.toml", "package.json", "Cargo.toml", "go.mod"]
        command = "pairwright"
        args = ["lsp"]
    }
}

define-command pairwright-run -params 1.. -docstring %{
    pairwright-run <instruction>: have it done on the selected lines, and review it in this terminal
} %{
    write
    terminal sh -c %{
        file=$1 first=$2 last=$3; shift 3
        pairwright run --file "$file" --lines "$first:$last" "$*"
        printf 'Press Enter. '; read -r _
    } pairwright %val{buffile} %sh{
        # A selection may run backwards.
        from=${kak_selection_desc%%.*} to=${kak_selection_desc#*,}; to=${to%%.*}
        echo $((from < to ? from : to))
    } %sh{
        from=${kak_selection_desc%%.*} to=${kak_selection_desc#*,}; to=${to%%.*}
        echo $((from < to ? to : from))
    } %arg{@}
}
