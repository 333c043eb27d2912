"""What is known of plans? Kept, checked and told; they are made by tasks."""
