"""How is a change decided in an editor that has no extension of ours?"""
