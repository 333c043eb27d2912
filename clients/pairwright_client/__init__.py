"""The light clients: find or start the daemon, speak to it, show what it says."""
