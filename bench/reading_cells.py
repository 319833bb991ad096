"""x"""


def add_options(t):
    pass


def measure(a):
    pass
