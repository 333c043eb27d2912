"""What do editors hold? Texts of theirs, kept exactly as they mean them, and of ours."""
