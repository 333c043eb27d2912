"""What do the files say? Questions that cost nothing and are answered at once."""
