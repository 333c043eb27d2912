"""How is a database of ours kept?"""
