"""Does the index hold for long, under storms and against hostile files? Each is a command."""
