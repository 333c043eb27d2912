--- Who talks to the daemon? One language client for each workspace, started again when it ends.

local config = require('pairwright.config')

local M = {}

local RESTARTS = 3
local RESTARTS_WITHIN_MS = 60000

-- By root: { id, is_ready, waiting, restarts, is_stopped }.
local sessions = {}
local listeners = { progress = {}, change = {}, cost = {}, ready = {}, gone = {} }

--- Call a function at each `progress`, `change`, `cost` (root, params), `ready` or `gone` (root).
function M.on(what, callback)
  table.insert(listeners[what], callback)
end

local function tell(what, ...)
  for _, callback in ipairs(listeners[what]) do
    callback(...)
  end
end

--- Say one line to the person.
function M.say(message, level)
  vim.notify('Pairwright: ' .. message:gsub('%s*\n%s*', ' '), level or vim.log.levels.INFO)
end

function M.warn(message)
  M.say(message, vim.log.levels.WARN)
end

local function real(path)
  return vim.loop.fs_realpath(path) or path
end

--- Return the root above a path, or nil.
local function marked_root(path)
  local folder = vim.fn.fnamemodify(path, ':h')
  while true do
    for _, marker in ipairs(config.get().root_markers) do
      if vim.loop.fs_stat(folder .. '/' .. marker) then
        return real(folder)
      end
    end
    local above = vim.fn.fnamemodify(folder, ':h')
    if above == folder then
      return nil
    end
    folder = above
  end
end

local function is_file(bufnr)
  return vim.api.nvim_buf_is_loaded(bufnr)
    and vim.bo[bufnr].buftype == ''
    and vim.api.nvim_buf_get_name(bufnr) ~= ''
end

--- Return the workspace of a buffer; of one that is no file, that of the current directory.
function M.root_of(bufnr)
  local home = vim.b[bufnr].pairwright_root
  if home then
    return home
  end
  local name = is_file(bufnr) and vim.api.nvim_buf_get_name(bufnr) or nil
  return name and marked_root(name) or marked_root(vim.fn.getcwd() .. '/x') or real(vim.fn.getcwd())
end

--- Return a buffer's path in its workspace, or nil when it is no file below the root.
function M.path_of(bufnr, root)
  if not is_file(bufnr) then
    return nil
  end
  local name = vim.api.nvim_buf_get_name(bufnr)
  local path = real(vim.fn.fnamemodify(name, ':h')) .. '/' .. vim.fn.fnamemodify(name, ':t')
  if path:sub(1, #root + 1) ~= root .. '/' then
    return nil
  end
  return path:sub(#root + 2)
end

--- Tell whether any workspace is connected or about to be.
function M.is_used()
  return next(sessions) ~= nil
end

--- Write what is put below the last line as put at its end: Neovim 0.11 adds an empty line else.
local function without_line_past_end(bufnr, edit)
  vim.fn.bufload(bufnr)
  local count = vim.api.nvim_buf_line_count(bufnr)
  if edit.range.start.line < count or edit.newText:sub(-1) ~= '\n' then
    return edit
  end
  local last = vim.api.nvim_buf_get_lines(bufnr, count - 1, count, false)[1]
  local _, units = vim.str_utfindex(last)
  local place = { line = count - 1, character = units }
  return { range = { start = place, ['end'] = place }, newText = '\n' .. edit.newText:sub(1, -2) }
end

--- Refuse what Neovim would apply all the same: an edit of a text that is another by now.
local function apply_edit(_, params, ctx)
  local versions = vim.lsp.util.buf_versions or {}
  for _, change in ipairs(params.edit.documentChanges or {}) do
    local document = change.textDocument
    local bufnr = document and vim.uri_to_bufnr(document.uri)
    local known = bufnr and rawget(versions, bufnr)
    if known and type(document.version) == 'number' and document.version ~= known then
      return { applied = false, failureReason = 'the buffer was edited meanwhile' }
    end
    if bufnr and not vim.bo[bufnr].modifiable then
      return { applied = false, failureReason = 'the buffer cannot be modified' }
    end
    if bufnr then
      change.edits = vim.tbl_map(function(edit)
        return without_line_past_end(bufnr, edit)
      end, change.edits)
    end
  end
  local client = vim.lsp.get_client_by_id(ctx.client_id)
  local is_applied, reason =
    pcall(vim.lsp.util.apply_workspace_edit, params.edit, client.offset_encoding)
  return { applied = is_applied, failureReason = not is_applied and tostring(reason) or nil }
end

local function capabilities()
  local declared = vim.lsp.protocol.make_client_capabilities()
  declared.workspace.applyEdit = true
  declared.workspace.workspaceEdit = declared.workspace.workspaceEdit or {}
  declared.workspace.workspaceEdit.documentChanges = true
  declared.general = declared.general or {}
  declared.general.positionEncodings = { 'utf-16' }
  return declared
end

--- Leave questions that a language's own server answers better to that server.
local function without_navigation(client)
  local offered = client.server_capabilities
  for _, name in ipairs({ 'definition', 'references', 'documentSymbol', 'hover' }) do
    offered[name .. 'Provider'] = nil
  end
  local resolved = rawget(client, 'resolved_capabilities')
  for _, name in ipairs({ 'goto_definition', 'find_references', 'document_symbol', 'hover' }) do
    if resolved then
      resolved[name] = false
    end
  end
end

local function attach_all(root, id)
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    if M.path_of(bufnr, root) then
      vim.lsp.buf_attach_client(bufnr, id)
    end
  end
end

local start

local function ended(root, session, code)
  if sessions[root] ~= session then
    return
  end
  local waiting, was_ready = session.waiting, session.is_ready
  sessions[root] = nil
  tell('gone', root)
  for _, request in ipairs(waiting) do
    request({ message = 'the connection to the daemon has ended' })
  end
  if session.is_stopped then
    return
  end
  local now = vim.loop.now()
  local restarts = vim.tbl_filter(function(at)
    return now - at < RESTARTS_WITHIN_MS
  end, session.restarts)
  if not was_ready or #restarts >= RESTARTS then
    local log = vim.lsp.get_log_path()
    M.warn(string.format('no connection to the daemon of %s (exit code %d): see %s', root, code, log))
    return
  end
  table.insert(restarts, now)
  start(root, restarts)
end

local function configuration(root, session)
  local function heard(what)
    return function(_, params)
      tell(what, root, params)
    end
  end
  local function on_progress(err, params, ctx, rest)
    -- The standard handler takes every progress for a work-done one, and stumbles over ours.
    if type(params.token) == 'string' and params.token:match('^pairwright%-') then
      tell('progress', root, params)
    else
      vim.lsp.handlers['$/progress'](err, params, ctx, rest)
    end
  end
  return {
    name = 'pairwright',
    cmd = config.get().cmd,
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
    capabilities = capabilities(),
    handlers = {
      ['$/progress'] = on_progress,
      ['pairwright/change'] = heard('change'),
      ['pairwright/cost'] = heard('cost'),
      ['workspace/applyEdit'] = apply_edit,
    },
    on_init = function(client)
      if not config.get().navigation then
        without_navigation(client)
      end
      vim.schedule(function()
        session.is_ready = true
        local waiting = session.waiting
        session.waiting = {}
        for _, request in ipairs(waiting) do
          request()
        end
        tell('ready', root)
      end)
    end,
    on_exit = function(code)
      vim.schedule(function()
        ended(root, session, code)
      end)
    end,
  }
end

function start(root, restarts)
  local program = config.get().cmd[1]
  if vim.fn.executable(program) ~= 1 then
    M.warn(string.format('%q cannot be found: set `cmd`, see :help pairwright-options', program))
    return nil
  end
  local session = { is_ready = false, waiting = {}, restarts = restarts or {} }
  sessions[root] = session
  local settings = configuration(root, session)
  if vim.fn.has('nvim-0.11') == 1 then
    local never = function()
      return false
    end
    session.id = vim.lsp.start(settings, { reuse_client = never, attach = false })
  else
    session.id = vim.lsp.start_client(settings)
  end
  if not session.id then
    sessions[root] = nil
    return nil
  end
  attach_all(root, session.id)
  return session
end

--- Connect a buffer with the daemon of its workspace, which is started when there is none.
function M.connect(bufnr)
  local root = M.root_of(bufnr)
  local session = sessions[root] or start(root)
  if session and M.path_of(bufnr, root) then
    vim.lsp.buf_attach_client(bufnr, session.id)
  end
  return session and root
end

--- Connect a buffer that was just opened, if it belongs to a workspace.
function M.opened(bufnr)
  if not is_file(bufnr) then
    return
  end
  local root = marked_root(vim.api.nvim_buf_get_name(bufnr))
  if root and (config.get().autostart or sessions[root]) then
    M.connect(bufnr)
  elseif sessions[M.root_of(bufnr)] then
    M.connect(bufnr)
  end
end

local function call(client, name, ...)
  if vim.fn.has('nvim-0.11') == 1 then
    return client[name](client, ...)
  end
  return client[name](...)
end

--- Ask the daemon of a workspace; `callback(err, result)` is called once, with one of the two.
--- Return what `cancel` takes: `is_asked` is true unless no daemon can be reached, and the request
--- has its `id` once it was sent.
function M.request(root, method, params, callback)
  local session = sessions[root] or start(root)
  local ticket = { root = root, is_asked = session ~= nil }
  if not session then
    return ticket
  end
  local function send(err)
    if err then
      return callback(err)
    end
    local client = vim.lsp.get_client_by_id(session.id)
    local handler = function(problem, result)
      callback(problem, result)
    end
    local is_sent, id = false, nil
    if client then
      is_sent, id = call(client, 'request', method, params or vim.empty_dict(), handler)
    end
    if not is_sent then
      return callback({ message = 'the connection to the daemon has ended' })
    end
    ticket.id = id
  end
  if session.is_ready then
    send()
  else
    table.insert(session.waiting, send)
  end
  return ticket
end

--- End a request; its callback may or may not be called after that.
function M.cancel(ticket)
  local session = sessions[ticket.root]
  local client = session and vim.lsp.get_client_by_id(session.id)
  if client and ticket.id then
    call(client, 'cancel_request', ticket.id)
  end
end

--- Let go of every daemon; each goes on as long as others need it.
function M.stop()
  for root, session in pairs(sessions) do
    session.is_stopped = true
    local client = vim.lsp.get_client_by_id(session.id)
    if client then
      call(client, 'stop')
    end
    sessions[root] = nil
    tell('gone', root)
  end
end

return M
