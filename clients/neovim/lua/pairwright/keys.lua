--- Which keys decide about hunks? Those of the settings, in a buffer, and only as long as needed.

local config = require('pairwright.config')

local M = {}

-- By buffer: what the keys did before, by key.
local replaced = {}

local function buffer_mapping(bufnr, key)
  return vim.api.nvim_buf_call(bufnr, function()
    local found = vim.fn.maparg(key, 'n', false, true)
    return found.buffer == 1 and found or nil
  end)
end

local function put_back(bufnr, key, mapping)
  vim.api.nvim_buf_set_keymap(bufnr, 'n', key, mapping.rhs or '', {
    callback = mapping.callback,
    desc = mapping.desc,
    expr = mapping.expr == 1,
    noremap = mapping.noremap == 1,
    nowait = mapping.nowait == 1,
    script = mapping.script == 1,
    silent = mapping.silent == 1,
  })
end

--- Bind the keys; `actions` has a function for each name in the settings' `keys`.
function M.bind(bufnr, actions)
  if replaced[bufnr] then
    return
  end
  replaced[bufnr] = {}
  for name, key in pairs(config.get().keys) do
    if key and actions[name] then
      replaced[bufnr][key] = buffer_mapping(bufnr, key) or false
      local description = 'Pairwright: ' .. name:gsub('_', ' ')
      vim.keymap.set('n', key, actions[name], { buffer = bufnr, desc = description })
    end
  end
end

--- Give the keys back.
function M.release(bufnr)
  local before = replaced[bufnr]
  replaced[bufnr] = nil
  if not before or not vim.api.nvim_buf_is_valid(bufnr) then
    return
  end
  for key, mapping in pairs(before) do
    pcall(vim.keymap.del, 'n', key, { buffer = bufnr })
    if mapping then
      put_back(bufnr, key, mapping)
    end
  end
end

return M
