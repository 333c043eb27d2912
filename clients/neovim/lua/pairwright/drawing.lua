--- How does a hunk look in a buffer that it does not touch? Marks on old lines, virtual new lines.

local M = {}

local NAMESPACE = vim.api.nvim_create_namespace('pairwright')

-- By buffer: a list of { id = mark, hunk = HunkView }.
local drawn = {}

local function virtual(lines, group)
  return vim.tbl_map(function(line)
    return { { line == '' and ' ' or line, group } }
  end, lines)
end

--- Return the row to which the new lines are hung, and whether above it.
local function anchor(hunk, count)
  local below = hunk.oldStart + #hunk.oldLines - 1
  if below < 0 then
    return 0, true
  end
  return math.min(below, count - 1), false
end

local function without_ends(lines)
  return vim.tbl_map(function(line)
    return (line:gsub('\r?\n$', ''))
  end, lines)
end

local function draw(bufnr, hunk, note, group)
  local count = vim.api.nvim_buf_line_count(bufnr)
  local row, is_above = anchor(hunk, count)
  local first = math.min(hunk.oldStart, row)
  for removed = hunk.oldStart, math.min(hunk.oldStart + #hunk.oldLines, count) - 1 do
    vim.api.nvim_buf_set_extmark(bufnr, NAMESPACE, removed, 0, {
      end_row = removed + 1,
      hl_group = 'PairwrightRemoved',
      hl_eol = true,
      sign_text = '-',
      sign_hl_group = 'PairwrightRemoved',
    })
  end
  vim.api.nvim_buf_set_extmark(bufnr, NAMESPACE, row, 0, {
    virt_lines = virtual(without_ends(hunk.newLines), group),
    virt_lines_above = is_above,
  })
  local id = vim.api.nvim_buf_set_extmark(bufnr, NAMESPACE, first, 0, {
    end_row = row,
    virt_text = { { note, 'PairwrightNote' } },
  })
  table.insert(drawn[bufnr], { id = id, hunk = hunk })
end

function M.clear(bufnr)
  drawn[bufnr] = nil
  if vim.api.nvim_buf_is_valid(bufnr) then
    vim.api.nvim_buf_clear_namespace(bufnr, NAMESPACE, 0, -1)
  end
end

--- Show hunks that wait for a decision; `note(hunk)` is what is said beside each.
function M.pending(bufnr, hunks, note)
  M.clear(bufnr)
  drawn[bufnr] = {}
  for _, hunk in ipairs(hunks) do
    draw(bufnr, hunk, note(hunk), 'PairwrightAdded')
  end
end

--- Show one more hunk of an attempt that is being written.
function M.provisional(bufnr, hunk)
  drawn[bufnr] = drawn[bufnr] or {}
  draw(bufnr, hunk, '  being written', 'PairwrightProvisional')
end

--- Return where a drawn hunk is now: { hunk, first, last }, rows from zero; in their order.
function M.places(bufnr)
  local places = {}
  for _, each in ipairs(drawn[bufnr] or {}) do
    local found = vim.api.nvim_buf_get_extmark_by_id(bufnr, NAMESPACE, each.id, { details = true })
    if #found > 0 then
      table.insert(places, { hunk = each.hunk, first = found[1], last = found[3].end_row or found[1] })
    end
  end
  return places
end

--- Return the hunk at a row, or nil.
function M.at(bufnr, row)
  local beside
  for _, place in ipairs(M.places(bufnr)) do
    if place.first <= row and row <= place.last then
      return place.hunk
    elseif row == place.last + 1 then
      beside = beside or place.hunk
    end
  end
  return beside
end

return M
