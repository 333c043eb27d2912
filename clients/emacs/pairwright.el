;;; pairwright.el --- Plan, edit and review with Pairwright through eglot -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0
;; Package-Requires: ((emacs "28.1") (eglot "1.9"))

;;; Commentary:

;; Run with Emacs 28.2 and eglot 1.9 (`tests/e2e/test_emacs.py').
;;
;;   (load "/path/to/pairwright/clients/emacs/pairwright.el")
;;
;; `M-x pairwright-connect' makes Pairwright the language server of the buffer's mode in this
;; project.  Eglot has one server for a mode: `M-x eglot' brings the usual one back.
;;
;; `M-x pairwright-edit' asks for an instruction and has it done on the region; the proposal comes
;; up as a diff.  There `k' keeps the hunk at point, `d' discards it (with `C-u', and a remark),
;; `K' keeps all, `D' discards all.  `M-x pairwright-undo' takes the last change back.
;;
;; What is kept is applied to the buffers that are open, and asked about as in
;; `eglot-confirm-server-initiated-edits'.

;;; Code:

(require 'diff-mode)
(require 'eglot)
(require 'jsonrpc)
(require 'subr-x)

(defgroup pairwright nil "Plan, edit and review with Pairwright." :group 'tools)

(defcustom pairwright-command '("pairwright" "lsp")
  "What speaks LSP on its standard input and output."
  :type '(repeat string))

(defvar pairwright-cost nil
  "The latest `pairwright/cost' notification, a property list; for `mode-line-format'.")

(defvar pairwright--is-running nil "Whether a task is under way that was asked for here.")

(defclass pairwright-server (eglot-lsp-server) ()
  :documentation "A daemon that also speaks methods of its own.")

(cl-defmethod eglot-handle-notification
  ((_server pairwright-server) (_method (eql pairwright/cost)) &rest notice)
  "Remember NOTICE, the running cost."
  (setq pairwright-cost notice)
  (force-mode-line-update t))

(cl-defmethod eglot-handle-notification
  ((_server pairwright-server) (_method (eql pairwright/change))
   &key proposer label pending &allow-other-keys)
  "Say that PROPOSER proposes a change called LABEL, while hunks of it are PENDING."
  (unless (or (zerop pending) pairwright--is-running)
    (message "%s proposes %s: M-x pairwright-review" proposer label)))

(cl-defmethod eglot-handle-notification
  ((_server pairwright-server) (_method (eql $/progress)) &key value &allow-other-keys)
  "Say which step of a task begins, by the event VALUE."
  (when (equal (plist-get value :kind) "stepStarted")
    (message "Pairwright: %s model: %s" (plist-get value :tier) (plist-get value :step))))

(cl-defmethod eglot-handle-request
  ((server pairwright-server) (_method (eql workspace/applyEdit)) &key &allow-other-keys)
  "Apply an edit, and tell SERVER the texts before it is told that they are as it wants."
  (prog1 (cl-call-next-method)
    (dolist (buffer (eglot--managed-buffers server))
      (with-current-buffer buffer (eglot--signal-textDocument/didChange)))))

(defvar-local pairwright--server nil "The server that a diff is of.")
(defvar-local pairwright--task nil "The task that a diff is of.")

;;;###autoload
(defun pairwright-connect ()
  "Make Pairwright the language server of this buffer's mode in this project."
  (interactive)
  (when-let ((current (eglot-current-server))) (eglot-shutdown current))
  (eglot (list major-mode) (eglot--current-project) 'pairwright-server pairwright-command
         (downcase (string-remove-suffix "-mode" (symbol-name major-mode)))))

(defun pairwright--server ()
  "Return the server of this buffer, or say how to get one."
  (let ((server (or pairwright--server (eglot-current-server))))
    (unless (object-of-class-p server 'pairwright-server)
      (user-error "Not connected: M-x pairwright-connect"))
    server))

(defun pairwright--run-params (instruction)
  "Return the parameters of a task: INSTRUCTION, on the region or the whole file."
  (let* ((root (file-name-as-directory (file-truename (project-root (eglot--current-project)))))
         (file (file-relative-name (file-truename buffer-file-name) root))
         (params (list :instruction instruction :file file
                       :partialResultToken (format "pairwright-%d" (random 1000000)))))
    (if (not (use-region-p)) params
      (append params
              (list :firstLine (1- (line-number-at-pos (region-beginning) t))
                    :lastLine (1- (line-number-at-pos (max (point-min) (1- (region-end))) t)))))))

;;;###autoload
(defun pairwright-edit (instruction)
  "Have INSTRUCTION done on the region, or on the file, and show what is proposed."
  (interactive "sPairwright: ")
  (let ((server (pairwright--server)))
    (eglot--signal-textDocument/didChange)
    (setq pairwright--is-running t)
    (jsonrpc-async-request
     server :pairwright/run (pairwright--run-params instruction)
     :timeout 3600
     :success-fn (lambda (result)
                   (setq pairwright--is-running nil)
                   (message "Pairwright: %s" (plist-get result :message))
                   (when (equal (plist-get result :state) "review")
                     (pairwright--show server (plist-get result :taskId))))
     :error-fn (lambda (problem)
                 (setq pairwright--is-running nil)
                 (message "Pairwright: %s" (plist-get problem :message))))))

;;;###autoload
(defun pairwright-review ()
  "Show the oldest change that waits for a decision, whoever proposed it."
  (interactive)
  (let* ((server (pairwright--server))
         (changes (plist-get (jsonrpc-request server :pairwright/changes eglot--{}) :changes)))
    (if (seq-empty-p changes)
        (message "Nothing waits for a decision")
      (pairwright--show server (plist-get (elt changes 0) :taskId)))))

;;;###autoload
(defun pairwright-undo ()
  "Take back the last change that was kept."
  (interactive)
  (let ((result (jsonrpc-request (pairwright--server) :pairwright/undo eglot--{})))
    (message "Took back: %s" (plist-get result :label))))

(defvar pairwright-review-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map "k" #'pairwright-keep)
    (define-key map "d" #'pairwright-discard)
    (define-key map "K" #'pairwright-keep-all)
    (define-key map "D" #'pairwright-discard-all)
    (define-key map "n" #'diff-hunk-next)
    (define-key map "p" #'diff-hunk-prev)
    (define-key map "q" #'quit-window)
    map))

(define-derived-mode pairwright-review-mode diff-mode "Pairwright"
  "Decide about proposed hunks: `k' keeps one, `d' discards it, `K' and `D' all."
  (setq buffer-read-only t)
  ;; Diff mode's own keys for read-only buffers would come first.
  (setq-local minor-mode-overriding-map-alist
              (list (cons 'buffer-read-only pairwright-review-mode-map))))

(defun pairwright--show (server task)
  "Show what of TASK waits for a decision, as SERVER has it; close its diff when nothing does."
  (let* ((view (jsonrpc-request server :pairwright/change (list :taskId task)))
         (hunks (append (plist-get view :pending) nil))
         (buffer (get-buffer-create (format "*pairwright %s*" task))))
    (if (null hunks)
        (let ((window (get-buffer-window buffer)))
          (if window (quit-window t window) (kill-buffer buffer)))
      (with-current-buffer buffer
        (pairwright-review-mode)
        (setq pairwright--server server pairwright--task task)
        (let ((inhibit-read-only t))
          (erase-buffer)
          (dolist (hunk hunks)
            (insert (propertize (plist-get hunk :unified) 'pairwright-hunk hunk))))
        (goto-char (point-min)))
      (display-buffer buffer))))

(defun pairwright--hunk ()
  "Return the hunk at point."
  (or (get-text-property (min (point) (1- (point-max))) 'pairwright-hunk)
      (user-error "No hunk here")))

(defun pairwright--accept (hunks)
  "Keep HUNKS; a file that builds, tests or assistants obey needs a yes to its name."
  (let* ((risky (seq-filter (lambda (hunk) (eq t (plist-get hunk :needsApproval))) hunks))
         (paths (seq-uniq (mapcar (lambda (hunk) (plist-get hunk :path)) risky))))
    (dolist (path paths)
      (unless (yes-or-no-p (format "%s: builds, tests or assistants obey this.  Write it? " path))
        (user-error "Nothing is kept")))
    (jsonrpc-request pairwright--server :pairwright/accept
                     (list :taskId pairwright--task
                           :hunkIds (vconcat (mapcar (lambda (each) (plist-get each :hunkId)) hunks))
                           :approvedPaths (vconcat paths)))
    (pairwright--show pairwright--server pairwright--task)))

(defun pairwright-keep ()
  "Keep the hunk at point."
  (interactive)
  (pairwright--accept (list (pairwright--hunk))))

(defun pairwright-keep-all ()
  "Keep every hunk that is shown."
  (interactive)
  (let (hunks)
    (save-excursion
      (goto-char (point-min))
      (while (not (eobp))
        (push (pairwright--hunk) hunks)
        (goto-char (next-single-property-change (point) 'pairwright-hunk nil (point-max)))))
    (pairwright--accept (nreverse hunks))))

(defun pairwright-discard (remark)
  "Discard the hunk at point; with a prefix argument, for a reason: REMARK."
  (interactive (list (if current-prefix-arg (read-string "Discard, because: ") "")))
  (jsonrpc-request pairwright--server :pairwright/reject
                   (list :taskId pairwright--task
                         :hunkIds (vector (plist-get (pairwright--hunk) :hunkId))
                         :remark remark))
  (pairwright--show pairwright--server pairwright--task))

(defun pairwright-discard-all ()
  "Discard every hunk that waits."
  (interactive)
  (jsonrpc-request pairwright--server :pairwright/reject (list :taskId pairwright--task))
  (pairwright--show pairwright--server pairwright--task))

(provide 'pairwright)
;;; pairwright.el ends here
