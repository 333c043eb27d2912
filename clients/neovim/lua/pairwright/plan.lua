--- How is a plan seen and changed? It streams into the floating window; kept, it is a document.

local client = require('pairwright.client')
local float = require('pairwright.float')

local M = {}

local NAMESPACE = vim.api.nvim_create_namespace('pairwright-plan')

local title, told, streamed = '', {}, ''

local function show()
  local lines = vim.list_extend({}, told)
  if streamed ~= '' then
    vim.list_extend(lines, vim.split(streamed, '\n'))
  end
  float.show(lines, { title = title })
end

--- Begin to tell what a task does.
function M.begin(label)
  title, told, streamed = 'Pairwright: ' .. label, {}, ''
  show()
end

--- Tell one more line; what a model wrote before it stays above.
function M.tell(line)
  if streamed ~= '' then
    vim.list_extend(told, vim.split(streamed, '\n', { trimempty = true }))
    streamed = ''
  end
  table.insert(told, line)
  show()
end

--- Tell the next piece of the plan that is being written.
function M.delta(text)
  streamed = streamed .. text
  show()
end

--- The plan is whole: its goal and its steps take the place of what was streamed.
function M.whole(event)
  streamed = ''
  if event.goal and event.goal ~= '' then
    M.tell('Goal: ' .. event.goal)
  end
  for number, step in ipairs(event.steps or {}) do
    M.tell(string.format('%d. %s', number, type(step) == 'table' and step.intent or step))
  end
end

--- The task has ended: close the window, unless the person works in it.
function M.finish()
  if not float.is_entered() then
    float.close()
  end
end

--- Show what a task answered, as Markdown.
function M.answer(text)
  float.close()
  float.show(vim.split(text, '\n'), { filetype = 'markdown', enter = true })
end

local function mark_problems(bufnr, view)
  local severities = { error = vim.diagnostic.severity.ERROR, warning = vim.diagnostic.severity.WARN }
  local found = vim.tbl_map(function(problem)
    local severity = severities[problem.severity]
    return { lnum = problem.line, col = 0, message = problem.message, severity = severity, source = 'pairwright' }
  end, view.problems or {})
  vim.diagnostic.set(NAMESPACE, bufnr, found)
end

local function save(bufnr)
  local text = table.concat(vim.api.nvim_buf_get_lines(bufnr, 0, -1, false), '\n') .. '\n'
  local base = vim.b[bufnr].pairwright_version
  local params = { planId = vim.b[bufnr].pairwright_plan, text = text, baseVersion = base }
  local root = vim.b[bufnr].pairwright_root
  client.request(root, 'pairwright/plan/update', params, function(err, view)
    if err then
      return client.warn(err.message)
    end
    vim.b[bufnr].pairwright_version = view.version
    vim.bo[bufnr].modified = false
    mark_problems(bufnr, view)
  end)
end

--- Open a kept plan, the last one when no id is given. Writing the buffer keeps a new version.
function M.open(root, plan_id)
  client.request(root, 'pairwright/plan/get', { planId = plan_id }, function(err, view)
    if err then
      return client.warn(err.message)
    end
    local bufnr = vim.fn.bufadd('pairwright://plan/' .. view.planId .. '.md')
    vim.fn.bufload(bufnr)
    vim.bo[bufnr].buftype = 'acwrite'
    vim.bo[bufnr].filetype = 'markdown'
    vim.b[bufnr].pairwright_root = root
    vim.b[bufnr].pairwright_plan = view.planId
    vim.b[bufnr].pairwright_version = view.version
    local lines = vim.split(view.text:gsub('\n$', ''), '\n')
    vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
    vim.bo[bufnr].modified = false
    mark_problems(bufnr, view)
    local group = vim.api.nvim_create_augroup('pairwright-plan-' .. bufnr, { clear = true })
    vim.api.nvim_create_autocmd('BufWriteCmd', {
      group = group,
      buffer = bufnr,
      callback = function()
        save(bufnr)
      end,
    })
    vim.cmd('sbuffer ' .. bufnr)
  end)
end

return M
