--- Where is text shown that is no file? In one floating window, below to the right.

local config = require('pairwright.config')

local M = {}

local NAMESPACE = vim.api.nvim_create_namespace('pairwright-float')
local shown = {}

local function is_open()
  return shown.window and vim.api.nvim_win_is_valid(shown.window)
end

function M.close()
  if is_open() then
    vim.api.nvim_win_close(shown.window, true)
  end
  shown = {}
end

--- Whether the person works in the window.
function M.is_entered()
  return is_open() and vim.api.nvim_get_current_win() == shown.window
end

--- Return the lines that are shown; none when the window is closed.
function M.lines()
  return is_open() and vim.api.nvim_buf_get_lines(shown.buffer, 0, -1, false) or {}
end

local function put(lines)
  vim.bo[shown.buffer].modifiable = true
  vim.api.nvim_buf_set_lines(shown.buffer, 0, -1, false, lines)
  vim.bo[shown.buffer].modifiable = false
  if not M.is_entered() then
    vim.api.nvim_win_call(shown.window, function()
      vim.cmd('normal! Gzb')
    end)
  end
end

local function geometry(lines)
  local part = config.get().float
  local width = math.max(40, math.floor(vim.o.columns * part.width))
  local most = math.max(3, math.floor(vim.o.lines * part.height))
  width = math.min(width, vim.o.columns - 2)
  local rows = 0
  for _, line in ipairs(lines) do
    rows = rows + math.max(1, math.ceil(vim.fn.strdisplaywidth(line) / width))
  end
  return {
    relative = 'editor',
    anchor = 'SE',
    row = vim.o.lines - vim.o.cmdheight - 1,
    col = vim.o.columns,
    width = width,
    height = math.max(1, math.min(rows, most)),
  }
end

--- Show lines; `options` are `title`, `filetype` and `enter`, whether the cursor goes there.
function M.show(lines, options)
  lines = options.title and vim.list_extend({ options.title }, lines) or lines
  if is_open() then
    vim.api.nvim_win_set_config(shown.window, geometry(lines))
  else
    shown.buffer = vim.api.nvim_create_buf(false, true)
    vim.bo[shown.buffer].bufhidden = 'wipe'
    local place = vim.tbl_extend('error', geometry(lines), { style = 'minimal', border = 'single' })
    place.noautocmd = not options.enter
    shown.window = vim.api.nvim_open_win(shown.buffer, options.enter or false, place)
    vim.wo[shown.window].wrap = true
    vim.wo[shown.window].linebreak = true
    vim.keymap.set('n', 'q', M.close, { buffer = shown.buffer, nowait = true })
  end
  if options.filetype then
    vim.bo[shown.buffer].filetype = options.filetype
  end
  put(lines)
  if options.enter then
    vim.api.nvim_set_current_win(shown.window)
    vim.api.nvim_win_set_cursor(shown.window, { 1, 0 })
  end
  if options.title then
    local mark = { end_col = #lines[1], hl_group = 'PairwrightTitle' }
    vim.api.nvim_buf_set_extmark(shown.buffer, NAMESPACE, 0, 0, mark)
  end
end

return M
