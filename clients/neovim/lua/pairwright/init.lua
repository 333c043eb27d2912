--- What does a user's configuration call? `setup`, `status`, and the keys' actions.

local client = require('pairwright.client')
local commands = require('pairwright.commands')
local config = require('pairwright.config')
local cost = require('pairwright.cost')
local deciding = require('pairwright.deciding')
local review = require('pairwright.review')
local run = require('pairwright.run')

local M = vim.tbl_extend('error', {}, deciding)

local HIGHLIGHTS = {
  PairwrightAdded = 'DiffAdd',
  PairwrightRemoved = 'DiffDelete',
  PairwrightProvisional = 'Comment',
  PairwrightNote = 'Comment',
  PairwrightTitle = 'Title',
}

local is_listening = false

local function listen()
  if is_listening then
    return
  end
  is_listening = true
  client.on('progress', run.heard)
  client.on('cost', cost.heard)
  client.on('change', review.noticed)
  client.on('ready', review.connected)
  client.on('gone', run.disconnected)
  client.on('gone', review.disconnected)
end

local function watch()
  local group = vim.api.nvim_create_augroup('pairwright', { clear = true })
  local function on(events, callback)
    vim.api.nvim_create_autocmd(events, {
      group = group,
      callback = function(event)
        callback(event.buf)
      end,
    })
  end
  on({ 'BufReadPost', 'BufNewFile', 'BufFilePost' }, function(bufnr)
    client.opened(bufnr)
    review.opened(bufnr)
  end)
  on({ 'TextChanged', 'InsertLeave' }, review.typed)
  on('VimLeavePre', client.stop)
end

--- Make `:Pairwright` and connect what is open. `options` are those of :help pairwright-options.
function M.setup(options)
  config.set(options)
  for group, link in pairs(HIGHLIGHTS) do
    vim.api.nvim_set_hl(0, group, { link = link, default = true })
  end
  listen()
  watch()
  vim.api.nvim_create_user_command('Pairwright', commands.execute, {
    nargs = '+',
    range = true,
    complete = commands.complete,
    desc = 'Have code planned, edited and reviewed',
  })
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    client.opened(bufnr)
  end
end

--- Return what to show in the statusline: what runs, what waits for a decision, what it costs.
function M.status()
  if not client.is_used() then
    return ''
  end
  local root = client.root_of(vim.api.nvim_get_current_buf())
  local parts = {}
  local step, waiting, stuck = run.step(root), #review.queue(root), #review.conflicts(root)
  if step then
    table.insert(parts, step .. '…')
  end
  if waiting > 0 then
    table.insert(parts, waiting == 1 and '1 hunk' or waiting .. ' hunks')
  end
  if stuck > 0 then
    table.insert(parts, stuck == 1 and '1 conflict' or stuck .. ' conflicts')
  end
  local line = cost.line(root)
  if line ~= '' then
    table.insert(parts, line)
  end
  return table.concat(parts, ' · ')
end

return M
