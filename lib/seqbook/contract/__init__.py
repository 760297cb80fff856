"""The contract: for every layer, four ways to the same gradient.

The hand-written gradient is compared with the central finite difference, with autograd through our PyTorch module and
with autograd through PyTorch's own module: in float64, on random parameters (biases included), states and cotangents,
with ragged unsorted lengths, garbage in the padding, and sizes that all differ. Our module gets the layer's parameters
by `load_state_dict(strict=True)`, so names and shapes are compared as well.

    >>> from seqbook.contract import error_table
    >>> error_table()

A new layer is one class in each package and one line in `cases.CASES`.
"""

from seqbook.contract.arguments import arguments
from seqbook.contract.cases import CASES, Case
from seqbook.contract.measure import (
    EXACT_TOLERANCE, FINITE_DIFFERENCE_TOLERANCE, Errors, choose, finite_difference, measure,
)
from seqbook.contract.table import ErrorTable, error_table

__all__ = [
    "CASES", "EXACT_TOLERANCE", "FINITE_DIFFERENCE_TOLERANCE", "Case", "ErrorTable", "Errors", "arguments", "choose",
    "error_table", "finite_difference", "measure",
]
