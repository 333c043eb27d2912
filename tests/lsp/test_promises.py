"""Which test holds which figure of the protocol's promises? Each named here is there.

The full counts are those of `python -m tests.soak protocol`, `windows` and `consistency`; the tests
named here hold the same at counts that every run of all tests can afford.
"""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

PROMISES = {
    "T1 0 requests unanswered, 0 ends, at most 1 log line of 200 B a message, a hover in 200 ms": (
        "lsp/test_fuzz.py::test_every_request_is_answered_once_whatever_is_sent",
        "lsp/test_fuzz.py::test_the_messages_of_the_model_are_those_of_the_specification",
        "lsp/test_framing.py::test_an_end_anywhere_is_the_end",
        "lsp/test_framing.py::test_whatever_the_bytes_they_are_bodies_an_end_or_no_frame",
    ),
    "T2 before initialize -32002": (
        "lsp/test_lifecycle.py::test_before_initialize_every_request_is_refused",
        "lsp/test_lifecycle.py::test_a_notification_before_initialize_is_dropped",
    ),
    "T2 wrong params -32602": (
        "lsp/test_lifecycle.py::test_wrong_params_are_refused",
        "lsp/test_lifecycle.py::test_wrong_initialize_params_are_named",
        "lsp/test_code_features.py::test_documents_that_cannot_be_asked_about_are_refused",
    ),
    "T2 no JSON -32700 without an id, batches -32600": (
        "lsp/test_lifecycle.py::test_bytes_that_are_no_json_are_answered_and_the_session_goes_on",
        "lsp/test_jsonrpc.py::test_what_is_no_message_is_answered_under_its_id",
    ),
    "T2 after shutdown -32600": (
        "lsp/test_lifecycle.py::test_shutdown_is_answered_with_null_and_ends_all_but_exit",
    ),
    "T2 exit codes 0 and 1": (
        "clients/test_forwarder.py::test_the_exit_code_is_that_of_the_protocol",
    ),
    "T2 headers by case and spacing; lengths that are 0, missing, negative or 10 GB": (
        "lsp/test_framing.py::test_header_variants_are_accepted",
        "lsp/test_framing.py::test_senseless_headers_are_refused",
        "lsp/test_framing.py::test_an_empty_body_is_a_body",
        "lsp/test_lifecycle.py::test_a_broken_frame_is_answered_and_ends_the_session",
        "clients/test_framing.py::test_bare_line_feeds_end_a_header_too",
    ),
    "T2 unknown notifications ignored, unknown requests -32601": (
        "lsp/test_lifecycle.py::test_unknown_notifications_and_answers_are_ignored",
        "lsp/test_lifecycle.py::test_unknown_requests_are_refused",
    ),
    "T2 ids that are words, negative, or twice; cancels of nothing": (
        "lsp/test_lifecycle.py::test_an_answer_bears_the_requests_id",
        "lsp/test_lifecycle.py::test_two_running_requests_may_not_share_an_id",
        "lsp/test_lifecycle.py::test_a_notification_with_an_id_is_refused",
    ),
    "T2 the end of processId ends the session in 5 s, that of the input in 2 s": (
        "lsp/test_parent.py::test_the_session_ends_within_five_seconds_of_its_process",
        "clients/test_forwarder.py::test_an_editors_request_is_answered_by_the_daemon",
    ),
    "T2 a token only while its request is open; begin, reports, end": (
        "lsp/test_tasks.py::test_events_come_before_the_result_under_the_token",
        "lsp/test_progress.py::test_indexing_is_shown_from_begin_to_end",
    ),
    "T2 applyEdit refused, clients without workDoneProgress": (
        "lsp/test_tasks.py::test_an_editor_that_refuses_is_quoted",
        "lsp/test_progress.py::test_a_client_that_cannot_show_it_is_asked_nothing",
    ),
    "T3 0 divergences from an array of units and from VS Code's own document": (
        "lsp/test_sync_oracle.py::test_the_buffer_is_that_of_an_array_of_code_units",
        "lsp/test_sync_oracle.py::test_the_buffer_is_that_of_vs_codes_own_servers",
        "lsp/test_convert.py::test_a_place_inside_a_character_means_its_start",
        "lsp/test_sync.py::test_an_old_version_changes_nothing",
    ),
    "T4 one answer to what is cancelled at any moment, no task left": (
        "lsp/test_fuzz.py::test_a_request_that_is_cancelled_at_any_moment_is_answered_once",
        "engine/test_cancelling.py::test_while_a_model_writes",
        "engine/test_cancelling.py::"
        "test_closing_the_engine_cancels_what_runs_and_settles_the_ledger",
        "llm/test_litellm_provider.py::test_cancelling_closes_the_connection",
        "mcp/test_serving.py::test_what_runs_is_cancelled_when_the_client_goes",
        "lsp/test_lifecycle.py::test_a_client_that_leaves_cancels_its_tasks",
    ),
    "T5 no answer of two versions; the index equals one from nothing": (
        "index/test_consistency.py",
        "index/test_indexer.py::test_after_any_script_the_index_equals_one_built_from_nothing",
        "lsp/test_code_features.py::test_a_place_in_a_text_that_moved_on_is_stale_or_right",
    ),
    "T11 windows share index, wallet and journal; 0 cross-talk": (
        "lsp/test_windows.py::test_requests_of_two_windows_under_one_id_are_kept_apart",
        "lsp/test_windows.py::test_each_window_has_buffers_and_versions_of_its_own",
        "lsp/test_windows.py::test_windows_share_wallet_and_journal_and_run_tasks_of_their_own",
        "engine/test_editor_documents.py::"
        "test_two_editors_each_change_what_they_have_open_or_neither_does",
    ),
    "T30 0 tracebacks, 0 paths outside, each bug with a number that the log has": (
        "lsp/test_fuzz.py::test_every_request_is_answered_once_whatever_is_sent",
        "lsp/test_tasks.py::test_a_bug_shows_a_number_and_the_log_has_the_rest",
    ),
    "the event loop is never held for over 50 ms": (
        "conftest.py::free_event_loop",
        "support/test_loop_lag.py::test_a_step_that_computes_is_told_by_its_name",
    ),
    "the forwarder takes under 150 ms of its own": (
        "clients/test_forwarder.py::test_it_takes_little_time_of_its_own",
    ),
    "token TCP: an editor served by the file alone": (
        "e2e/test_loopback.py::test_an_editor_reaches_a_daemon_by_its_file",
        "daemon/test_tcp.py::test_a_client_gets_in_by_the_file_alone",
    ),
    "a problem counts as fixed when who reported it reports it no more": (
        "checks/test_mending.py::test_what_is_reported_where_its_lines_are_now_is_still_there",
        "checks/test_mending.py::test_what_nobody_reports_is_unknown_and_not_gone",
        "engine/test_intents.py::test_a_fix_that_never_takes_the_problem_away_is_not_called_one",
        "engine/test_fixing_all.py::test_a_place_that_nobody_could_look_at_again_is_not_called_mended",
    ),
    "F1 nothing for a web page": (
        "lsp/test_lifecycle.py::test_a_foreign_protocol_is_dropped_without_a_word",
        "daemon/test_tcp.py::test_without_it_nothing_is_said",
    ),
}


@pytest.mark.parametrize("promise", PROMISES)
def test_what_is_promised_is_tested(promise: str) -> None:
    for named in PROMISES[promise]:
        path, _, test = named.partition("::")
        text = (TESTS / path).read_text("utf-8")
        assert not test or re.search(rf"def {test}\(", text), named
