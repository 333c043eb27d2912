--- What can a user set, and how is it set when nothing is said?

local M = {}

local defaults = {
  -- What speaks LSP on its standard input and output.
  cmd = { 'pairwright', 'lsp' },
  -- Whether opening a file of a workspace connects; else the first `:Pairwright` does.
  autostart = true,
  -- What lies in the root of a workspace. Without one of them, it is the current directory, and
  -- only `:Pairwright` connects.
  root_markers = { '.git', '.hg', '.jj', 'pyproject.toml', 'package.json', 'Cargo.toml', 'go.mod' },
  -- Whether definitions, references and symbols are asked of Pairwright too.
  navigation = false,
  -- Keys in buffers with proposed hunks, as long as there are some; `false` for none.
  keys = {
    keep = '<leader>pk',
    discard = '<leader>pd',
    remark = '<leader>pr',
    keep_all = '<leader>pa',
    discard_all = '<leader>px',
    next = ']h',
    previous = '[h',
  },
  -- The window with the plan, in parts of the screen.
  float = { width = 0.5, height = 0.4 },
  -- The most that one task may cost in USD, as text; nil leaves it to the daemon's settings.
  budget_usd = nil,
}

local current = vim.deepcopy(defaults)

--- Set what is given; what is not, is as it was delivered. An unknown name is an error.
function M.set(given)
  for name in pairs(given or {}) do
    if defaults[name] == nil and name ~= 'budget_usd' then
      error(string.format('pairwright: there is no option %q: see :help pairwright-options', name), 0)
    end
  end
  current = vim.tbl_deep_extend('force', vim.deepcopy(defaults), given or {})
  if given and given.root_markers then
    current.root_markers = given.root_markers
  end
end

function M.get()
  return current
end

return M
