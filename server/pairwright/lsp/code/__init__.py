"""What do editors ask about code? Answered from the index, where it is switched on."""
