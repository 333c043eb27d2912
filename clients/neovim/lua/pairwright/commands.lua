--- What can be asked for with `:Pairwright`, and what does each ask the daemon?

local client = require('pairwright.client')
local config = require('pairwright.config')
local cost = require('pairwright.cost')
local deciding = require('pairwright.deciding')
local run = require('pairwright.run')

local M = {}

-- What makes a task: fields of `RunParams`, and whether it needs a person's instruction.
local TASKS = {
  edit = { needs_instruction = true },
  weak = { needs_instruction = true, params = { strategy = 'weak' } },
  strong = { needs_instruction = true, params = { strategy = 'strong' } },
  plan = { needs_instruction = true, params = { planFirst = true } },
  refactor = { needs_instruction = true, params = { kind = 'refactor' } },
  fix = { params = { kind = 'fix' } },
  tests = { params = { kind = 'tests' } },
  document = { params = { kind = 'document' } },
  explain = { params = { kind = 'explain' } },
}

local MOST_PROBLEMS = 20

--- Return the problems of a buffer in a range of lines, as the daemon takes them.
local function problems(bufnr, path, range)
  local found = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(bufnr)) do
    local last = diagnostic.end_lnum or diagnostic.lnum
    if not range or (diagnostic.lnum <= range.last and range.first <= last) then
      table.insert(found, {
        path = path,
        line = diagnostic.lnum,
        message = diagnostic.message,
        rule = diagnostic.code and tostring(diagnostic.code) or nil,
        source = diagnostic.source,
      })
    end
  end
  return vim.list_slice(found, 1, MOST_PROBLEMS)
end

local function start(name, bufnr, range, instruction)
  local root = client.connect(bufnr)
  if not root then
    return
  end
  local params = vim.deepcopy(TASKS[name].params or {})
  params.instruction = instruction
  params.budgetUsd = config.get().budget_usd
  params.planId = name == 'edit' and vim.b[bufnr].pairwright_plan or nil
  params.file = client.path_of(bufnr, root)
  if params.file and range then
    params.firstLine, params.lastLine = range.first, range.last
  end
  if name == 'fix' then
    params.problems = problems(bufnr, params.file, range)
    if #params.problems == 0 then
      return client.say('there is no problem to fix here')
    end
  end
  run.run(root, params, instruction ~= '' and instruction or name)
end

local function task(name)
  return function(bufnr, range, instruction)
    local follows_plan = name == 'edit' and vim.b[bufnr].pairwright_plan
    if instruction ~= '' or follows_plan or not TASKS[name].needs_instruction then
      return start(name, bufnr, range, instruction)
    end
    vim.ui.input({ prompt = 'Pairwright ' .. name .. ': ' }, function(answer)
      if answer and answer ~= '' then
        start(name, bufnr, range, answer)
      end
    end)
  end
end

local function undo(bufnr)
  local root = client.connect(bufnr)
  client.request(root, 'pairwright/undo', nil, function(err, result)
    if err then
      return client.warn(err.message)
    end
    vim.cmd('checktime')
    client.say('took back: ' .. (result.label or result.entryId))
  end)
end

M.commands = {
  undo = undo,
  review = function(bufnr)
    client.connect(bufnr)
    deciding.next()
  end,
  continue = function(bufnr)
    run.continue(client.connect(bufnr))
  end,
  cancel = function(bufnr)
    run.cancel(client.root_of(bufnr))
  end,
  cost = function(bufnr)
    cost.show(client.connect(bufnr))
  end,
}
for name in pairs(TASKS) do
  M.commands[name] = task(name)
end

--- Carry out `:Pairwright NAME [INSTRUCTION]` with what Neovim says of it.
function M.execute(given)
  local name, instruction = given.args:match('^(%S+)%s*(.-)%s*$')
  local command = M.commands[name or '']
  if not command then
    return client.warn(string.format('there is no %q: see :help :Pairwright', name or ''))
  end
  local range = given.range > 0 and { first = given.line1 - 1, last = given.line2 - 1 } or nil
  command(vim.api.nvim_get_current_buf(), range, instruction)
end

--- Complete the name of a command.
function M.complete(lead, line)
  if line:match('Pairwright!?%s+%S+%s') then
    return {}
  end
  local names = vim.tbl_filter(function(name)
    return vim.startswith(name, lead)
  end, vim.tbl_keys(M.commands))
  table.sort(names)
  return names
end

return M
