--- Which hunks wait for a decision, and what does the person say to them?
---
--- The daemon knows; this draws what it says anew whenever somebody decided or the text changed.

local client = require('pairwright.client')
local config = require('pairwright.config')
local drawing = require('pairwright.drawing')
local keys = require('pairwright.keys')

local M = {}

local REFRESH_MS = 300

-- By root, then by task: { label, proposer, pending, conflicts, gate }.
local changes = {}
-- By root: { attempt, hunks } of what is being written.
local provisional = {}
-- By task: whether it was asked for here.
local is_own = {}
local timers = {}

--- What the keys do, by their names in the settings; `pairwright.deciding` says it.
M.actions = {}

local function each_buffer(root, callback)
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    local path = client.path_of(bufnr, root)
    if path then
      callback(bufnr, path)
    end
  end
end

--- Return all pending hunks of a workspace with their task, in the order of files and lines.
function M.queue(root)
  local found = {}
  for task_id, change in pairs(changes[root] or {}) do
    for _, hunk in ipairs(change.pending) do
      table.insert(found, { task_id = task_id, hunk = hunk, change = change })
    end
  end
  table.sort(found, function(left, right)
    if left.hunk.path ~= right.hunk.path then
      return left.hunk.path < right.hunk.path
    end
    return left.hunk.oldStart < right.hunk.oldStart
  end)
  return found
end

--- Return what no longer fits the text, of all changes: `Conflict`s.
function M.conflicts(root)
  local found = {}
  for _, change in pairs(changes[root] or {}) do
    vim.list_extend(found, change.conflicts)
  end
  return found
end

--- Tell whether a hunk makes, deletes or renames a file.
function M.is_whole_file(hunk)
  return (hunk.fileChange or 'modify') ~= 'modify'
end

local function note_of(item, number, count)
  local wanted = config.get().keys
  local said = { string.format('  %d of %d', number, count) }
  for _, name in ipairs({ 'keep', 'discard' }) do
    if wanted[name] then
      local leader = vim.g.mapleader or '\\'
      local key = wanted[name]:gsub('<[Ll]eader>', (leader:gsub(' ', '<Space>'):gsub('%%', '%%%%')))
      table.insert(said, name .. ' ' .. key)
    end
  end
  if item.change.proposer ~= '' and not is_own[item.task_id] then
    table.insert(said, item.change.proposer)
  end
  vim.list_extend(said, item.change.gate)
  return table.concat(said, ' · ')
end

local function redraw(root)
  local waiting = M.queue(root)
  local notes, by_path = {}, {}
  for number, item in ipairs(waiting) do
    notes[item.hunk] = note_of(item, number, #waiting)
    if not M.is_whole_file(item.hunk) then
      by_path[item.hunk.path] = by_path[item.hunk.path] or {}
      table.insert(by_path[item.hunk.path], item.hunk)
    end
  end
  each_buffer(root, function(bufnr, path)
    if by_path[path] then
      drawing.pending(bufnr, by_path[path], function(hunk)
        return notes[hunk]
      end)
    else
      drawing.clear(bufnr)
    end
    if #waiting + #M.conflicts(root) > 0 then
      keys.bind(bufnr, M.actions)
    else
      keys.release(bufnr)
    end
    for _, hunk in ipairs((provisional[root] or {}).hunks or {}) do
      if hunk.path == path then
        drawing.provisional(bufnr, hunk)
      end
    end
  end)
end

--- Return what no longer fits the text and is still to be decided.
local function undecided(conflicts)
  return vim.tbl_filter(function(conflict)
    return conflict.hunkId ~= nil
  end, conflicts or {})
end

--- Return what the gate says: all of it in a few words, then what a person should know.
local function sayings_of(verdict)
  local sayings = verdict.badge ~= '' and { verdict.badge } or {}
  return vim.list_extend(sayings, verdict.notes or {})
end

--- Take over how a change stands by an answer of the daemon, and show it.
function M.take(root, task_id, view)
  changes[root] = changes[root] or {}
  local known = changes[root][task_id] or {}
  local conflicts = undecided(view.conflicts)
  local change = {
    label = view.label or known.label or '',
    proposer = view.proposer or known.proposer or '',
    gate = view.verdict and sayings_of(view.verdict) or known.gate or {},
    pending = view.pending or {},
    conflicts = conflicts,
  }
  changes[root][task_id] = #change.pending + #conflicts > 0 and change or nil
  redraw(root)
end

--- Ask how a change stands and show it.
function M.refresh(root, task_id)
  client.request(root, 'pairwright/change', { taskId = task_id }, function(err, view)
    if not err then
      M.take(root, task_id, view)
    elseif changes[root] then
      changes[root][task_id] = nil
      redraw(root)
    end
  end)
end

--- A task was asked for here, so nobody has to be told what it proposes.
function M.expect(task_id)
  is_own[task_id] = true
end

--- Show a hunk that is being written; those of an earlier attempt go.
function M.written(root, event)
  if not provisional[root] or provisional[root].attempt ~= event.attempt then
    provisional[root] = { attempt = event.attempt, hunks = {} }
  end
  if not M.is_whole_file(event.hunk) then
    table.insert(provisional[root].hunks, event.hunk)
  end
  redraw(root)
end

--- Forget what was being written.
function M.no_longer_written(root)
  if provisional[root] then
    provisional[root] = nil
    redraw(root)
  end
end

--- Show a proposal as the daemon made it.
function M.ready(root, event, label)
  provisional[root] = nil
  local verdict = event.verdict
  local view = { pending = event.hunks, conflicts = event.conflicts, verdict = verdict, label = label }
  M.take(root, event.taskId, view)
end

--- Somebody proposed or decided something.
function M.noticed(root, notice)
  local known = changes[root] and changes[root][notice.taskId]
  if notice.pending == 0 then
    M.take(root, notice.taskId, { pending = {} })
    vim.cmd('checktime')
    return
  end
  if not (known or is_own[notice.taskId]) and notice.state == 'review' then
    local hunks = notice.pending == 1 and 'a hunk' or notice.pending .. ' hunks'
    client.say(string.format('%s proposes %s: %s', notice.proposer, hunks, notice.label))
  end
  M.refresh(root, notice.taskId)
end

--- Show all that waits, after a connection was made.
function M.connected(root)
  client.request(root, 'pairwright/changes', nil, function(err, result)
    if err then
      return
    end
    changes[root] = {}
    for _, view in ipairs(result.changes) do
      M.take(root, view.taskId, view)
    end
    redraw(root)
  end)
end

function M.disconnected(root)
  changes[root], provisional[root] = nil, nil
  redraw(root)
end

--- A buffer was opened: show what is proposed for it.
function M.opened(bufnr)
  for root in pairs(changes) do
    if client.path_of(bufnr, root) then
      redraw(root)
    end
  end
end

--- The text of a buffer changed: what still fits is for the daemon to say.
function M.typed(bufnr)
  local root = client.root_of(bufnr)
  if timers[root] or vim.tbl_isempty(changes[root] or {}) then
    return
  end
  timers[root] = vim.defer_fn(function()
    timers[root] = nil
    for task_id in pairs(changes[root] or {}) do
      M.refresh(root, task_id)
    end
  end, REFRESH_MS)
end

--- Return the pending hunks of one task.
function M.pending(root, task_id)
  return ((changes[root] or {})[task_id] or {}).pending or {}
end

--- Return the ids of the tasks that wait for decisions.
function M.tasks(root)
  return vim.tbl_keys(changes[root] or {})
end

return M
