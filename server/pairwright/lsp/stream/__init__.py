"""How do messages cross a byte stream? Framing, JSON-RPC, and a bounded way out."""
