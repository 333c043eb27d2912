"""Is this change sound? The gate."""
