--- What does it cost? The running sums for the statusline, and what it has cost so far.

local client = require('pairwright.client')
local float = require('pairwright.float')

local M = {}

-- By root: the latest `CostNotice`.
local notices = {}

local function usd(amount, unpriced)
  local text = string.format('$%.4f', tonumber(amount)):gsub('(%.%d%d%d-)0+$', '%1')
  return (unpriced or 0) > 0 and '≥' .. text or text
end

M.usd = usd

function M.heard(root, notice)
  notices[root] = notice
  vim.cmd('redrawstatus')
end

--- Forget the sums of a task; those of the day stay.
function M.task_begins(root)
  if notices[root] then
    notices[root].taskUsd = nil
  end
end

--- Return the running cost of a workspace for a statusline; empty when nothing is known.
function M.line(root)
  local notice = notices[root]
  if not notice then
    return ''
  end
  local day = usd(notice.dayUsd, notice.dayUnpricedCalls) .. ' of ' .. usd(notice.dayCapUsd) .. ' today'
  if not notice.taskUsd then
    return day
  end
  return usd(notice.taskUsd, notice.taskUnpricedCalls) .. ' · ' .. day
end

--- Return in a word what a task has cost.
function M.receipt(receipt)
  return usd(receipt.costUsd, receipt.unpricedCalls)
end

local function row_of(row)
  local tokens = string.format('%d in, %d out', row.inputTokens, row.outputTokens)
  local cost = usd(row.costUsd, row.unpricedCalls)
  return string.format('%-36s %5d calls  %-24s %s', row.key, row.calls, tokens, cost)
end

--- Show what the workspace has cost, by model.
function M.show(root)
  client.request(root, 'pairwright/cost', { by = 'model' }, function(err, report)
    if err then
      return client.warn(err.message)
    end
    local lines = vim.tbl_map(row_of, report.rows)
    table.insert(lines, row_of(vim.tbl_extend('force', report.total, { key = 'in all' })))
    local day = usd(report.dayUsd, report.dayUnpricedCalls)
    table.insert(lines, string.format('today %s of %s', day, usd(report.dayCapUsd)))
    float.show(lines, { title = 'Pairwright: cost', enter = true })
  end)
end

return M
