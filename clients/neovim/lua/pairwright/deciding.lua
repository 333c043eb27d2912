--- What does the person say to the hunks that wait? Go to one, keep it, or discard it.

local client = require('pairwright.client')
local drawing = require('pairwright.drawing')
local keys = require('pairwright.keys')
local review = require('pairwright.review')

local M = {}

--- Show a hunk that makes, deletes or renames a file as the diff that it is.
local function open_diff(root, hunk)
  local bufnr = vim.fn.bufadd('pairwright://' .. hunk.hunkId .. '/' .. hunk.path)
  vim.fn.bufload(bufnr)
  vim.bo[bufnr].buftype = 'nofile'
  vim.bo[bufnr].bufhidden = 'wipe'
  vim.bo[bufnr].filetype = 'diff'
  vim.b[bufnr].pairwright_root = root
  vim.b[bufnr].pairwright_hunk = hunk.hunkId
  vim.bo[bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, vim.split(hunk.unified, '\n', { trimempty = true }))
  vim.bo[bufnr].modifiable = false
  keys.bind(bufnr, review.actions)
  vim.api.nvim_set_current_buf(bufnr)
end

local function go_to(root, item)
  local hunk = item.hunk
  if review.is_whole_file(hunk) then
    return open_diff(root, hunk)
  end
  local bufnr = vim.fn.bufadd(root .. '/' .. hunk.path)
  vim.bo[bufnr].buflisted = true
  if vim.api.nvim_get_current_buf() ~= bufnr then
    vim.cmd("normal! m'")
    vim.api.nvim_set_current_buf(bufnr)
  end
  local row = hunk.oldStart
  for _, place in ipairs(drawing.places(bufnr)) do
    row = place.hunk.hunkId == hunk.hunkId and place.first or row
  end
  local last = vim.api.nvim_buf_line_count(bufnr)
  vim.api.nvim_win_set_cursor(0, { math.min(row + 1, last), 0 })
  if hunk.oldStart == 0 and #hunk.oldLines == 0 then
    -- Virtual lines above the first line are outside the window until it is told to show them.
    vim.fn.winrestview({ topline = 1, topfill = #hunk.newLines })
  end
end

--- Return the pending hunk under the cursor with its task, and its number among all.
local function current(root)
  local bufnr = vim.api.nvim_get_current_buf()
  local id = vim.b[bufnr].pairwright_hunk
  if not id then
    local hunk = drawing.at(bufnr, vim.api.nvim_win_get_cursor(0)[1] - 1)
    id = hunk and hunk.hunkId
  end
  for number, item in ipairs(review.queue(root)) do
    if item.hunk.hunkId == id then
      return item, number
    end
  end
end

--- Return how many hunks come before the cursor.
local function passed(root, waiting)
  local path = client.path_of(vim.api.nvim_get_current_buf(), root) or ''
  local row = vim.api.nvim_win_get_cursor(0)[1] - 1
  local count = 0
  for _, item in ipairs(waiting) do
    local is_before = item.hunk.path < path or (item.hunk.path == path and item.hunk.oldStart <= row)
    count = count + (is_before and 1 or 0)
  end
  return count
end

local function step(by)
  local root = client.root_of(vim.api.nvim_get_current_buf())
  local waiting = review.queue(root)
  if #waiting == 0 then
    local conflict = review.conflicts(root)[1]
    return client.say(conflict and conflict.path .. ': ' .. conflict.reason or 'nothing waits for a decision')
  end
  local _, number = current(root)
  if not number then
    local before = passed(root, waiting)
    number = by > 0 and before or before + 1
  end
  go_to(root, waiting[(number - 1 + by) % #waiting + 1])
end

local function decided(root, task_id, said)
  return function(err, result)
    if err then
      client.warn(err.message)
      return review.refresh(root, task_id)
    end
    review.take(root, task_id, result)
    vim.cmd('checktime')
    for _, note in ipairs(result.notes or {}) do
      client.warn(note)
    end
    local rest = #result.pending > 0 and ', ' .. #result.pending .. ' to decide' or ''
    client.say(said .. rest)
  end
end

local function accept(root, task_id, hunks, approved)
  local ids = vim.tbl_map(function(hunk)
    return hunk.hunkId
  end, hunks)
  local said = #ids == 1 and 'kept' or 'kept ' .. #ids .. ' hunks'
  local params = { taskId = task_id, hunkIds = ids, approvedPaths = approved }
  client.request(root, 'pairwright/accept', params, decided(root, task_id, said))
end

--- Keep hunks of one task; what programs or assistants obey needs a yes to its name.
local function keep(root, task_id, hunks)
  local risky = {}
  for _, hunk in ipairs(hunks) do
    if hunk.needsApproval and not vim.tbl_contains(risky, hunk.path) then
      table.insert(risky, hunk.path)
    end
  end
  if #risky == 0 then
    return accept(root, task_id, hunks)
  end
  local question = table.concat(risky, ', ') .. ': builds, tests or assistants obey this. Write it?'
  vim.ui.select({ 'No', 'Yes' }, { prompt = question }, function(answer)
    if answer == 'Yes' then
      accept(root, task_id, hunks, risky)
    end
  end)
end

local function reject(root, task_id, ids, remark)
  local params = { taskId = task_id, hunkIds = ids, remark = remark }
  client.request(root, 'pairwright/reject', params, decided(root, task_id, 'discarded'))
end

local function with_current(act)
  return function()
    local root = client.root_of(vim.api.nvim_get_current_buf())
    local item = current(root)
    if not item then
      return client.say('there is no proposed hunk at the cursor')
    end
    act(root, item)
  end
end

--- Act on all hunks of the task at the cursor; elsewhere on those of the only task.
local function with_task(act)
  return function()
    local root = client.root_of(vim.api.nvim_get_current_buf())
    local item = current(root)
    local tasks = review.tasks(root)
    local task_id = item and item.task_id or (#tasks == 1 and tasks[1])
    if not task_id then
      return client.say(#tasks == 0 and 'nothing waits for a decision' or 'go to a hunk of the task first')
    end
    act(root, task_id, review.pending(root, task_id))
  end
end

M.next = function()
  step(1)
end
M.previous = function()
  step(-1)
end
M.keep = with_current(function(root, item)
  keep(root, item.task_id, { item.hunk })
end)
M.discard = with_current(function(root, item)
  reject(root, item.task_id, { item.hunk.hunkId })
end)
M.remark = with_current(function(root, item)
  vim.ui.input({ prompt = 'Discard, because: ' }, function(remark)
    if remark then
      reject(root, item.task_id, { item.hunk.hunkId }, remark)
    end
  end)
end)
M.keep_all = with_task(keep)
M.discard_all = with_task(function(root, task_id)
  -- Without ids, those that no longer fit the text go too.
  reject(root, task_id, nil)
end)

for name, action in pairs(M) do
  review.actions[name] = action
end

return M
