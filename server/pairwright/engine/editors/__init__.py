"""Who has what open? Editors own their documents: they are asked, and never overwritten."""
