"""Which representation of a data set is enough: those with the wanted invariances, tried on one target."""

from tools.descriptors.choosing.choosing import choose
from tools.descriptors.choosing.schema import Choice, Trial
from tools.descriptors.choosing.table import Data, read_table

__all__ = ["Choice", "Data", "Trial", "choose", "read_table"]
