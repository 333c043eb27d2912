"""In which order are packages installed?"""


def install_order(needs):
    """Return the packages so that each comes after what it needs.

    `needs` maps each package to the packages that it needs.
    """
    order = []
    while len(order) < len(needs):
        before = len(order)
        for package, needed in needs.items():
            if package not in order and all(each in order for each in needed):
                order.append(package)
        if len(order) == before:
            raise ValueError("circle")
    return order
