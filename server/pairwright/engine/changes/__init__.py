"""How does a change become files? Proposed, reviewed, decided, written, taken back."""
