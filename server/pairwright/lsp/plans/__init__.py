"""How is a plan edited and followed in an editor? As a document with lenses."""
