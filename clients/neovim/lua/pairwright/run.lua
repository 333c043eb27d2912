--- How is a task asked for, and what is shown while it runs?

local client = require('pairwright.client')
local cost = require('pairwright.cost')
local plan = require('pairwright.plan')
local review = require('pairwright.review')

local M = {}

-- By root: { token, ticket, label, step } of the task that runs.
local running = {}
local serial = 0

local told = {}

function told.taskStarted(_, event)
  review.expect(event.taskId)
  plan.tell(string.format('%s: %s plans, %s writes', event.strategy, event.strong, event.weak))
end

function told.strategyChosen(_, event)
  plan.tell('strategy ' .. event.strategy .. ': ' .. event.reason)
end

function told.stepStarted(task, event)
  task.step = event.step
  plan.tell(string.format('%s model: %s (%s, attempt %d)', event.tier, event.step, event.model, event.attempt))
end

function told.planDelta(_, event)
  plan.delta(event.text)
end

function told.planReady(_, event)
  plan.whole(event)
end

function told.hunkReady(task, event)
  review.written(task.root, event)
end

function told.editRejected(_, event)
  plan.tell('✗ ' .. event.path .. ': ' .. event.reason:gsub('\n.*', ''))
end

function told.testsRun(_, event)
  local outcome = event.isGreen and 'pass' or #event.failing .. ' fail'
  plan.tell('tests ' .. event.when .. ' the change: ' .. outcome)
end

function told.checked(_, event)
  local verdict = event.verdict
  plan.tell((verdict.isSound and '✓ ' or '✗ ') .. (verdict.badge or ''))
end

function told.escalated(_, event)
  plan.tell('up to ' .. event.rung .. ': ' .. event.reason)
end

function told.modelReplaced(_, event)
  plan.tell(event.model .. ' is out of reach, ' .. event.replacedBy .. ' is asked: ' .. event.reason)
end

function told.budgetNotice(_, event)
  local spent, cap = cost.usd(event.spentUsd), cost.usd(event.capUsd)
  plan.tell(string.format('%s of the %s cap of %s are spent', spent, event.cap, cap))
end

function told.progress(_, event)
  if event.done == event.total then
    plan.tell(event.step)
  end
end

function told.costUpdated(task, event)
  cost.heard(task.root, event)
end

function told.changeReady(task, event)
  review.ready(task.root, event, task.label)
end

--- One event of a task came.
function M.heard(root, params)
  local task = running[root]
  if task and task.token == params.token and told[params.value.kind] then
    told[params.value.kind](task, params.value)
  end
end

local function finish(root)
  running[root] = nil
  plan.finish()
  review.no_longer_written(root)
  vim.cmd('redrawstatus')
end

local function ended(root, task)
  return function(err, result)
    if running[root] ~= task then
      return
    end
    finish(root)
    if err then
      return client.warn(err.message)
    end
    local sentence = result.message .. ' · ' .. cost.receipt(result.receipt)
    if result.canContinue then
      sentence = sentence .. ' · :Pairwright continue'
    end
    client.say(sentence, result.state == 'failed' and vim.log.levels.WARN or nil)
    if result.state == 'planned' then
      plan.open(root, result.planId)
    elseif result.state == 'answered' then
      plan.answer(result.answer)
    end
  end
end

local function ask(root, method, params, label)
  if running[root] then
    return client.warn('a task is running: wait for it, or :Pairwright cancel')
  end
  serial = serial + 1
  local token = 'pairwright-' .. vim.loop.os_getpid() .. '-' .. serial
  local task = { root = root, token = token, label = label }
  running[root] = task
  cost.task_begins(root)
  plan.begin(label)
  params.partialResultToken = token
  task.ticket = client.request(root, method, params, ended(root, task))
  if not task.ticket.is_asked then
    finish(root)
  end
end

--- Run a task: `params` are `RunParams`, `label` is what it is called meanwhile.
function M.run(root, params, label)
  ask(root, 'pairwright/run', params, label)
end

--- Go on with the last task that was stopped.
function M.continue(root)
  ask(root, 'pairwright/continue', {}, 'going on')
end

--- End the task that runs.
function M.cancel(root)
  local task = running[root]
  if not task then
    return client.say('no task is running')
  end
  -- Neovim does not pass the answer to a cancelled request on.
  finish(root)
  client.cancel(task.ticket)
  client.say('cancelled')
end

--- Return what runs in a workspace, in a word or two; nil when nothing does.
function M.step(root)
  local task = running[root]
  return task and (task.step or 'starting')
end

--- The connection has ended, and with it the task.
function M.disconnected(root)
  if running[root] then
    finish(root)
  end
end

return M
