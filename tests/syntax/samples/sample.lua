-- A queue; ünïcode so that offsets differ from bytes.

local json = require("vendor.json")
local util = require "lib.util"
require("lib.boot")

local M = {}
LIMIT = 3
local first, second <const> = "ö", 2
M.version = "1.0"

--- Adds an item.
-- @param item anything
function M.add(queue, item)
  local size = #queue
  queue[size + 1] = item
  return util.clamp(size, LIMIT)
end

function M:close(reason, ...)
  self.reason = reason
  json.encode(self)
end

local function helper(text)
  for index, value in ipairs(text) do
    print(index, value)
  end
  for n = 1, 10 do M.add(M, n) end
  return text:upper()
end

function main() return helper "é" end

local square = function(x) return x * x end
M.each = function(list, visit) visit(list) end

local handlers = {
  open = function(path) return path end,
  limit = LIMIT,
  ["quoted"] = helper,
}

describe("a queue", function()
  it("adds an item", function() M.add({}, 1) end)
end)

return M
