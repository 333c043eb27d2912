"""The facade: every face's requests, in no face's protocol."""
